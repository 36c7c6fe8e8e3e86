"""The embedded broker: an SQLite file that kombu reads and writes. With any other broker there is nothing to do here."""

import sqlite3
from pathlib import Path

from kombu.transport import sqlalchemy as sqlite_transport
from sqlalchemy import make_url


def _path(broker_url: str) -> str | None:
    return make_url(broker_url.removeprefix("sqla+")).database if broker_url.startswith("sqla+sqlite:") else None


def prepare(broker_url: str) -> None:
    """Make its folder and file: readers and the one writer do not wait for each other; asked ten times a second."""
    path = _path(broker_url)
    if path is None:
        return
    sqlite_transport.Transport.polling_interval = 0.1  # no option of the transport reaches it (kombu 5.7)
    Path(path).parent.mkdir(parents=True, exist_ok=True)
    connection = sqlite3.connect(path, timeout=30)
    connection.execute("PRAGMA journal_mode=WAL")
    connection.close()


def purge(broker_url: str) -> None:
    """Delete what was consumed a day ago; the transport itself never deletes."""
    path = _path(broker_url)
    if path is None:
        return
    connection = sqlite3.connect(path, timeout=30, isolation_level=None)
    if connection.execute("SELECT 1 FROM sqlite_master WHERE name = 'kombu_message'").fetchone():
        connection.execute(
            "DELETE FROM kombu_message WHERE visible = 0 AND timestamp < datetime('now', 'localtime', '-1 day')"
        )
    connection.close()


def trouble(broker_url: str) -> str:
    """Why the file cannot be used; "" if it can, or the broker is no file."""
    path = _path(broker_url)
    if path is None:
        return ""
    try:
        connection = sqlite3.connect(
            f"{Path(path).absolute().as_uri()}?mode=rw", uri=True, timeout=3, isolation_level=None
        )
        connection.execute("BEGIN IMMEDIATE")
        connection.execute("ROLLBACK")
        connection.close()
    except sqlite3.Error as problem:
        return f"{path}: {problem}"
    return ""
