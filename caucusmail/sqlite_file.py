"""The SQLite file of the embedded house: how its connections are prepared, and that what was taken out stands in it no more.

``secure_delete`` overwrites what is deleted or changed in the file itself. The log beside it (``-wal``) keeps older pages until it
is begun anew: ``empty_log`` has that done.
"""

import logging
import sqlite3
from typing import Any

from sqlalchemy import URL

logger = logging.getLogger(__name__)

PATIENCE_S = 15
"""How long a writer waits until another one is done."""

SHORTLY_S = 0.05
"""How long emptying the log waits for who reads or writes; the next time is soon enough."""


def prepare(connection: Any, _record: Any) -> None:
    """WAL, enforced foreign keys, patience, nothing left of what is deleted; and our own BEGIN (SQLAlchemy's documented way for pysqlite)."""
    connection.isolation_level = None
    cursor = connection.cursor()
    patience = f"busy_timeout={PATIENCE_S * 1000}"
    for pragma in ("foreign_keys=ON", "journal_mode=WAL", "synchronous=FULL", "secure_delete=ON", patience):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


def empty_log(url: URL) -> bool:
    """Bring the log into the file and cut it to nothing, as far as others let it; whether it is empty. It never fails for long.

    Call it outside any transaction. With another database, or one in memory, there is nothing to do.
    """
    if url.get_backend_name() != "sqlite" or not url.database or url.database == ":memory:":
        return True
    try:
        connection = sqlite3.connect(url.database, timeout=SHORTLY_S, isolation_level=None)
        try:
            (busy, _pages, _done) = connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
        finally:
            connection.close()
    except sqlite3.Error as problem:  # a full disk: what was done is done, and this is tried again
        logger.warning("the log of the database could not be emptied: %s", problem)
        return False
    return not busy
