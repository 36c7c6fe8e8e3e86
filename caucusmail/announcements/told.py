"""What was sent about a meeting, and to whom: for changes, which reach the same people, and for reminders."""

from collections.abc import Sequence

from sqlalchemy import select

from caucusmail.announcements import queries
from caucusmail.announcements.choice import Audience
from caucusmail.announcements.models import Announcement, AnnouncementKind
from caucusmail.database import db
from caucusmail.meetings.models import Meeting


def told(meeting: Meeting) -> Sequence[Announcement]:
    """What was sent about a meeting, or is being sent, the oldest first."""
    return db.session.scalars(
        select(Announcement)
        .where(Announcement.meeting_id == meeting.id, Announcement.state.in_(queries.GONE))
        .order_by(Announcement.id)
    ).all()


def audience(meeting: Meeting) -> Audience:
    """Whoever was sent it, by whatever way they still belong."""
    before = told(meeting)
    chosen = [Audience.from_json(one.audience) for one in before]
    return Audience(
        everybody=any(one.everybody for one in chosen),
        caucus_ids=tuple(dict.fromkeys(key for one in chosen for key in one.caucus_ids)),
        group_ids=tuple(dict.fromkeys(key for one in chosen for key in one.group_ids)),
        sent_announcement_ids=tuple(one.id for one in before),
    )


def versions(meeting: Meeting) -> list[str]:
    """The languages in which its keepers write of it: not those that only the house's own words of a change were told in."""
    written = [one for one in told(meeting) if one.kind is not AnnouncementKind.CHANGE]
    return sorted({text.language for one in written for text in queries.texts(one)})
