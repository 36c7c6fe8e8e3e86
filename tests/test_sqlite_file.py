import sqlite3
from pathlib import Path

import pytest
from sqlalchemy import make_url

from caucusmail import sqlite_file

WORD = b"Zuleikha Canarywood"


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "house.sqlite3"


@pytest.fixture
def connection(path: Path):
    made = sqlite3.connect(path)
    sqlite_file.prepare(made, None)
    made.execute("CREATE TABLE told (id INTEGER PRIMARY KEY, word TEXT)")
    made.execute("CREATE INDEX words ON told (word)")
    made.execute("BEGIN")
    made.executemany("INSERT INTO told VALUES (?, ?)", [(number, WORD.decode()) for number in range(5000)])
    made.execute("COMMIT")
    yield made
    made.close()


def octets(path: Path) -> bytes:
    """What somebody reads who has the file, and the log beside it."""
    return b"".join(one.read_bytes() for one in sorted(path.parent.glob(f"{path.name}*")))


def empty(path: Path) -> bool:
    return sqlite_file.empty_log(make_url(f"sqlite:///{path}"))


def test_what_was_changed_or_deleted_stands_in_the_file_no_more(path, connection):
    assert octets(path).count(WORD) >= 10000
    connection.execute("UPDATE told SET word = 'x' WHERE id % 2 = 0")
    connection.execute("DELETE FROM told WHERE id % 2 = 1")
    assert WORD in octets(path)
    assert empty(path)
    assert WORD not in octets(path)
    assert path.with_name(f"{path.name}-wal").stat().st_size == 0


def test_whoever_reads_meanwhile_keeps_what_they_read_and_nothing_fails(path, connection):
    reader = sqlite3.connect(path, isolation_level=None)
    reader.execute("BEGIN")
    assert reader.execute("SELECT count(*) FROM told").fetchone() == (5000,)
    connection.execute("DELETE FROM told")
    assert not empty(path)
    assert reader.execute("SELECT count(*) FROM told").fetchone() == (5000,)
    reader.execute("COMMIT")
    assert empty(path)
    assert WORD not in octets(path)
    reader.close()


def test_whoever_writes_meanwhile_is_not_disturbed(path, connection):
    connection.execute("BEGIN IMMEDIATE")
    connection.execute("DELETE FROM told")
    assert not empty(path)
    connection.execute("COMMIT")
    assert empty(path)


def test_a_file_that_cannot_be_read_is_told_and_fails_nothing(tmp_path, caplog):
    (tmp_path / "none.sqlite3").write_bytes(b"no database at all" * 100)
    assert not empty(tmp_path / "none.sqlite3")
    assert "could not be emptied" in caplog.text


@pytest.mark.parametrize("url", ["sqlite://", "sqlite:///:memory:", "postgresql://localhost/caucusmail"])
def test_with_another_database_there_is_nothing_to_do(url):
    assert sqlite_file.empty_log(make_url(url))
