"""What the journal knows of one person: export and erase."""

from typing import Any

from sqlalchemy import and_, or_, select, update

from caucusmail.audit.models import AuditEntry
from caucusmail.database import db

_PEOPLE = "people"  # the table of persons, which stands a floor above


def export(person_id: int) -> dict[str, Any]:
    """What the person did, and what was done to them: when, what, to a row of which table, and the reason that *they* gave."""
    rows = db.session.scalars(
        select(AuditEntry).where(or_(AuditEntry.by_id == person_id, _about(person_id))).order_by(AuditEntry.id)
    )
    return {"journal": [_told(one, person_id) for one in rows]}


def _told(one: AuditEntry, person_id: int) -> dict[str, Any]:
    theirs = one.by_id == person_id
    return {
        "at": one.at.isoformat(),
        "what": one.verb,
        "to": one.subject_kind,
        "themselves": theirs,
        "reason": one.reason if theirs else "",
    }


def erase(person_id: int) -> None:
    """Forget that it was they who did something, and the particulars of what was done to them. That it was done, when and
    to which row stays, and so does the reason of a decision: others rely on it."""
    for statement in (
        update(AuditEntry).where(_about(person_id)).values(reason="", detail={}),
        update(AuditEntry).where(AuditEntry.by_id == person_id).values(by_id=None),
    ):
        db.session.execute(statement.execution_options(synchronize_session=False))


def _about(person_id: int) -> Any:
    return and_(AuditEntry.subject_kind == _PEOPLE, AuditEntry.subject_id == person_id)
