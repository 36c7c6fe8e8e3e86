"""What the tests of protection look at: every cell of every table, as somebody reads it."""

from typing import Any

from sqlalchemy import select

from caucusmail.accounts.models import Person
from caucusmail.database import Model, db, transaction
from caucusmail.privacy import protecting
from caucusmail.privacy.protection_models import How, Protection
from tests.house.test_personal import readable


def protect(person: Person, **more: Any) -> Protection:
    with transaction():
        return protecting.protect(person, by=person, how=How.SELF, **more)


def lift(protection: Protection) -> None:
    with transaction():
        protecting.lift(protection, by=None)


def cells() -> dict[str, Any]:
    """Every cell of every table, by table, key and column."""
    db.session.rollback()
    return {
        f"{table.name}.{column.name} {[getattr(row, key.name) for key in table.primary_key.columns]}": value
        for table in Model.metadata.sorted_tables
        for row in db.session.execute(select(table)).all()
        for column, value in zip(table.columns, row, strict=True)
    }


def telling(*words: str) -> set[str]:
    """The columns in which any of these words is to be read."""
    return {
        place.partition(" ")[0]
        for place, value in cells().items()
        if any(word.lower() in readable(value).lower() for word in words)
    }
