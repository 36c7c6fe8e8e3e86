"""Somebody with a long history is erased through the verb, as the page and the job do it."""

from typing import Any

from caucusmail.accounts.models import Person
from caucusmail.database import db, lock, transaction
from caucusmail.delivery import forgetting
from caucusmail.delivery.models import Delivery, DeliveryState
from caucusmail.privacy import erasing
from tests import make
from tests.house.test_personal import pointers, readable

CANARIES = ("canary", "zuleikha")


def erase(person: Person, *, remember: bool = True) -> int:
    """Erase her; her number."""
    number = person.id
    with transaction():
        lock(person)
        erasing.erase(person, remember=remember, by=None)
    db.session.expire_all()
    return number


def last_letters() -> list[Delivery]:
    return [row for row in make.rows(Delivery) if row.message.subject_kind == forgetting.ERASED]


def leave_all_letters() -> None:
    """The relay has taken every letter that was owed."""
    with transaction():
        for row in make.rows(Delivery):
            if row.state is DeliveryState.QUEUED:
                row.state, row.settled_at, row.reply = DeliveryState.ACCEPTED, row.due_at, f"250 <{row.address}>"


def everywhere(words: tuple[str, ...] = CANARIES) -> set[str]:
    """Every column of every table, of whatever type, in which one of ``words`` is to be read; letters are decoded."""
    return {
        f"{table.name}.{column.name}"
        for table in db.metadata.sorted_tables
        for row in db.session.execute(table.select()).all()
        for column, value in zip(table.columns, row, strict=True)
        if any(word in readable(value).lower() for word in words)
    }


def pointing(number: int) -> list[Any]:
    return [c for c in pointers() if db.session.scalars(c.table.select().where(c == number).limit(1)).first()]
