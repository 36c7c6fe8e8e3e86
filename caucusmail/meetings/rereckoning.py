"""Meetings that today's rules of the clocks would move: a government changed them after the time was set.

Such a meeting stays where it is in world time until one who keeps it says what stays: what the clock on the wall shows, or
the moment. Nothing is written down of a question: it is asked as long as the rules at hand say otherwise than the row.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from caucusmail import clock, zones
from caucusmail.database import db
from caucusmail.directory.visibility import Viewer
from caucusmail.errors import Invalid
from caucusmail.meetings import scheduling, spans
from caucusmail.meetings.drafts import MeetingDraft
from caucusmail.meetings.models import Meeting, MeetingChange, MeetingState


@dataclass(frozen=True)
class Asked:
    """What is asked of those who keep a meeting."""

    meeting: Meeting
    starts_at: datetime | None  # its moment if the wall time stays; None: the clocks no longer show that time


def asked(meeting: Meeting) -> Asked | None:
    """The question about ``meeting``; None if there is none: it is over, cancelled, or where it was."""
    if meeting.tzdata == zones.TZDATA_VERSION or meeting.state is MeetingState.CANCELLED:
        return None
    if meeting.ends_at <= clock.now():
        return None
    try:
        now = spans.span(meeting.starts, meeting.ends, meeting.zone, meeting.second_hour or False)
    except Invalid:
        return Asked(meeting, None)
    return Asked(meeting, now[0]) if now != (meeting.starts_at, meeting.ends_at) else None


def waiting(by: Viewer) -> Sequence[Asked]:
    """The questions that ``by`` can answer, the soonest meeting first; one statement."""
    future = select(Meeting).where(
        Meeting.ends_at > clock.now(),
        Meeting.state != MeetingState.CANCELLED,
        Meeting.tzdata != zones.TZDATA_VERSION,
    )
    if not by.secretariat:
        future = future.where(Meeting.caucus_id.in_(sorted(by.keeps)))
    found = db.session.scalars(
        future.options(joinedload(Meeting.caucus), joinedload(Meeting.venue)).order_by(Meeting.starts_at, Meeting.id)
    )
    return [question for one in found if (question := asked(one)) is not None]


def wall_stays(meeting: Meeting) -> MeetingDraft:
    """``meeting`` at the time that its invitation names, whenever that is now."""
    return replace(scheduling.draft_of(meeting), second_hour=meeting.second_hour or False)


def world_stays(meeting: Meeting) -> MeetingDraft:
    """``meeting`` at the moment it had, whatever the clock on the wall shows then."""
    there = zones.zone(meeting.zone)
    starts, ends = meeting.starts_at.astimezone(there), meeting.ends_at.astimezone(there)
    return replace(
        scheduling.draft_of(meeting),
        starts=starts.replace(tzinfo=None, fold=0),
        ends=ends.replace(tzinfo=None, fold=0),
        second_hour=bool(starts.fold),
    )


def keep_wall(meeting: Meeting, by: Viewer) -> MeetingChange:
    """The hour in its city stays, so its moment moves, and its SEQUENCE rises: calendars hold the old rules.

    :raises NotAllowed: ``by`` does not keep the caucus.
    :raises Invalid: on ``starts`` or ``ends``: the clocks no longer show that time.
    """
    was = meeting.starts_at
    scheduling.revise(meeting, wall_stays(meeting), by)
    meeting.sequence += 1
    row = MeetingChange(
        meeting_id=meeting.id,
        at=clock.now(),
        by_id=by.id,
        kind="clock",
        was={"starts_at": was.isoformat()},
        now={"starts_at": meeting.starts_at.isoformat()},
    )
    db.session.add(row)
    db.session.flush()
    return row
