"""What is written down while letters leave: which rows are in flight, and what became of those that were.

One small unit of work for each round of the lines, committed before any content of that round leaves. It does not wait
for the disk: a killed worker loses nothing of it. Whatever was marked since the last flush is remembered, and written
once more when the database went away meanwhile and came back.
"""

from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from typing import Any

from sqlalchemy import Dialect, bindparam, or_, update

from caucusmail import failpoints
from caucusmail.database import db
from caucusmail.delivery.claims import live
from caucusmail.delivery.models import DUE, OWED, Delivery, DeliveryState
from caucusmail.delivery.prepared import Prepared, among, listed
from caucusmail.delivery.units import Cursor, Units

_STILL_OURS = (*DUE, DeliveryState.IN_FLIGHT, DeliveryState.UNCERTAIN)


@cache
def _begin(dialect: Dialect) -> Prepared:
    statement = (
        update(Delivery)
        .where(
            among(Delivery.id, dialect),
            OWED,
            Delivery.lease_by == bindparam("holder", required=True),
            live(),
        )
        .values(state=DeliveryState.IN_FLIGHT)
        .returning(Delivery.id, Delivery.address)
    )
    return Prepared(statement, dialect)


@cache
def _settle(dialect: Dialect, changed: tuple[str, ...]) -> Prepared:
    columns = Delivery.__table__.c
    statement = (
        update(Delivery)
        .where(
            Delivery.id == bindparam("row", required=True),
            Delivery.lease_by == bindparam("holder", required=True),
            or_(*(Delivery.state == state for state in _STILL_OURS)),
        )
        .values({"lease_until": None, "lease_by": ""} | {name: _new(columns[name]) for name in changed})
    )
    return Prepared(statement, dialect)


def _new(column: Any) -> Any:
    return bindparam(f"new_{column.name}", required=True, type_=column.type)


Settled = tuple[Prepared, Any]
"""What changes one row after its outcome, and its arguments as the driver takes them."""


class Marks:
    """The marks of one holder's rows."""

    def __init__(self, holder: str) -> None:
        self._holder = holder
        self._unflushed: list[Settled] = []
        self._dialect = db.engine.dialect
        self._begin = _begin(self._dialect)

    def settled(self, row: int, values: Mapping[str, Any]) -> Settled:
        """The new ``values`` of some columns (``outcome.settled``) of a row of ours."""
        prepared = _settle(self._dialect, tuple(values))
        new = {f"new_{name}": value for name, value in values.items()}
        return prepared, prepared.arguments(new | {"row": row, "holder": self._holder})

    def write(self, unit: Units, ended: Sequence[Settled], begin: Iterable[int]) -> dict[int, str]:
        """One unit of work: what ended is settled, what begins is in flight.

        Returns of those that may begin the address that stands in the ledger now: who was withdrawn, stopped, paused
        or is another worker's by now is not among them.
        """
        begun: dict[int, str] = {}
        rows = list(begin)
        with unit() as cursor:
            self.settle(cursor, ended)
            if rows:
                asked = {"rows": listed(rows, self._dialect), "holder": self._holder}
                begun = dict(self._begin.execute(cursor, asked))
            failpoints.reach("before_mark_commit")
        self._unflushed += ended
        return begun

    def settle(self, cursor: Cursor, ended: Sequence[Settled]) -> None:
        """What ended, within a unit of work that is somebody else's."""
        alike: dict[Prepared, list[Any]] = {}
        for prepared, arguments in ended:
            alike.setdefault(prepared, []).append(arguments)
        for prepared, arguments in alike.items():
            prepared.execute_each(cursor, arguments)

    def again(self, cursor: Cursor) -> None:
        """Write once more what was settled since the last flush; what is there already changes nothing."""
        self.settle(cursor, self._unflushed)

    def flushed(self) -> None:
        """A ``transaction()`` was committed since: what was written before it is on the disk."""
        self._unflushed.clear()
