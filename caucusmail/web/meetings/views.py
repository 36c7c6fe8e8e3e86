"""Coming meetings; one meeting with its clocks and changes; its entry for a calendar."""

from typing import Any

from flask import Blueprint, Response, make_response, render_template
from flask.typing import ResponseReturnValue

from caucusmail import clock, links
from caucusmail.announcements import held_reminders
from caucusmail.directory.visibility import Viewer
from caucusmail.errors import NotFound
from caucusmail.languages import _
from caucusmail.meetings import agenda, feeds, icalendar, places, programme, queries, rereckoning, retelling
from caucusmail.meetings.models import Meeting
from caucusmail.web import guards, reader
from caucusmail.web.meetings import asking, showing

bp = Blueprint("meetings", __name__, url_prefix="/meetings")
MANY = 100


def found(reference: str) -> Meeting:
    """The meeting at this address, for whoever looks.

    :raises NotFound: there is none that they may see.
    """
    meeting = queries.by_reference(reference, reader.viewer())
    if meeting is None:
        raise NotFound(_("There is no meeting at this address. Please check it against the letter you had."))
    return meeting


def _zone() -> str | None:
    person = reader.viewer().person
    return person.zone if person is not None else None


@bp.get("")
@guards.anyone
def coming() -> ResponseReturnValue:
    """The meetings ahead, by month."""
    by = reader.viewer()
    months = showing.months(queries.coming(by, MANY))
    sessions = [one for one in reversed(queries.sessions()) if not programme.over(one, clock.now())]
    shown = {"months": months, "sessions": sessions, "zone": _zone(), "calendar": links.calendar()}
    return render_template("meetings/coming.html", showing=showing, places=places, **shown)


@bp.get("/<reference>")
@guards.anyone
def meeting(reference: str) -> ResponseReturnValue:
    """One meeting: when, what changed, how to get in."""
    one, by = found(reference), reader.viewer()
    inside = queries.may_see_place(one, by)
    changes = [retelling.change(row, with_place=inside) for row in queries.changes(one)]
    return render_template(
        "meetings/meeting.html",
        one=one,
        inside=inside,
        changes=[change for change in changes if change is not None],
        clocks=showing.clocks(one, _zone()),
        showing=showing,
        places=places,
        agenda=agenda if inside else None,
        **asking.shown(one, by),
        **_for_keepers(one, by),
    )


def _for_keepers(one: Meeting, by: Viewer) -> dict[str, Any]:
    """What waits for those who keep it."""
    if not by.keeps_caucus(one.caucus_id):
        return {"clock_asked": None, "held": None}
    return {"clock_asked": rereckoning.asked(one), "held": held_reminders.paused(one, by), "zone": _zone()}


@bp.get("/<reference>.ics")
@guards.anyone
def entry(reference: str) -> Response:
    """The meeting as a file for a calendar; the place only for those who may see it."""
    one = found(reference)
    inside = queries.may_see_place(one, reader.viewer())
    where = places.where(one) if inside else places.city(one)
    described = "\n".join(agenda.told(one)) if inside else ""
    words = icalendar.Words(f"[{one.caucus.tag}] {places.title(one)}", where, described, links.meeting(one.reference))
    text = icalendar.snapshot(one, words, clock.now(), feeds.contact(one.caucus))
    response = make_response(text)
    response.headers["Content-Type"] = "text/calendar; charset=utf-8"
    response.headers["Content-Disposition"] = f'attachment; filename="{one.caucus.slug}-{one.starts:%Y-%m-%d}.ics"'
    return response
