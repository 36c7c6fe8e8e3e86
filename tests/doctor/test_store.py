from collections.abc import Iterator
from pathlib import Path

import pytest
import sqlalchemy
from sqlalchemy import Engine

from caucusmail.app import House
from caucusmail.database import db
from caucusmail.doctor import store
from tests import services
from tests.journeys import processes


@pytest.fixture
def sqlite(app: House, tmp_path: Path) -> Iterator[Engine]:
    """An empty database of our own make."""
    with app.app_context():
        engine = db._make_engine(None, {"url": f"sqlite:///{tmp_path}/a.sqlite3"}, app)
    yield engine
    engine.dispose()


@pytest.fixture
def postgresql(app: House) -> Iterator[Engine]:
    url = services.fresh_postgresql("caucusmail_doctor")
    engine = sqlalchemy.create_engine(sqlalchemy.make_url(url).set(drivername="postgresql+psycopg"))
    yield engine
    engine.dispose()
    services.drop_postgresql(url)


def told(seen: store.Seen) -> dict[str, str]:
    return {one.check: str(one.verdict) for one in seen.findings}


def at(engine: Engine, revision: str) -> None:
    with engine.begin() as connection:
        connection.exec_driver_sql("CREATE TABLE alembic_version (version_num VARCHAR(32))")
        connection.exec_driver_sql(f"INSERT INTO alembic_version VALUES ('{revision}')")


def test_sqlite_of_ours_is_well_once_it_is_migrated(sqlite: Engine) -> None:
    assert told(store.look(sqlite)) == {"database": "ok", "migrations": "wrong", "database durability": "ok"}
    at(sqlite, store.HEAD.read_text().strip())
    seen = store.look(sqlite)
    assert set(told(seen).values()) == {"ok"}
    assert seen.ahead is None


def test_tables_of_another_release_are_wrong(sqlite: Engine) -> None:
    at(sqlite, "0000_older")
    (found,) = [one for one in store.look(sqlite).findings if one.check == "migrations"]
    assert "of 0000_older, and this is" in found.words
    assert found.todo == "flask db upgrade"


def test_an_sqlite_that_may_forget_a_commit_is_wrong(tmp_path: Path) -> None:
    engine = sqlalchemy.create_engine(f"sqlite:///{tmp_path}/b.sqlite3")
    sqlalchemy.event.listen(engine, "connect", lambda one, _record: one.execute("PRAGMA synchronous=OFF"))
    assert told(store.look(engine))["database durability"] == "wrong"
    engine.dispose()


def test_a_database_that_is_not_there_is_wrong(tmp_path: Path) -> None:
    for url in (
        f"sqlite:///{tmp_path}/no/such/folder.sqlite3",
        f"postgresql+psycopg://x:hush@127.0.0.1:{processes.free_port()}/x?connect_timeout=2",
    ):
        engine = sqlalchemy.create_engine(url)
        (found,) = store.look(engine).findings
        assert (found.verdict, "hush" in found.words) == ("wrong", False)
        engine.dispose()


@pytest.mark.services
def test_postgresql_is_asked_for_its_clock_and_its_durability(postgresql: Engine) -> None:
    seen = store.look(postgresql)
    assert told(seen)["database"] == "ok"
    assert "fsync=" in seen.findings[-1].words
    assert seen.ahead is not None
    assert abs(seen.ahead.total_seconds()) < 60


@pytest.mark.services
def test_postgresql_that_may_forget_a_commit_is_wrong(postgresql: Engine) -> None:
    def forget(connection, _record) -> None:
        connection.execute("SET synchronous_commit = off")
        connection.commit()

    sqlalchemy.event.listen(postgresql, "connect", forget)
    assert told(store.look(postgresql))["database durability"] == "wrong"
