"""A running house's own rows: what its database answers, and time that is not waited for."""

import sqlite3
from contextlib import closing
from datetime import UTC, datetime, timedelta
from typing import Any

from tests.journeys.processes import House


def asked(house: House, sql: str, *values: Any) -> list[Any]:
    """What the house's own database answers."""
    with closing(sqlite3.connect(house.instance / "caucusmail.sqlite3", timeout=15)) as database:
        return database.execute(sql, values).fetchall()


def do(house: House, sql: str, *values: Any) -> None:
    with closing(sqlite3.connect(house.instance / "caucusmail.sqlite3", timeout=15)) as database, database:
        database.execute(sql, values)


def now() -> str:
    return f"{datetime.now(UTC) - timedelta(seconds=1):%Y-%m-%d %H:%M:%S.%f}"


def let_go(house: House) -> None:
    """Move the end of the two minutes to now."""
    do(house, "UPDATE announcements SET release_at = ? WHERE state = 'confirmed' AND scheduled_for IS NULL", now())
    waiting = "SELECT message_id FROM announcements WHERE state = 'confirmed' AND scheduled_for IS NULL"
    do(house, f"UPDATE deliveries SET due_at = ? WHERE message_id IN ({waiting})", now())


def hurry(house: House, address: str) -> None:
    """Let letters of the house that wait for a change of mind leave now."""
    do(house, "UPDATE deliveries SET due_at = ? WHERE state = 'queued' AND address = ?", now(), address)
