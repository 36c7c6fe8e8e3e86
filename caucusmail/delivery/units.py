"""Small units of work that do not wait for the disk: for the marks of letters under way, and nothing else.

They stand beside SQLAlchemy's: its begin and commit cost as much as two letters, and there is one for each round of the lines.
"""

import sqlite3
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import AbstractContextManager, contextmanager, suppress
from functools import partial
from types import TracebackType
from typing import Any

from sqlalchemy import Connection, Dialect, Engine
from sqlalchemy.exc import DBAPIError, InterfaceError, OperationalError

from caucusmail import sqlite_file
from caucusmail.database import db
from caucusmail.delivery.locking import GIVE_WAY

Cursor = Any
"""A cursor of the database's driver (PEP 249)."""

Units = Callable[[], AbstractContextManager[Cursor]]

_POSTGRESQL = ("synchronous_commit=off", "plan_cache_mode=force_generic_plan", "enable_seqscan=off", GIVE_WAY)
"""Marks name their rows by number. A plan that is made while the table is small, or for the states that its rows have at that
moment, would look through all of them later: two of these settings leave only the way by the primary key."""

_SQLITE = ("synchronous=NORMAL", "busy_timeout=0")
_SQLITE_AGAIN = ("synchronous=FULL", f"busy_timeout={sqlite_file.PATIENCE_S * 1000}")
AFTER_A_RESTART_S = (0.2, 0.5, 1, 2, 4, 8, 8, 8)
_LOOK_AGAIN_S = 0.0001
"""How often a unit asks whether another process has written (SQLite): its own waiting would sleep longer than a unit takes."""


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
        _set(cursor, *(("PRAGMA", _SQLITE) if sqlite else ("SET", _POSTGRESQL)))
        yield lambda: unit
    except bind.dialect.loaded_dbapi.Error as problem:
        if isinstance(problem, gone()):
            connection.invalidate()
        raise _told(problem, bind.dialect) from problem
    finally:
        with suppress(*gone()):
            if connection.is_valid:
                connection.rollback()
                back = [one.partition("=")[0] for one in _POSTGRESQL]
                _set(cursor, *(("PRAGMA", _SQLITE_AGAIN) if sqlite else ("RESET", back)))
                if not sqlite:
                    raw.autocommit = False
                cursor.close()
        connection.close()


def _set(cursor: Cursor, verb: str, settings: Iterable[str]) -> None:
    for one in settings:
        cursor.execute(f"{verb} {one}")


class _Unit:
    """One unit of work after another, each begun and committed in the driver's own words."""

    def __init__(self, connection: Any, cursor: Cursor, sqlite: bool) -> None:
        self.connection, self.cursor, self._sqlite = connection, cursor, sqlite

    def __enter__(self) -> Cursor:
        if self._sqlite:  # elsewhere the driver begins by itself
            self._begin()
        return self.cursor

    def _begin(self) -> None:
        """As soon as nobody else writes."""
        ends = time.monotonic() + sqlite_file.PATIENCE_S
        while True:
            try:
                self.cursor.execute("BEGIN IMMEDIATE")
                return
            except sqlite3.OperationalError as problem:
                if problem.sqlite_errorcode & 0xFF != sqlite3.SQLITE_BUSY or time.monotonic() > ends:
                    raise
                time.sleep(_LOOK_AGAIN_S)

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


def passing() -> tuple[type[Exception], ...]:
    """What is raised while a database cannot be written to that may be in a moment: ``gone()``, or somebody else writes and
    does not end, or the disk is full."""
    return gone() or (OperationalError, sqlite3.OperationalError)


def _told(problem: Exception, dialect: Dialect) -> BaseException:
    """The driver's exception as SQLAlchemy's, which everybody else knows."""
    return DBAPIError.instance(None, None, problem, dialect.loaded_dbapi.Error, hide_parameters=True, dialect=dialect)


def outlast(write: Callable[[], None]) -> None:
    """Do what only this process knows, once more where that passes: a database that restarts, or a lock of somebody else's."""
    for wait_s in (*AFTER_A_RESTART_S, None):
        try:
            write()
            return
        except passing():
            if wait_s is None:
                raise
            time.sleep(wait_s)
