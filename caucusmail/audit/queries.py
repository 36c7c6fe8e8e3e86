"""Questions to the journal."""

from collections.abc import Collection

from sqlalchemy import exists, select
from sqlalchemy.orm import aliased

from caucusmail.audit.models import AuditEntry
from caucusmail.database import db, lock

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


def once(step: AuditEntry) -> bool:
    """Whether ``step`` can still be taken back. It is held until the end of the transaction: of two at once the second finds it done."""
    lock(step)
    return not taken_back(step)


def changed_since(step: AuditEntry, verbs: Collection[str], subjects: Collection[int] = ()) -> bool:
    """Whether something of ``verbs`` was done after ``step`` to its subject, or one of ``subjects``, and was not taken back."""
    back = aliased(AuditEntry)
    undone = exists().where(
        back.subject_kind == AuditEntry.__tablename__, back.subject_id == AuditEntry.id, back.verb == TAKEN_BACK
    )
    found = db.session.scalar(
        select(AuditEntry.id)
        .where(
            AuditEntry.subject_kind == step.subject_kind,
            AuditEntry.subject_id.in_({step.subject_id, *subjects}),
            AuditEntry.verb.in_(verbs),
            AuditEntry.id > step.id,
            ~undone,
        )
        .limit(1)
    )
    return found is not None
