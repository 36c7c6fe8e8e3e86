"""Small units of work that do not wait for the disk: for the marks of letters under way, and nothing else.

They stand beside SQLAlchemy's: its begin and commit cost as much as two letters, and there is one for each round of the lines.
"""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, suppress
from functools import partial
from types import TracebackType
from typing import Any

from sqlalchemy import Connection, Dialect, Engine
from sqlalchemy.exc import DBAPIError, InterfaceError, OperationalError

from caucusmail.database import db

Cursor = Any
"""A cursor of the database's driver (PEP 249)."""

Units = Callable[[], AbstractContextManager[Cursor]]

_POSTGRESQL = ("synchronous_commit=off", "plan_cache_mode=force_generic_plan", "enable_seqscan=off")
"""Marks name their rows by number. A plan that is made while the table is small, or for the states that its rows have at that
moment, would look through all of them later: these settings leave only the way by the primary key."""


@contextmanager
def unflushed() -> Iterator[Units]:
    """Many small units of work (``with unit() as cursor:``), on a connection of their own, that do not wait for the disk.

    A killed process loses none of them; a power cut may lose the last ones, those before the last ``transaction()``
    excepted: its commit flushes everything. SQLite: ``synchronous=NORMAL`` (in WAL mode); PostgreSQL:
    ``synchronous_commit=off``, and each statement is a unit by itself.
    """
    bind: Engine | Connection = db.engine
    if isinstance(bind, Connection):  # of somebody who has begun a transaction already
        yield partial(_within, bind)
        return
    sqlite = bind.dialect.name == "sqlite"
    connection = bind.raw_connection()
    cursor = connection.cursor()
    unit = _Unit(connection, cursor, sqlite)
    raw: Any = connection.driver_connection
    try:
        if not sqlite:
            raw.autocommit = True  # a unit is one statement: the driver would go three times to the server for it
        cursor.execute("PRAGMA synchronous=NORMAL" if sqlite else "; ".join(f"SET {one}" for one in _POSTGRESQL))
        yield lambda: unit
    except bind.dialect.loaded_dbapi.Error as problem:
        if isinstance(problem, gone()):
            connection.invalidate()
        raise _told(problem, bind.dialect) from problem
    finally:
        with suppress(*gone()):
            if connection.is_valid:
                connection.rollback()
                back = "; ".join(f"RESET {one.partition('=')[0]}" for one in _POSTGRESQL)
                cursor.execute("PRAGMA synchronous=FULL" if sqlite else back)
                if not sqlite:
                    raw.autocommit = False
                cursor.close()
        connection.close()


class _Unit:
    """One unit of work after another, each begun and committed in the driver's own words."""

    def __init__(self, connection: Any, cursor: Cursor, sqlite: bool) -> None:
        self.connection, self.cursor, self._sqlite = connection, cursor, sqlite

    def __enter__(self) -> Cursor:
        if self._sqlite:  # elsewhere the driver begins by itself
            self.cursor.execute("BEGIN IMMEDIATE")
        return self.cursor

    def __exit__(
        self, kind: type[BaseException] | None, problem: BaseException | None, trace: TracebackType | None
    ) -> None:
        if kind is None:
            self.connection.commit()
        else:
            self.connection.rollback()


@contextmanager
def _within(connection: Connection) -> Iterator[Cursor]:
    with connection.begin_nested() if connection.in_transaction() else connection.begin():
        yield connection.connection.cursor()


def gone() -> tuple[type[Exception], ...]:
    """What is raised when the database server goes away, or is away; nothing on SQLite, which has none."""
    if db.engine.dialect.name == "sqlite":
        return ()
    driver = db.engine.dialect.loaded_dbapi
    return OperationalError, InterfaceError, driver.OperationalError, driver.InterfaceError


def _told(problem: Exception, dialect: Dialect) -> BaseException:
    """The driver's exception as SQLAlchemy's, which everybody else knows."""
    return DBAPIError.instance(None, None, problem, dialect.loaded_dbapi.Error, hide_parameters=True, dialect=dialect)
