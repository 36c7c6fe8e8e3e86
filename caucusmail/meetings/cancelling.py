"""cancel and reinstate: a meeting that was announced does not take place, or does after all."""

from datetime import datetime
from typing import Any

from caucusmail import clock
from caucusmail.audit import journal
from caucusmail.database import db, moved
from caucusmail.directory.visibility import Viewer
from caucusmail.errors import Conflict
from caucusmail.languages import _
from caucusmail.meetings import scheduling
from caucusmail.meetings.models import Meeting, MeetingChange, MeetingState

LONGEST_REASON = 500  # characters


class NothingToCancel(Conflict):
    """It is cancelled already, over, or was never announced."""


class NothingToReinstate(Conflict):
    """It is not cancelled, or its time has passed."""


def cancel(meeting: Meeting, by: Viewer, reason: str = "", *, follows: bool = False) -> MeetingChange:
    """The meeting does not take place; its SEQUENCE rises (RFC 5546, 3.2.5). ``follows``: a new time will be told.

    :raises NotAllowed: ``by`` does not keep the caucus.
    :raises NothingToCancel: as it says.
    """
    scheduling.allow(meeting.caucus_id, by)
    now = clock.now()
    if meeting.ends_at <= now or not _moved(meeting, MeetingState.CONFIRMED, MeetingState.CANCELLED):
        raise NothingToCancel(_("There is nothing to cancel: this meeting is over, cancelled, or not announced yet."))
    return _kept(meeting, "cancelled", {"follows": follows}, reason, by, now)


def reinstate(meeting: Meeting, by: Viewer, reason: str = "") -> MeetingChange:
    """A cancelled meeting takes place after all, at its time; its SEQUENCE rises.

    :raises NotAllowed: ``by`` does not keep the caucus.
    :raises NothingToReinstate: as it says.
    """
    scheduling.allow(meeting.caucus_id, by)
    now = clock.now()
    if meeting.ends_at <= now or not _moved(meeting, MeetingState.CANCELLED, MeetingState.CONFIRMED):
        raise NothingToReinstate(
            _("This meeting is not cancelled, or its time has passed. Announce a new one instead.")
        )
    return _kept(meeting, "reinstated", {}, reason, by, now)


def _moved(meeting: Meeting, before: MeetingState, after: MeetingState) -> bool:
    return moved(Meeting, Meeting.id == meeting.id, Meeting.state == before, state=after, sequence=Meeting.sequence + 1)


def _kept(meeting: Meeting, kind: str, values: dict[str, Any], reason: str, by: Viewer, at: datetime) -> MeetingChange:
    row = MeetingChange(
        meeting_id=meeting.id, at=at, by_id=by.id, kind=kind, was={}, now=values, note=reason[:LONGEST_REASON]
    )
    db.session.add(row)
    db.session.flush()
    journal.record(f"meeting.{kind}", meeting, by.person)
    return row
