"""Small units of work that do not wait for the disk: for the marks of letters under way, and nothing else."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from functools import partial

from sqlalchemy import Connection, Engine
from sqlalchemy.exc import InterfaceError, OperationalError

from caucusmail.database import db

Units = Callable[[], AbstractContextManager[Connection]]


@contextmanager
def unflushed() -> Iterator[Units]:
    """Many small units of work (``with begin() as connection:``), on a connection of their own, that do not wait for the disk.

    A killed process loses none of them; a power cut may lose the last ones, those before the last ``transaction()``
    excepted: its commit flushes everything. SQLite: ``synchronous=NORMAL`` (in WAL mode); PostgreSQL:
    ``synchronous_commit=off``.
    """
    bind: Engine | Connection = db.engine
    if isinstance(bind, Connection):  # of somebody who has begun a transaction already
        yield partial(_within, bind)
        return
    sqlite = bind.dialect.name == "sqlite"
    with bind.connect() as connection:
        _flush(connection, "PRAGMA synchronous=NORMAL" if sqlite else "SET synchronous_commit=off")
        try:
            yield partial(_within, connection)
        finally:
            if not connection.invalidated:
                connection.rollback()
                _flush(connection, "PRAGMA synchronous=FULL" if sqlite else "RESET synchronous_commit")


@contextmanager
def _within(connection: Connection) -> Iterator[Connection]:
    with connection.begin_nested() if connection.in_transaction() else connection.begin():
        yield connection


def gone() -> tuple[type[Exception], ...]:
    """What is raised when the database server goes away, or is away; nothing on SQLite, which has none."""
    if db.engine.dialect.name == "sqlite":
        return ()
    driver = db.engine.dialect.loaded_dbapi
    return OperationalError, InterfaceError, driver.OperationalError, driver.InterfaceError


def _flush(connection: Connection, setting: str) -> None:
    """Say how commits of ``connection`` are flushed. SQLite takes that outside any transaction only."""
    if connection.dialect.name == "sqlite":
        cursor = connection.connection.cursor()
        cursor.execute(setting)
        cursor.close()
        return
    with connection.begin():
        connection.exec_driver_sql(setting)
