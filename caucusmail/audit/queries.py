"""Questions to the journal."""

from sqlalchemy import select

from caucusmail.audit.models import AuditEntry
from caucusmail.database import db

TAKEN_BACK = "step.taken-back"


def entry(entry_id: int) -> AuditEntry | None:
    """The entry with this id."""
    return db.session.get(AuditEntry, entry_id)


def taken_back(step: AuditEntry) -> bool:
    """Whether what ``step`` says was taken back later."""
    found = db.session.scalar(
        select(AuditEntry.id).where(
            AuditEntry.subject_kind == AuditEntry.__tablename__,
            AuditEntry.subject_id == step.id,
            AuditEntry.verb == TAKEN_BACK,
        )
    )
    return found is not None
