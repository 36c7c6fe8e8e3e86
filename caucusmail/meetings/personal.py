"""What meetings knows of a person: to be shown to them, and to be forgotten."""

from typing import Any

from sqlalchemy import select, update

from caucusmail.accounts.models import Person
from caucusmail.database import db
from caucusmail.meetings.models import Meeting, MeetingChange


def export(person: Person) -> dict[str, Any]:
    """The changes of meetings that ``person`` made."""
    rows = db.session.execute(
        select(MeetingChange.at, MeetingChange.kind, MeetingChange.note, Meeting.reference)
        .join(Meeting, Meeting.id == MeetingChange.meeting_id)
        .where(MeetingChange.by_id == person.id)
        .order_by(MeetingChange.id)
    )
    return {
        "changes": [
            {"at": at.isoformat(), "kind": kind, "note": note, "meeting": reference}
            for at, kind, note, reference in rows
        ]
    }


def erase(person: Person) -> None:
    """Forget that ``person`` made a change; the change stays."""
    db.session.execute(update(MeetingChange).where(MeetingChange.by_id == person.id).values(by_id=None))
