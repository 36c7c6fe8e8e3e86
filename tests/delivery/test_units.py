import sqlite3

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import OperationalError

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
