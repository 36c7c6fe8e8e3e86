"""Caucuses, regions and their pages, for anybody."""

from flask import Blueprint, Response, make_response, render_template
from flask.typing import ResponseReturnValue

from caucusmail import clock
from caucusmail.announcements import queries as announcements
from caucusmail.directory import browsing, windows
from caucusmail.directory.browsing import Group
from caucusmail.directory.lifecycle import Nature
from caucusmail.directory.models import Caucus, Family
from caucusmail.errors import NotFound
from caucusmail.languages import _
from caucusmail.meetings import queries as meetings
from caucusmail.web import asked, guards, reader
from caucusmail.web.directory import contact as questions
from caucusmail.web.directory import wording

bp = Blueprint("directory", __name__)


def known(slug: str) -> Group:
    """The group with this short name.

    :raises NotFound: there is none.
    """
    group = browsing.group(slug)
    if group is None:
        raise NotFound(_("There is no caucus, team or network with the address “%(slug)s”.", slug=slug[:60]))
    return group


def page(group: Group, status: int = 200, refusal: str = "") -> Response:
    """The page of one group; ``refusal`` stands at its top, for those who tried what it does not do (409)."""
    caucus, viewer = group.caucus, reader.viewer()
    return make_response(
        render_template(
            "directory/caucus.html",
            group=group,
            caucus=caucus,
            refusal=refusal,
            wording=wording,
            review=windows.review(clock.now()),
            coordinators=browsing.coordinators(caucus),
            interest=browsing.interest(caucus) if group.nature is Nature.GATHERING else None,
            last_year=announcements.last_year([caucus.id]).get(caucus.id, 0),
            shelf=(shelf := announcements.shelf(caucus.id, viewer, min(max(asked.number("page") or 1, 1), 1000))),
            subjects=announcements.subjects(shelf.announcements),
            meetings=meetings.of_caucus(caucus, viewer, 6),
        ),
        status,
    )


@bp.get("/caucuses")
@guards.anyone
def caucuses() -> ResponseReturnValue:
    """All groups, by family."""
    return render_template("directory/caucuses.html", families=browsing.by_family(), wording=wording)


@bp.get("/caucuses/<slug>")
@guards.anyone
def caucus(slug: str) -> ResponseReturnValue:
    """One group: who it is for, who keeps it, what it sends, how one gets in."""
    return page(known(slug))


@bp.get("/caucuses/<slug>/contact")
@bp.post("/caucuses/<slug>/contact")
@guards.anyone
def contact(slug: str) -> ResponseReturnValue:
    """Write to those who keep it."""
    return questions.answer(known(slug))


@bp.get("/caucuses/<slug>/contact/thanks")
@guards.anyone
def thanks(slug: str) -> ResponseReturnValue:
    """After the question was sent."""
    return questions.thanks(known(slug))


@bp.get("/regions")
@guards.anyone
def regions() -> ResponseReturnValue:
    """The five regions, as a map and in words."""
    return render_template("directory/regions.html", places=browsing.places(), wording=wording)


@bp.get("/regions/<slug>")
@guards.anyone
def region(slug: str) -> ResponseReturnValue:
    """One region: its network, its national coalitions, its countries."""
    places = browsing.places()
    place = next((one for one in places if one.region.slug == slug), None)
    if place is None:
        raise NotFound(_("There is no region with the address “%(slug)s”.", slug=slug[:60]))
    return render_template(
        "directory/region.html",
        place=place,
        places=places,
        families=browsing.by_family(Caucus.region_id == place.region.id),
        countries=browsing.countries(place.region),
        wording=wording,
        Family=Family,
    )
