"""Model base, naming convention, column types, the session, and the two units of work.

``transaction()`` is the program's unit of work and ``aside()`` the small one beside it (for what must be kept although
the first is refused: throttles, refused attempts). These two hold the only commits of the house. ``reading()`` is the
unit of work of a GET: it keeps nothing.

SQLite: a writing unit begins with ``BEGIN IMMEDIATE``, so that two writers queue (``busy_timeout``) instead of one of
them failing when its read snapshot turns stale; a reading unit begins with plain ``BEGIN``.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, datetime
from enum import Enum
from typing import Annotated, Any

from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import JSON, Dialect, Engine, Integer, MetaData, delete, event, inspect, select, text, tuple_, update
from sqlalchemy import DateTime as SqlDateTime
from sqlalchemy import Enum as SqlEnum
from sqlalchemy.orm import DeclarativeBase, Session, mapped_column
from sqlalchemy.orm import sessionmaker as make_sessions
from sqlalchemy.types import TypeDecorator

from caucusmail import sqlite_file

NAMING = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}


class Instant(TypeDecorator[datetime]):
    """An aware time; stored in UTC, read back aware in UTC on every database."""

    impl = SqlDateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002 - SQLAlchemy's signature
        """Refuse a naive time; store UTC."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError(f"a naive time reached the database: {value!r}")
        return value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002 - SQLAlchemy's signature
        """SQLite forgets the zone; it was UTC."""
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


class WallTime(TypeDecorator[datetime]):
    """A time as a clock on the wall shows it, without zone; its zone stands in a column beside it."""

    impl = SqlDateTime(timezone=False)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002 - SQLAlchemy's signature
        """Refuse an aware time."""
        if value is not None and value.tzinfo is not None:
            raise ValueError(f"an aware time cannot be a wall time: {value!r}")
        return value


Key = Annotated[int, mapped_column(primary_key=True)]
Wall = Annotated[datetime, mapped_column(WallTime)]
OptionalWall = Annotated[datetime | None, mapped_column(WallTime)]
Words = dict[str, str]
"""One text in several languages: language code to text; ``languages.pick`` chooses."""


class Model(DeclarativeBase):
    """Base of every table: enums stored by value, times aware."""

    metadata = MetaData(naming_convention=NAMING)
    type_annotation_map = {
        datetime: Instant,
        dict[str, str]: JSON,
        dict[str, Any]: JSON,
        list[str]: JSON,
        list[int]: JSON,
        list[dict[str, Any]]: JSON,
        Enum: SqlEnum(
            Enum,
            native_enum=False,
            length=32,
            create_constraint=False,
            values_callable=lambda members: [member.value for member in members],
        ),
    }


@event.listens_for(Model, "instrument_class", propagate=True)
def _never_use_an_id_twice(mapper: Any, _class: Any) -> None:
    """Old letters hold ids: SQLite must not give the id of a deleted row to the next one (PostgreSQL never does)."""
    key = list(mapper.local_table.primary_key.columns)
    if len(key) == 1 and isinstance(key[0].type, Integer):
        mapper.local_table.dialect_options["sqlite"]["autoincrement"] = True


class Database(SQLAlchemy):
    """Our engines, and only ours, are prepared: the job engine's broker file keeps its own ways."""

    def _make_engine(self, bind_key: str | None, options: dict[str, Any], app: Any) -> Engine:
        engine = super()._make_engine(bind_key, options, app)
        if engine.dialect.name == "sqlite":
            event.listen(engine, "connect", sqlite_file.prepare)
            event.listen(engine, "begin", _begin_sqlite)
        return engine


db = Database(
    metadata=Model.metadata,
    session_options={"autoflush": True, "expire_on_commit": False},
    engine_options={"pool_pre_ping": True, "hide_parameters": True},  # addresses of people stay out of the log
)

_writing: ContextVar[bool] = ContextVar("writing", default=True)
_wake: ContextVar[set[str] | None] = ContextVar("wake", default=None)
_on_wake: list[Callable[[str], None]] = []


def _begin_sqlite(connection: Any) -> None:
    connection.exec_driver_sql("BEGIN IMMEDIATE" if _writing.get() else "BEGIN")


class WroteWhileReading(RuntimeError):
    """A page that only reads tried to write: GET changes nothing."""


@event.listens_for(Session, "before_flush")
def _no_write_while_reading(session: Session, _context: Any, _instances: Any) -> None:
    if not _writing.get() and (session.new or session.dirty or session.deleted):
        raise WroteWhileReading("GET changes nothing")


@event.listens_for(Session, "after_flush")
def _note_write(session: Session, _context: Any) -> None:
    session.info["wrote"] = True


