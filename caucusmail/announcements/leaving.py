"""begin and send_due: what leaves when its time has come, and what is done when no copy is open any more.

This is all that a worker needs of announcements: nothing here makes a letter.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select

from caucusmail import clock
from caucusmail.announcements import queries
from caucusmail.announcements.models import Announcement, AnnouncementState
from caucusmail.database import db, moved
from caucusmail.delivery import ledger
from caucusmail.delivery.models import Delivery, OutgoingMessage
from caucusmail.meetings.models import Meeting, MeetingState

LATE = timedelta(hours=6)
"""What has been due for longer than this (a restored copy, a long outage) waits for a person."""


def send_due() -> int:
    """Move what is due: confirmed to sending at its time, sending to sent when no copy is open. How many moved."""
    now = clock.now()
    count = 0
    due = Announcement.release_at.between(now - LATE, now)  # what is late waits for a person
    ready = select(Announcement).where(Announcement.state == AnnouncementState.CONFIRMED, due)
    for announcement in db.session.scalars(ready).all():
        count += begin(announcement, now)
    for announcement in db.session.scalars(select(Announcement).where(*_finished())).all():
        count += moved(
            Announcement,
            Announcement.id == announcement.id,
            Announcement.state == AnnouncementState.SENDING,
            state=AnnouncementState.SENT,
            ended_at=now,
        )
    return count


def begin(announcement: Announcement, now: datetime) -> bool:
    """Its copies may leave from ``now`` on; whether it was held until then."""
    won = moved(
        Announcement,
        Announcement.id == announcement.id,
        Announcement.state == AnnouncementState.CONFIRMED,
        state=AnnouncementState.SENDING,
        begun_at=now,
    )
    if not won:
        return False
    ledger.release(db.session.get_one(OutgoingMessage, announcement.message_id))
    if announcement.meeting_id is not None:
        moved(
            Meeting,
            Meeting.id == announcement.meeting_id,
            Meeting.state == MeetingState.DRAFT,
            state=MeetingState.CONFIRMED,
        )
    return True


def _finished() -> Sequence[Any]:
    """Being sent, and no copy is open any more."""
    still = select(Delivery.id).where(
        Delivery.message_id == Announcement.message_id, Delivery.state.in_(queries.OPEN_ROWS)
    )
    return Announcement.state == AnnouncementState.SENDING, ~still.exists()
