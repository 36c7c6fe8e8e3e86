"""A statement made into a database's own words once, and executed many times on the driver's cursor.

SQLAlchemy spends about 100 µs on each execution; beside a letter that costs as much in all, that is too much. The statement is
still written once, in SQLAlchemy's terms, and values still pass its types.
"""

import json
from collections import namedtuple
from collections.abc import Callable, Collection, Mapping, Sequence
from typing import Any, cast

from sqlalchemy import ARRAY, ColumnElement, Dialect, Integer, String, any_, bindparam, func, select
from sqlalchemy import cast as cast_as
from sqlalchemy.sql.base import Executable

from caucusmail.delivery.units import Cursor

_NONE = (object(), None)


class Prepared:
    """``statement`` for one dialect. Every value that changes is a ``bindparam`` of its own; none is expanding."""

    def __init__(self, statement: Executable, dialect: Dialect) -> None:
        made: Any = statement.compile(dialect=dialect)  # type: ignore[attr-defined]  # every executable we use compiles
        self._sql = str(made)
        self._positional = bool(dialect.positional)
        self._constant: dict[str, Any] = {}
        self._given: list[tuple[str, Callable[[Any], Any] | None]] = []
        for name, bind in made.binds.items():
            processor = bind.type.dialect_impl(dialect).bind_processor(dialect)
            if bind.required:
                self._given.append((name, processor))
            else:
                self._constant[name] = processor(bind.value) if processor else bind.value
        self._places: Sequence[str] = made.positiontup if dialect.positional else ()
        returned = list(getattr(statement, "_all_selected_columns", ()))
        self._row = _named([one.name for one in returned])
        read = (
            (place, one.type.dialect_impl(dialect).result_processor(dialect, None))
            for place, one in enumerate(returned)
        )
        self._read = [(place, processor) for place, processor in read if processor]
        # What came of each value last: the next is often the same.
        self._last: dict[str, tuple[Any, Any]] = {}

    def arguments(self, values: Mapping[str, Any]) -> Any:
        """``values`` by the names of their ``bindparam``, as the driver wants them."""
        taken = self._constant.copy()
        for name, processor in self._given:
            value = values[name]
            if processor is not None:
                last, made = self._last.get(name, _NONE)
                if last is not value:
                    made = processor(value)
                    self._last[name] = value, made
                value = made
            taken[name] = value
        return [taken[name] for name in self._places] if self._positional else taken

    def execute(self, cursor: Cursor, values: Mapping[str, Any]) -> list[Any]:
        """Execute once, within the transaction of ``cursor``; the rows that RETURNING yields."""
        cursor.execute(self._sql, self.arguments(values))
        return list(cursor.fetchall()) if cursor.description else []

    def rows(self, cursor: Cursor, values: Mapping[str, Any]) -> list[Any]:
        """The same, each row a tuple with the columns' names, its values read by their types."""
        known: dict[tuple[int, Any], Any] = {}  # many rows share a state and times
        found = []
        for raw in self.execute(cursor, values):
            row = list(raw)
            for place, processor in self._read:
                key = place, row[place]
                if key not in known:
                    known[key] = processor(row[place])
                row[place] = known[key]
            found.append(self._row._make(row))
        return found

    def execute_each(self, cursor: Cursor, arguments: Sequence[Any]) -> None:
        """Execute for each of these ``arguments``, within the transaction of ``cursor``."""
        cursor.executemany(self._sql, arguments)


def _named(columns: Sequence[str]) -> Any:
    return namedtuple("Row", columns)


def among(column: Any, dialect: Dialect) -> ColumnElement[bool]:
    """``column`` is one of the numbers in the parameter "rows" (``listed``), however many: the statement stays the same."""
    rows: Any = bindparam("rows", required=True)
    if dialect.name == "sqlite":
        return cast("ColumnElement[bool]", column.in_(select(func.json_each(rows).table_valued("value").c.value)))
    return cast("ColumnElement[bool]", column == any_(cast_as(rows, ARRAY(Integer))))


def one_of(texts: Collection[str], dialect: Dialect) -> Any:
    """SELECT of these, one a row, from one parameter: tens of thousands are more than a statement may have parameters."""
    if dialect.name == "sqlite":
        return select(func.json_each(json.dumps(list(texts))).table_valued("value").c.value)
    return select(func.unnest(cast_as(list(texts), ARRAY(String))))


def listed(rows: Sequence[int], dialect: Dialect) -> Any:
    """The value of ``among``'s parameter: an array, or a list as JSON on SQLite."""
    return json.dumps(rows) if dialect.name == "sqlite" else rows
