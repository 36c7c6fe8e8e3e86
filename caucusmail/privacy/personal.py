"""What this package knows of a person: that they asked to be erased."""

from typing import Any

from sqlalchemy import delete, select

from caucusmail.accounts.models import Person
from caucusmail.database import db
from caucusmail.privacy.models import Erasure


def export(person: Person) -> dict[str, Any]:
    """The erasure that waits for its day."""
    waiting = db.session.scalars(select(Erasure).where(Erasure.person_id == person.id))
    return {
        "erasures": [{"asked_at": one.asked_at.isoformat(), "due": one.due_at.isoformat()} for one in waiting],
    }


def erase(person: Person) -> None:
    """Forget that they asked."""
    db.session.execute(delete(Erasure).where(Erasure.person_id == person.id))
