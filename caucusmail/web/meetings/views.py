"""Coming meetings; one meeting with its clocks and changes; its entry for a calendar."""

from typing import Any

from flask import Blueprint, Response, make_response, render_template
from flask.typing import ResponseReturnValue

from caucusmail import clock, links
from caucusmail.announcements import asked, held_reminders
from caucusmail.directory.visibility import Viewer
from caucusmail.errors import NotFound
from caucusmail.languages import _
from caucusmail.meetings import (
    agenda,
    feeds,
    icalendar,
    paper_words,
    places,
    programme,
    queries,
    rereckoning,
    retelling,
)
from caucusmail.meetings import papers as shared
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


def sees_papers(meeting: Meeting) -> bool:
    """Whether its papers are for the reader: they are of the group or keep it, or were told of the meeting through another."""
    by = reader.viewer()
    return queries.may_see_place(meeting, by) or (by.person is not None and asked.may_answer(meeting, by.person))


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
    return render_template(
        "meetings/meeting.html",
        one=one,
        inside=inside,
        changes=_changes(one, inside),
        clocks=showing.clocks(one, _zone()),
        showing=showing,
        places=places,
        **_documents(one, inside),
        **asking.shown(one, by),
        **_for_keepers(one, by),
    )


def _for_keepers(one: Meeting, by: Viewer) -> dict[str, Any]:
    """What waits for those who keep it."""
    if not by.keeps_caucus(one.caucus_id):
        return {"clock_asked": None, "held": None}
    return {"clock_asked": rereckoning.asked(one), "held": held_reminders.paused(one, by), "zone": _zone()}


def _changes(one: Meeting, inside: bool) -> list[retelling.Change]:
    told = (retelling.change(row, with_place=inside) for row in queries.changes(one))
    return [change for change in told if change is not None]


def _documents(one: Meeting, inside: bool) -> dict[str, Any]:
    """The agenda and the papers, as far as they are for the reader."""
    here = shared.of(one) if sees_papers(one) else ()
    return {"agenda": agenda if inside else None, "papers": here, "paper_words": paper_words}


@bp.get("/<reference>.ics")
@guards.anyone
def entry(reference: str) -> Response:
    """The meeting as a file for a calendar; the place only for those who may see it."""
    one = found(reference)
    inside = queries.may_see_place(one, reader.viewer())
    where = places.where(one) if inside else places.city(one)
    described = "\n".join(agenda.told(one)) if inside else ""
    title, link = f"[{one.caucus.tag}] {places.title(one)}", links.meeting(one.reference)
    words = icalendar.Words(title, where, described, link, open=not inside)
    text = icalendar.snapshot(one, words, clock.now(), feeds.contact(one.caucus))
    response = make_response(text)
    response.headers["Content-Type"] = "text/calendar; charset=utf-8"
    response.headers["Content-Disposition"] = f'attachment; filename="{one.caucus.slug}-{one.starts:%Y-%m-%d}.ics"'
    return response
