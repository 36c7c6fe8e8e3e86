"""A statement made into a database's own words once, and executed many times on the driver's cursor.

SQLAlchemy spends about 100 µs on each execution; beside a letter that costs as much in all, that is too much. The statement is
still written once, in SQLAlchemy's terms, and values still pass its types.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from sqlalchemy import Connection, Dialect
from sqlalchemy.sql.base import Executable


class Prepared:
    """``statement`` for one dialect. Every value that changes is a ``bindparam`` of its own; none is expanding."""

    def __init__(self, statement: Executable, dialect: Dialect) -> None:
        made: Any = statement.compile(dialect=dialect)  # type: ignore[attr-defined]  # every executable we use compiles
        self._sql = str(made)
        self._places: Sequence[str] | None = made.positiontup if dialect.positional else None
        self._constant: dict[str, Any] = {}
        self._processors: dict[str, Callable[[Any], Any]] = {}
        for name, bind in made.binds.items():
            processor = bind.type.dialect_impl(dialect).bind_processor(dialect)
            if processor is not None:
                self._processors[name] = processor
            if not bind.required:
                self._constant[name] = processor(bind.value) if processor else bind.value

    def arguments(self, values: Mapping[str, Any]) -> Any:
        """``values`` by the names of their ``bindparam``, as the driver wants them."""
        taken = dict(self._constant)
        for name, value in values.items():
            processor = self._processors.get(name)
            taken[name] = processor(value) if processor else value
        return [taken[name] for name in self._places] if self._places is not None else taken

    def execute(self, connection: Connection, values: Mapping[str, Any]) -> list[Any]:
        """Execute once, within a transaction of ``connection``; the rows that RETURNING yields."""
        cursor = connection.connection.cursor()
        try:
            cursor.execute(self._sql, self.arguments(values))
            return list(cursor.fetchall())
        finally:
            cursor.close()

    def execute_each(self, connection: Connection, arguments: Sequence[Any]) -> None:
        """Execute for each of these ``arguments``, within a transaction of ``connection``."""
        cursor = connection.connection.cursor()
        try:
            cursor.executemany(self._sql, arguments)
        finally:
            cursor.close()
