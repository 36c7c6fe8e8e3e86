"""What waits, and what lies aside."""

from collections.abc import Sequence

from sqlalchemy import func, select

from caucusmail.database import db
from caucusmail.inbound.models import Fate, Received


def waiting() -> int:
    """How many messages nobody has judged yet."""
    return db.session.scalar(select(func.count()).where(Received.fate == Fate.WAITING)) or 0


def aside(limit: int = 100) -> Sequence[Received]:
    """What could not be understood or handled and nobody has looked at, the newest first; without the bytes."""
    found = select(Received).where(Received.fate == Fate.ASIDE).order_by(Received.id.desc()).limit(limit)
    return db.session.scalars(found).all()


def received(received_id: int) -> Received | None:
    """One message, whatever became of it."""
    return db.session.get(Received, received_id)
