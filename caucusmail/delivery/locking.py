"""Who waits for whom where several write to the rows of the ledger at once (PostgreSQL; SQLite has one writer).

Two that hold rows and wait for each other's are told apart by the server after a second: it ends one of them. Three rules let it
never come to that, or at least never be the person who leaves or withdraws something:

- whoever changes many rows for a person locks them by id (``in_order``);
- whoever sweeps changes what nobody else is writing to, and finds the rest the next time (``unlocked``);
- whoever sends waits for a row only for a fifth of a second, lets go of all it holds, and tries again (``GIVE_WAY``).
"""

from typing import Any

from sqlalchemy import ColumnElement, select, text

from caucusmail.database import db
from caucusmail.delivery.models import Delivery

GIVE_WAY = "lock_timeout='200ms'"
"""A setting of PostgreSQL: less than its ``deadlock_timeout``, a second."""


def in_order(*where: Any) -> ColumnElement[bool]:
    """SQL: the rows for which this holds, locked one after another."""
    return Delivery.id.in_(select(Delivery.id).where(*where).order_by(Delivery.id).with_for_update())


def unlocked(*where: Any) -> ColumnElement[bool]:
    """SQL: the rows for which this holds and which nobody else is writing to."""
    return Delivery.id.in_(select(Delivery.id).where(*where).with_for_update(skip_locked=True))


def give_way() -> None:
    """The present ``transaction()`` waits for nobody for long: it fails instead, and is to be tried again."""
    if db.engine.dialect.name == "postgresql":
        db.session.execute(text(f"SET LOCAL {GIVE_WAY}"))


def in_the_way() -> tuple[type[Exception], ...]:
    """What is raised when somebody else held a row for longer than ``GIVE_WAY``; nothing on SQLite."""
    if db.engine.dialect.name == "sqlite":
        return ()
    driver: Any = db.engine.dialect.loaded_dbapi
    return (driver.errors.LockNotAvailable,)
