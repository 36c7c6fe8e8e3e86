"""How many of those an announcement is meant for live where its meeting falls into the hour of Friday prayers."""

from datetime import datetime, timedelta

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

AWAY = timedelta(hours=14)  # no clock is further from UTC


def number(announcement: Announcement, now: datetime | None = None) -> int | None:
    """So many, rounded down whoever asks, by the zones of their clocks; None: fewer than five, or another day. One statement."""
    meeting, now = announcement.meeting, now or clock.now()
    if meeting is None or Audience.from_json(announcement.audience).nobody:
        return None
    days = {(at + away).weekday() for at in (meeting.starts_at, meeting.ends_at) for away in (-AWAY, AWAY)}
    if prayers.FRIDAY not in days:
        return None
    asked = standing.question(announcement, [text.language for text in queries.texts(announcement)], now)
    stood = standing.standing(asked, reasons=False)
    rows = db.session.execute(
        select(Person.zone, func.count())
        .join(stood, stood.c.person_id == Person.id)
        .where(stood.c.rank <= HOLDS)
        .group_by(Person.zone)
    )
    return rounding.rounded(sum(count for zone, count in rows if prayers.at(zone, meeting.starts_at, meeting.ends_at)))
