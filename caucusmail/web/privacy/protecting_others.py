"""Protect somebody else: an organisation's own administrator at once; who keeps a caucus with a second person's yes."""

from flask import Blueprint, abort, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from caucusmail.directory import organisations, queries
from caucusmail.directory.models import Affiliation, Representative
from caucusmail.errors import NotFound
from caucusmail.languages import _
from caucusmail.privacy import asking
from caucusmail.web import guards, old_links, reader
from caucusmail.web.directory import desk
from caucusmail.web.notices import tell
from caucusmail.web.privacy import protection

bp = Blueprint("protecting_others", __name__)
old_links.keep_to_oneself(bp)


def _representative(ngo_id: int, representative_id: int) -> Representative:
    """Somebody of the viewer's own organisation, who is not protected yet.

    :raises NotFound: there is none such.
    """
    one = organisations.representative(reader.viewer(), ngo_id, representative_id)
    if one.person.shelter is not None:
        raise NotFound
    _not_oneself(one.person_id)
    return one


def _not_oneself(person_id: int) -> None:
    """Who means themselves is led to their own page for it."""
    if person_id == desk.me().id:
        abort(redirect(url_for("protection.ask", token=""), 303))


@bp.get("/organisations/<int:ngo_id>/people/<int:representative_id>/protect")
@guards.ngo_admin
def colleague(ngo_id: int, representative_id: int) -> ResponseReturnValue:
    """What it does, and the button."""
    one = _representative(ngo_id, representative_id)
    return render_template("privacy/protect_colleague.html", one=one)


@bp.post("/organisations/<int:ngo_id>/people/<int:representative_id>/protect")
@guards.ngo_admin
def protect_colleague(ngo_id: int, representative_id: int) -> ResponseReturnValue:
    """Do it at once."""
    one = _representative(ngo_id, representative_id)
    made = asking.at_once(one, by=desk.me())
    return redirect(protection.receipt_url(made), 303)


def _member(slug: str, affiliation_id: int) -> Affiliation:
    place = asking.member(reader.viewer(), queries.caucus(slug), affiliation_id)
    _not_oneself(place.person_id)
    return place


@bp.get("/caucuses/<slug>/members/<int:affiliation_id>/protect")
@guards.keeper
def member(slug: str, affiliation_id: int) -> ResponseReturnValue:
    """What it does, and the button that asks a second person; where somebody has asked already, the way to agree."""
    place = _member(slug, affiliation_id)
    if asking.waiting(place) is not None:
        return redirect(url_for("protecting_others.seconds"), 303)
    return render_template("privacy/protect_member.html", place=place, hours=_hours())


def _hours() -> int:
    return int(asking.GOOD_FOR.total_seconds() // 3600)


@bp.post("/caucuses/<slug>/members/<int:affiliation_id>/protect")
@guards.keeper
def ask_for_member(slug: str, affiliation_id: int) -> ResponseReturnValue:
    """Ask a second person."""
    place = _member(slug, affiliation_id)
    made = asking.ask(place, by=desk.me())
    tell(
        _("It is asked for. As soon as one of those we wrote to agrees, it is done."),
        url_for("protecting_others.no", asking_id=made.id),
    )
    return redirect(url_for("protecting_others.seconds"), 303)


@bp.get("/second-person")
@guards.keeper
def seconds() -> ResponseReturnValue:
    """What waits for a second person's yes."""
    asked = asking.for_second(reader.viewer())
    return render_template("privacy/second_person.html", asked=asked, me=desk.me(), hours=_hours())


@bp.post("/second-person/<int:asking_id>/yes")
@guards.keeper
def yes(asking_id: int) -> ResponseReturnValue:
    """Agree: it is done now."""
    made = asking.agree(asking.one(reader.viewer(), asking_id), by=desk.me())
    return redirect(protection.receipt_url(made), 303)


@bp.post("/second-person/<int:asking_id>/no")
@guards.keeper
def no(asking_id: int) -> ResponseReturnValue:
    """Say no; or take back what one has asked."""
    asking.decline(asking.one(reader.viewer(), asking_id), by=desk.me())
    tell(_("Nothing is done. Whoever asked is told."))
    return redirect(url_for("protecting_others.seconds"), 303)
