"""Sessions: their week, for whoever may see their meetings."""

from datetime import date

from flask import render_template, request
from flask.typing import ResponseReturnValue

from caucusmail import clock
from caucusmail.errors import NotFound
from caucusmail.languages import _
from caucusmail.meetings import places, programme, queries
from caucusmail.meetings.models import MeetingSession
from caucusmail.web import guards, reader
from caucusmail.web.meetings.views import bp


def found(slug: str) -> MeetingSession:
    """The session with this word in its address.

    :raises NotFound: there is none.
    """
    session = queries.session(slug)
    if session is None:
        raise NotFound(_("There is no session at this address. It may have been removed."))
    return session


def _asked() -> date | None:
    """The day whose week the address asks for; None: that of today."""
    try:
        day = date.fromisoformat(request.args.get("week", ""))
    except ValueError:
        return None
    return day if 1990 <= day.year <= 2100 else None


@bp.get("/sessions")
@guards.anyone
def sessions() -> ResponseReturnValue:
    """All sessions, those to come first."""
    now = clock.now()
    known = queries.sessions()
    coming = [one for one in reversed(known) if not programme.over(one, now)]
    past = [one for one in known if programme.over(one, now)]
    return render_template("meetings/sessions.html", coming=coming, past=past, programme=programme)


@bp.get("/sessions/<slug>")
@guards.anyone
def session(slug: str) -> ResponseReturnValue:
    """One week of a session, day by day."""
    one, by = found(slug), reader.viewer()
    meetings = queries.of_session(one, by)
    week = programme.week(one, meetings, _asked(), clock.now())
    return render_template(
        "meetings/session.html", one=one, week=week, programme=programme, places=places, number=len(meetings)
    )
