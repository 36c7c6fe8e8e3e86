"""How much time an announcement has: whether it goes to everybody at once, until when reading hours may hold it back, and
until when a digest still tells it in time. Pure but for the changes of its meeting that it tells."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from caucusmail import zones
from caucusmail.announcements import queries
from caucusmail.announcements.models import FOLLOWING, Announcement, AnnouncementKind
from caucusmail.meetings.models import Meeting, MeetingChange

SOON = timedelta(hours=48)
"""A change of a meeting that begins within this time goes to everybody at once, and whole."""

HELD_BACK = timedelta(hours=72)
"""So long reading hours may hold a letter back at the most: from Friday evening to Monday morning, and a little more."""

BEFORE = timedelta(hours=24)
"""So long before the meeting, or the end of the time to answer, everybody has the letter."""

MOVES = ("time", "clock", "room", "cancelled", "reinstated")
"""Changes of which those who come want to know even in a pause: it is off, on again, at another time or place."""


@dataclass(frozen=True)
class Haste:
    """What one announcement asks for."""

    at_once: bool = False  # whole, to everybody, whatever their hours and manner but a notice
    latest: datetime | None = None  # reading hours hold it back no longer
    told_by: datetime | None = None  # a digest after this comes too late; None: none does
    urgent: bool = False  # by its author's word
    moves_id: int | None = None  # the meeting that is off or elsewhere, which it tells
    entered_id: int | None = None  # the meeting whose entry in calendars it keeps true


NO_HASTE = Haste()


def of(announcement: Announcement, at: datetime) -> Haste:
    """That of ``announcement``, if it is released ``at``."""
    meeting, follows = announcement.meeting, announcement.kind in FOLLOWING
    urgent = bool(announcement.urgent) and announcement.kind is not AnnouncementKind.CHANGE
    if meeting is None:
        return Haste(urgent, at + HELD_BACK, urgent=urgent)
    told = queries.changes(announcement) if follows else ()
    starts = [meeting.starts_at, *(_was(row, meeting) for row in told)]
    soon = follows and any(at - SOON < start <= at + SOON for start in starts)
    ends = [meeting.starts_at, *([meeting.reply_by_at] if meeting.reply_by_at and meeting.reply_by_at > at else [])]
    told_by = max(at, min(ends) - BEFORE)
    return Haste(
        at_once=urgent or soon,
        latest=min(told_by, at + HELD_BACK),
        told_by=told_by,
        urgent=urgent,
        moves_id=meeting.id if any(row.kind in MOVES for row in told) else None,
        entered_id=meeting.id if follows else None,
    )


def _was(change: MeetingChange, meeting: Meeting) -> datetime:
    """When the meeting began before ``change``."""
    if change.kind == "clock":
        return datetime.fromisoformat(change.was["starts_at"])
    if change.kind != "time" or not change.was.get("starts"):
        return meeting.starts_at
    wall = datetime.fromisoformat(change.was["starts"])
    return wall.replace(tzinfo=zones.zone(change.was.get("zone") or meeting.zone)).astimezone(meeting.starts_at.tzinfo)
