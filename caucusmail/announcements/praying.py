"""How many of those an announcement is meant for live where its meeting falls into the hour of Friday prayers."""

from datetime import datetime

from sqlalchemy import func, select

from caucusmail import clock
from caucusmail.accounts.models import Person
from caucusmail.announcements import queries, standing
from caucusmail.announcements.choice import Audience
from caucusmail.announcements.clashes import HOLDS
from caucusmail.announcements.models import Announcement
from caucusmail.database import db
from caucusmail.directory import rounding
from caucusmail.meetings import prayers


def number(announcement: Announcement, now: datetime | None = None) -> int | None:
    """So many, rounded down whoever asks, by the zones of their clocks; None: fewer than five, or it is no such hour anywhere."""
    meeting, now = announcement.meeting, now or clock.now()
    if meeting is None or Audience.from_json(announcement.audience).nobody:
        return None
    there = prayers.missed(meeting.starts_at, meeting.ends_at)
    if not there:
        return None
    asked = standing.question(announcement, [text.language for text in queries.texts(announcement)], now)
    stood = standing.standing(asked, reasons=False)
    found = select(func.count()).join_from(Person, stood, stood.c.person_id == Person.id)
    return rounding.rounded(db.session.scalar(found.where(stood.c.rank <= HOLDS, Person.zone.in_(there))) or 0)