@event.listens_for(Session, "do_orm_execute")
def _note_statement(state: Any) -> None:
    if state.is_insert or state.is_update or state.is_delete:
        if not _writing.get():
            raise WroteWhileReading("GET changes nothing")
        state.session.info["wrote"] = True


def on_wake(callback: Callable[[str], None]) -> None:
    """Have ``callback(queue)`` called after each commit for every queue woken in that transaction."""
    _on_wake[:] = [callback]


def wake(queue: str) -> None:
    """Ask that ``queue`` be started after this transaction is committed; a lost call is found by the sweep."""
    woken = _wake.get()
    if woken is not None:
        woken.add(queue)


def leave_no_trace() -> None:
    """What the present unit takes out is not left in the log beside the file either, once it is committed (SQLite)."""
    db.session.info["leaves_no_trace"] = True


@contextmanager
def transaction() -> Iterator[None]:
    """The unit of work around one request, one received message or one task: all of it, or nothing.

    After the commit the queues that were woken in it are published.
    """
    writing, woken = _writing.set(True), _wake.set(set())
    try:
        try:
            yield
            db.session.commit()
        except BaseException:
            db.session.rollback()
            db.session.info.pop("leaves_no_trace", None)
            raise
        finally:
            db.session.info.pop("wrote", None)
        if db.session.info.pop("leaves_no_trace", False):
            sqlite_file.empty_log(db.engine.engine.url)
        for queue in sorted(_wake.get() or ()):
            for callback in _on_wake:
                callback(queue)
    finally:
        _writing.reset(writing)
        _wake.reset(woken)


def flush_at_commit() -> None:
    """What the present unit commits is on the disk before anything follows, whatever the server does by default."""
    if db.engine.dialect.name == "postgresql":
        db.session.execute(text("SET LOCAL synchronous_commit = on"))


def give_up() -> None:
    """Keep nothing of the present unit of work: the request was refused."""
    db.session.rollback()
    woken = _wake.get()
    if woken is not None:
        woken.clear()


@contextmanager
def reading() -> Iterator[None]:
    """The unit of work of a GET: nothing can be written, nothing is kept.

    :raises WroteWhileReading: something tried to write.
    """
    writing = _writing.set(False)
    try:
        yield
    finally:
        db.session.rollback()
        _writing.reset(writing)


@contextmanager
def aside() -> Iterator[Session]:
    """A second, small unit of work that is kept even if the first is refused.

    Use it before the first write of the present transaction (SQLite has one writer): what the first unit has read so
    far is let go and read again when it is needed.

    :raises RuntimeError: the first unit has already written.
    """
    if db.session.info.get("wrote"):
        raise RuntimeError("aside() must come before the first write of the transaction")
    db.session.rollback()
    writing = _writing.set(True)
    session = make_sessions(db.engine, join_transaction_mode="create_savepoint", expire_on_commit=False)()
    try:
        yield session
        session.commit()
    finally:
        session.close()
        _writing.reset(writing)


def moved(model: type[Model], *where: Any, **values: Any) -> bool:
    """Move one row's state by a guarded UPDATE; whether exactly one row was moved.

    ``moved(Announcement, Announcement.id == 7, Announcement.state == DRAFT, state=CONFIRMED)``: of two who try at the
    same time, one gets True. Copies of the row in the session are read again when next used.
    """
    statement = update(model).where(*where).values(**values).execution_options(synchronize_session=False)
    result: Any = db.session.execute(statement)
    read_again(model)
    return bool(result.rowcount == 1)


def lock(row: Model, *, alone: bool = False) -> None:
    """Hold one row until the end of the transaction, and read it again as it is now; ``alone``: what hangs on it is not.

    In two steps: a row that was read with others beside it (an outer join) would be locked with them, which PostgreSQL refuses.
    """
    kind = type(row)
    keys = inspect(kind).primary_key
    db.session.execute(select(*keys).where(*(key == getattr(row, str(key.key)) for key in keys)).with_for_update())
    db.session.refresh(row, [column.key for column in inspect(kind).column_attrs] if alone else None)


AT_ONCE = 1000
"""Rows that one step of forgetting deletes: nobody waits long behind it."""


def delete_some(model: type[Model], *where: Any) -> int:
    """Delete at most ``AT_ONCE`` of the rows for which ``where`` holds, the first ones first; how many."""
    key = inspect(model).primary_key
    some = select(*key).where(*where).order_by(*key).limit(AT_ONCE)
    gone = delete(model).where(tuple_(*key).in_(some)).execution_options(synchronize_session=False)
    result: Any = db.session.execute(gone)
    read_again(model)
    return int(result.rowcount)


def read_again(model: type[Model]) -> None:
    """What the session knows of ``model`` is read again when it is next used."""
    for row in list(db.session.identity_map.values()):
        if isinstance(row, model):
            db.session.expire(row)
