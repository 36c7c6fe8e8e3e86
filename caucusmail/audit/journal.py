"""record(): who did what to what, in the caller's transaction."""

from typing import Any, Protocol

from caucusmail import clock
from caucusmail.audit.models import AuditEntry
from caucusmail.database import db


class Row(Protocol):
    """Any table's row: it has a table name and an id."""

    __tablename__: Any
    id: Any


def record(verb: str, subject: Row, by: Row | None, *, reason: str = "", **detail: Any) -> AuditEntry:
    """Write down that ``by`` (a Person; None: the house, or a stranger) did ``verb`` to ``subject``; the entry written.

    Flushes for the subject's id.
    ``detail`` holds plain values, never an address or a secret.
    """
    if subject.id is None:
        db.session.flush()
    entry = AuditEntry(
        at=clock.now(),
        verb=verb,
        subject_kind=subject.__tablename__,
        subject_id=subject.id,
        by_id=by.id if by is not None else None,
        reason=reason,
        detail=detail,
    )
    db.session.add(entry)
    return entry
