"""What is written down while letters leave: which rows are in flight, and what became of those that were.

One small unit of work for each round of the lines, committed before any content of that round leaves. It does not wait
for the disk: a killed worker loses nothing of it. On PostgreSQL it is one statement, and so one way to the server and back. Whatever was marked since the last flush is remembered, and written
once more when the database went away meanwhile and came back.
"""

import logging
from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from typing import Any

from sqlalchemy import ARRAY, Dialect, Integer, Update, bindparam, case, column, func, or_, update

from caucusmail import database, failpoints
from caucusmail.database import db
from caucusmail.delivery import locking
from caucusmail.delivery.claims import live, since_start
from caucusmail.delivery.models import DUE, Delivery, DeliveryState
from caucusmail.delivery.prepared import Prepared, among, listed
from caucusmail.delivery.units import Cursor, Units

logger = logging.getLogger(__name__)

_STILL_OURS = (*DUE, DeliveryState.IN_FLIGHT, DeliveryState.UNCERTAIN)


Settled = tuple[int, Mapping[str, Any]]
"""A row, and the new values of some of its columns (``outcome.settled``)."""

_Changed = tuple[str, ...]


def _begins(dialect: Dialect) -> Update:
    """UPDATE of the rows that begin, if they still may."""
    return (
        update(Delivery)
        .where(
            among(Delivery.id, dialect),
            or_(*(Delivery.state == state for state in DUE)),  # not OWED: its index holds all that is due
            Delivery.lease_by == bindparam("holder", required=True),
            live(),
        )
        .values(state=DeliveryState.IN_FLIGHT)
        .returning(Delivery.id, Delivery.address)
    )


def _settles(row: Any, new: Mapping[str, Any]) -> Update:
    """UPDATE of ``row``, or of each of them, to its ``new`` values; one that was forgotten meanwhile keeps no server's words."""
    if "reply" in new:
        new = {**new, "reply": case((Delivery.address == "", ""), else_=new["reply"])}
    return (
        update(Delivery)
        .where(
            Delivery.id == row,
            Delivery.lease_by == bindparam("holder", required=True),
            or_(*(Delivery.state == state for state in _STILL_OURS)),
        )
        .values({"lease_until": None, "lease_by": ""} | dict(new))
    )


def _settles_all(changed: _Changed) -> Update:
    """UPDATE of many rows at once, from one array for each column (PostgreSQL)."""
    types = {"row": Integer()} | {f"new_{name}": Delivery.__table__.c[name].type for name in changed}
    arrays = [bindparam(name, required=True, type_=ARRAY(kind)) for name, kind in types.items()]
    columns: list[Any] = [column(name, kind) for name, kind in types.items()]
    told = func.unnest(*arrays).table_valued(*columns, name="told").render_derived()
    return _settles(told.c.row, {name: told.c[f"new_{name}"] for name in changed})


@cache
def _begin(dialect: Dialect) -> Prepared:
    return Prepared(_begins(dialect), dialect)


@cache
def _settle(dialect: Dialect, changed: _Changed) -> Prepared:
    if dialect.name == "postgresql":
        return Prepared(_settles_all(changed), dialect)
    columns = Delivery.__table__.c
    new = {name: bindparam(f"new_{name}", required=True, type_=columns[name].type) for name in changed}
    return Prepared(_settles(bindparam("row", required=True), new), dialect)


@cache
def _settle_and_begin(dialect: Dialect, changed: _Changed) -> Prepared:
    return Prepared(_begins(dialect).add_cte(_settles_all(changed).cte("settled")), dialect)


class Marks:
    """The marks of one holder's rows."""

    def __init__(self, holder: str) -> None:
        self._holder = {"holder": holder}
        self._unflushed: list[Settled] = []
        self._dialect = db.engine.dialect
        self._together = self._dialect.name == "postgresql"

    def write(self, unit: Units, ended: Sequence[Settled], begin: Iterable[int]) -> dict[int, str]:
        """One unit of work: what ended is settled, what begins is in flight.

        Returns of those that may begin the address that stands in the ledger now: who was withdrawn, stopped, paused
        or is another worker's by now is not among them.
        """
        rows = list(begin)
        while True:
            try:
                begun = self._write(unit, _alike(ended), rows)
                break
            except locking.in_the_way():
                logger.info("%s waits for somebody else's lock on a row", self._holder["holder"])
        self._unflushed += ended
        return begun

    def _write(self, unit: Units, alike: "dict[_Changed, list[Settled]]", rows: Sequence[int]) -> dict[int, str]:
        begun: dict[int, str] = {}
        asked = {"rows": listed(rows, self._dialect)} | self._holder
        with unit() as cursor:
            if self._together and rows and alike:
                changed, last = alike.popitem()
                self._settle(cursor, alike)
                statement = _settle_and_begin(self._dialect, changed)
                begun = dict(statement.execute(cursor, asked | _arrays(changed, last)))
            else:
                self._settle(cursor, alike)
                if rows:
                    begun = dict(_begin(self._dialect).execute(cursor, asked))
            failpoints.reach("before_mark_commit")
        return begun

    def settle(self, cursor: Cursor, ended: Iterable[Settled]) -> None:
        """What ended, within a unit of work that is somebody else's."""
        self._settle(cursor, _alike(ended))

    def _settle(self, cursor: Cursor, alike: "Mapping[_Changed, Sequence[Settled]]") -> None:
        for changed, ended in alike.items():
            statement = _settle(self._dialect, changed)
            if self._together:
                statement.execute(cursor, _arrays(changed, ended) | self._holder)
            else:
                each = [{f"new_{name}": new[name] for name in changed} | {"row": row} for row, new in ended]
                statement.execute_each(cursor, [statement.arguments(one | self._holder) for one in each])

    def again(self, cursor: Cursor) -> None:
        """Write once more what was settled since the last flush; what is there already changes nothing."""
        self.settle(cursor, self._unflushed)

    def flushed(self) -> None:
        """Rows were changed and committed: the marks before them are on the disk, if the database did not start anew since."""
        with database.reading():
            if self._holder["holder"].endswith(since_start()):
                self._unflushed.clear()


def _alike(ended: Iterable[Settled]) -> dict[_Changed, list[Settled]]:
    """By the columns that change."""
    found: dict[_Changed, list[Settled]] = {}
    for one in ended:
        found.setdefault(tuple(one[1]), []).append(one)
    return found


def _arrays(changed: _Changed, ended: Sequence[Settled]) -> dict[str, Any]:
    new = {f"new_{name}": [values[name] for _row, values in ended] for name in changed}
    return {"row": [row for row, _values in ended]} | new
