import sqlite3
from pathlib import Path

import pytest

from caucusmail import broker_file


def test_consumed_rows_are_deleted_after_a_day(tmp_path: Path) -> None:
    url = f"sqla+sqlite:///{tmp_path / 'broker.sqlite3'}"
    broker_file.prepare(url)
    broker_file.purge(url)  # no table yet
    broker = sqlite3.connect(tmp_path / "broker.sqlite3", isolation_level=None)
    assert broker.execute("PRAGMA journal_mode").fetchone() == ("wal",)
    broker.execute("CREATE TABLE kombu_message (id INTEGER, visible BOOLEAN, timestamp DATETIME)")
    broker.execute(
        "INSERT INTO kombu_message VALUES (1, 0, datetime('now', '-3 days')), (2, 0, datetime('now')), (3, 1, NULL)"
    )
    broker_file.purge(url)
    assert broker.execute("SELECT id FROM kombu_message ORDER BY id").fetchall() == [(2,), (3,)]
    broker.close()


def test_a_broker_of_another_kind_is_left_alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    for url in ("amqp://host//", "redis://host/0", "memory://"):
        broker_file.prepare(url)
        broker_file.purge(url)
    assert list(tmp_path.iterdir()) == []
