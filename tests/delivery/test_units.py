import sqlite3
import threading

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import OperationalError

from caucusmail import sqlite_file
from caucusmail.database import db
from caucusmail.delivery import units
from tests import another, settings_for


@pytest.fixture
def house(tmp_path):
    with (
        another.house(settings_for.testing(f"sqlite:///{tmp_path / 'units.sqlite3'}", tmp_path)) as house,
        house.app_context(),
    ):
        yield house


def level(cursor: sqlite3.Cursor) -> int:
    return int(cursor.execute("PRAGMA synchronous").fetchone()[0])


def test_units_do_not_wait_for_the_disk_and_what_follows_on_the_same_connection_does(house):
    normal, full = 1, 2
    with units.unflushed() as unit, unit() as cursor:
        assert level(cursor) == normal
    with db.engine.connect() as connection:
        assert level(connection.connection.cursor()) == full


def test_each_unit_is_kept_by_itself(house):
    with db.engine.begin() as connection:
        connection.execute(text("CREATE TABLE told (word TEXT)"))
    with pytest.raises(RuntimeError), units.unflushed() as unit:
        with unit() as cursor:
            cursor.execute("INSERT INTO told VALUES ('kept')")
        with unit() as cursor:
            cursor.execute("INSERT INTO told VALUES ('lost')")
            raise RuntimeError
    with db.engine.connect() as connection:
        assert connection.execute(select(text("word FROM told"))).scalars().all() == ["kept"]


def test_what_the_driver_raises_is_told_in_sqlalchemys_words(house):
    with pytest.raises(OperationalError, match="no such table"), units.unflushed() as unit, unit() as cursor:
        cursor.execute("INSERT INTO nowhere VALUES (1)")
    with units.unflushed() as unit, unit() as cursor:
        assert level(cursor) == 1


def test_sqlite_has_no_server_that_could_be_away(house):
    assert units.gone() == ()


@pytest.fixture
def writer(house):
    """Somebody else, in another process as it were, who has begun to write."""
    other = sqlite3.connect(db.engine.url.database, isolation_level=None, check_same_thread=False)
    other.execute("BEGIN IMMEDIATE")
    yield other
    other.close()


def test_a_unit_begins_as_soon_as_nobody_else_writes(writer):
    threading.Timer(0.2, writer.rollback).start()
    with units.unflushed() as unit, unit() as cursor:
        assert not writer.in_transaction
        cursor.execute("CREATE TABLE told (word TEXT)")


def test_a_unit_waits_no_longer_than_everybody_else(writer, monkeypatch):
    monkeypatch.setattr(sqlite_file, "PATIENCE_S", 0.05)
    with pytest.raises(OperationalError, match="locked") as raised, units.unflushed() as unit, unit():
        pass
    assert isinstance(raised.value, units.passing())


def test_what_waits_after_units_waits_as_long_as_before(house):
    with units.unflushed() as unit, unit():
        pass
    with db.engine.connect() as connection:
        assert connection.exec_driver_sql("PRAGMA busy_timeout").scalar() == sqlite_file.PATIENCE_S * 1000
