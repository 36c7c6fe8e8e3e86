"""What announcements knows of a person: to be shown to them, and to be forgotten."""

from typing import Any

from sqlalchemy import delete, or_, select, update

from caucusmail import languages
from caucusmail.accounts.models import Person
from caucusmail.announcements import queries, report
from caucusmail.announcements.models import Announcement, AudienceGap, MeetingFarewell, MeetingReminder
from caucusmail.audit.models import AuditEntry
from caucusmail.database import db
from caucusmail.delivery.models import Delivery, Intervention
from caucusmail.meetings.models import Meeting


def export(person: Person) -> dict[str, Any]:
    """What ``person`` wrote or confirmed, which announcements they were left out of, and why; for which copies they stepped in;
    of which meetings they were reminded, and which were taken out of their calendar when they left; what they were sent, by
    its title. What became of each letter, the ledger tells (``delivery.personal``).
    """
    written = db.session.execute(
        select(Announcement.reference, Announcement.made_at, Announcement.state, Announcement.confirmed_by_id)
        .where(or_(Announcement.author_id == person.id, Announcement.confirmed_by_id == person.id))
        .order_by(Announcement.id)
    )
    gaps = db.session.execute(
        select(Announcement.reference, AudienceGap.reason, AudienceGap.until)
        .join(Announcement, Announcement.id == AudienceGap.announcement_id)
        .where(AudienceGap.person_id == person.id)
        .order_by(AudienceGap.id)
    )
    steps = db.session.execute(
        select(Intervention.step, Intervention.at, Intervention.reason)
        .where(Intervention.by_id == person.id)
        .distinct()
        .order_by(Intervention.at)
    )
    return {
        "sent_to_you": _sent(person),
        "reports_taken": _reports(person),
        "taken_out_of": _of_meetings(MeetingFarewell, person),
        "reminded_of": _of_meetings(MeetingReminder, person),
        "stepped_in": [{"step": step.value, "at": at.isoformat(), "reason": reason} for step, at, reason in steps],
        "announcements": [
            {
                "reference": reference,
                "made_at": made_at.isoformat(),
                "state": state.value,
                "confirmed": confirmed_by_id == person.id,
            }
            for reference, made_at, state, confirmed_by_id in written
        ],
        "left_out_of": [
            {"announcement": reference, "reason": reason.value, "until": until.isoformat() if until else None}
            for reference, reason, until in gaps
        ],
    }


def _reports(person: Person) -> list[dict[str, str]]:
    """When a report that names the person was taken as a file: in which role, and never by whom."""
    rows = db.session.execute(
        select(AuditEntry, Announcement)
        .join(Announcement, Announcement.id == AuditEntry.subject_id)
        .where(
            AuditEntry.verb == report.TAKEN,
            or_(
                Announcement.message_id.in_(select(Delivery.message_id).where(Delivery.person_id == person.id)),
                Announcement.id.in_(select(AudienceGap.announcement_id).where(AudienceGap.person_id == person.id)),
            ),
        )
        .order_by(AuditEntry.id)
    ).all()
    titles = queries.subjects([row.Announcement for row in rows])
    return [
        {
            "at": entry.at.isoformat(),
            "title": languages.pick(titles[one.id], person.languages),
            "role": entry.detail["role"],
        }
        for entry, one in rows
    ]


def _sent(person: Person) -> list[dict[str, str]]:
    """What has begun to leave and is theirs, the oldest first; titles as the person reads them."""
    rows = db.session.execute(
        select(Announcement, Delivery.due_at)
        .join(Delivery, Delivery.message_id == Announcement.message_id)
        .where(Delivery.person_id == person.id, Announcement.begun_at.is_not(None))
        .order_by(Delivery.due_at, Delivery.id)
    ).all()
    titles = queries.subjects([row.Announcement for row in rows])
    return [
        {
            "title": languages.pick(titles[row.Announcement.id], person.languages),
            "at": row.due_at.isoformat(),
            "announcement": row.Announcement.reference,
        }
        for row in rows
    ]


def _of_meetings(table: type[MeetingFarewell | MeetingReminder], person: Person) -> list[dict[str, str]]:
    rows = db.session.execute(
        select(Meeting.reference, table.owed_at)
        .join(table, table.meeting_id == Meeting.id)
        .where(table.person_id == person.id)
        .order_by(table.owed_at)
    )
    return [{"meeting": reference, "at": at.isoformat()} for reference, at in rows]


def erase(person: Person) -> None:
    """Forget who wrote and who was left out; the announcements stay, they are their caucus's."""
    for table in (AudienceGap, MeetingReminder, MeetingFarewell):
        db.session.execute(delete(table).where(table.person_id == person.id))
    for column in (Announcement.author_id, Announcement.confirmed_by_id, Intervention.by_id):
        db.session.execute(update(column.class_).where(column == person.id).values({column: None}))
