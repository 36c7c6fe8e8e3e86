"""A person's own page, by the link at the foot of every letter or signed in: what they are in, who sees it, what comes."""

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

from caucusmail import clock
from caucusmail.directory import absences, choices, hand_overs, organisations, pseudonyms, visibility, vouching, windows
from caucusmail.groups import laying_down, queries
from caucusmail.groups.queries import Standing
from caucusmail.mail import addresses
from caucusmail.privacy import asking, erasing, protecting
from caucusmail.web import guards, old_links, reader
from caucusmail.web.groups import door, wording

bp = Blueprint("my", __name__)
old_links.keep_to_oneself(bp)


def _page(token: str) -> ResponseReturnValue:
    came = door.enter(token)
    places = queries.places(came.person)
    handing = [] if token else hand_overs.of_person(came.person)
    return render_template(
        "groups/my.html",
        door=came,
        wording=wording,
        person=came.person,
        address=addresses.masked(came.person.address) if token else came.person.address,
        places=places,
        review=windows.review(clock.now()) if any(place.standing is Standing.WAITING for place in places) else None,
        seen={place.caucus.id: visibility.shown_to_members(place.affiliation) for place in places},
        pseudonyms={} if token else pseudonyms.of_person(came.person),
        former=queries.left_lately(came.person),
        erasure=None if token else erasing.waiting(came.person),
        handing=handing,
        away=absences.ahead(handing),
        standing_in=[] if token else absences.taken_on(came.person),
        organisations=[] if token else organisations.administered(reader.viewer()),
        vouching=[] if token else vouching.for_voucher(reader.viewer()),
        protected=protecting.open_for(came.person),
        seconds=[] if token else asking.for_second(reader.viewer()),
        kept=[] if token or not reader.viewer().keeps else choices.kept(reader.viewer()),
    )


@bp.get("/my/<token>")
@guards.token
def page(token: str) -> ResponseReturnValue:
    """By the link in a letter."""
    return _page(token)


@bp.get("/me")
@guards.signed_in
def me() -> ResponseReturnValue:
    """Signed in."""
    return _page("")


@door.own(bp, "/leave/<slug>", "GET")
def leave(token: str, slug: str) -> ResponseReturnValue:
    """The first of two taps: what leaving this caucus means."""
    came = door.enter(token)
    place = came.place(slug)
    others = [other for other in queries.places(came.person) if other.caucus.id != place.caucus.id]
    return render_template("groups/leave.html", door=came, leaving=[place], others=others, everything=False)


@door.own(bp, "/leave", "GET")
def leave_all(token: str) -> ResponseReturnValue:
    """The first of two taps: what leaving everything means."""
    came = door.enter(token)
    places = queries.places(came.person)
    return render_template(
        "groups/leave.html",
        door=came,
        leaving=places,
        others=[],
        everything=True,
        vacancies=laying_down.of(came.person),
    )
