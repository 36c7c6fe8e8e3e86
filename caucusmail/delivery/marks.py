"""What is written down while letters leave: which rows are in flight, and what became of those that were.

One small unit of work for each round of the lines, committed before any content of that round leaves. It does not wait
for the disk: a killed worker loses nothing of it. Whatever was marked since the last flush is remembered, and written
once more when the database went away meanwhile and came back.
"""

import json
from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from typing import Any, cast

from sqlalchemy import ARRAY, ColumnElement, Connection, Dialect, Integer, any_, bindparam, func, or_, select, update
from sqlalchemy import cast as cast_as

from caucusmail import failpoints
from caucusmail.database import db
from caucusmail.delivery.claims import live
from caucusmail.delivery.models import DUE, OWED, Delivery, DeliveryState
from caucusmail.delivery.prepared import Prepared
from caucusmail.delivery.units import Units

_SETTLED = ("state", "due_at", "attempts", "answered_at", "settled_at", "reply_code", "reply", "note")
_STILL_OURS = (*DUE, DeliveryState.IN_FLIGHT, DeliveryState.UNCERTAIN)


def _among(column: Any, dialect: str) -> ColumnElement[bool]:
    """``column`` is one of the numbers in the parameter "rows": an array, or a list as JSON on SQLite."""
    rows: Any = bindparam("rows", required=True)
    if dialect == "sqlite":
        return cast("ColumnElement[bool]", column.in_(select(func.json_each(rows).table_valued("value").c.value)))
    return cast("ColumnElement[bool]", column == any_(cast_as(rows, ARRAY(Integer))))


@cache
def _begin(dialect: Dialect) -> Prepared:
    statement = (
        update(Delivery)
        .where(
            _among(Delivery.id, dialect.name),
            OWED,
            Delivery.lease_by == bindparam("holder", required=True),
            live(),
        )
        .values(state=DeliveryState.IN_FLIGHT)
        .returning(Delivery.id, Delivery.address)
    )
    return Prepared(statement, dialect)


@cache
def _settle(dialect: Dialect) -> Prepared:
    columns = Delivery.__table__.c
    new = {name: bindparam(f"new_{name}", required=True, type_=columns[name].type) for name in _SETTLED}
    statement = (
        update(Delivery)
        .where(
            Delivery.id == bindparam("row", required=True),
            Delivery.lease_by == bindparam("holder", required=True),
            or_(*(Delivery.state == state for state in _STILL_OURS)),
        )
        .values(lease_until=None, lease_by="", **new)
    )
    return Prepared(statement, dialect)


Settled = Any
"""The columns of one row after its outcome (``outcome.settled``), with its id and its holder, as the driver takes them."""


class Marks:
    """The marks of one holder's rows."""

    def __init__(self, holder: str) -> None:
        self._holder = holder
        self._unflushed: list[Settled] = []
        dialect = db.engine.dialect
        self._json = dialect.name == "sqlite"
        self._begin, self._settle = _begin(dialect), _settle(dialect)

    def settled(self, row: Delivery, values: Mapping[str, Any]) -> Settled:
        """``values`` as a whole set of columns, the others as they were when the row was claimed."""
        new = {f"new_{name}": values.get(name, getattr(row, name)) for name in _SETTLED}
        return self._settle.arguments(new | {"row": row.id, "holder": self._holder})

    def write(self, unit: Units, ended: Sequence[Settled], begin: Iterable[int]) -> dict[int, str]:
        """One unit of work: what ended is settled, what begins is in flight.

        Returns of those that may begin the address that stands in the ledger now: who was withdrawn, stopped, paused
        or is another worker's by now is not among them.
        """
        begun: dict[int, str] = {}
        rows = list(begin)
        with unit() as connection:
            self.settle(connection, ended)
            if rows:
                asked = {"rows": json.dumps(rows) if self._json else rows, "holder": self._holder}
                begun = dict(self._begin.execute(connection, asked))
            failpoints.reach("before_mark_commit")
        self._unflushed += ended
        return begun

    def settle(self, connection: Connection, ended: Sequence[Settled]) -> None:
        """What ended, within a unit of work that is somebody else's."""
        if ended:
            self._settle.execute_each(connection, ended)

    def again(self, connection: Connection) -> None:
        """Write once more what was settled since the last flush; what is there already changes nothing."""
        self.settle(connection, self._unflushed)

    def flushed(self) -> None:
        """A ``transaction()`` was committed since: what was written before it is on the disk."""
        self._unflushed.clear()
