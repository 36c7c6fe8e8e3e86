"""A million recipients of one announcement (``N=`` fewer): how long, how much disk, how much memory.

It takes many minutes and some gigabytes, so it is measured only when its name is asked for.
"""

import time
from pathlib import Path

from sqlalchemy import text

from caucusmail.announcements import progress
from caucusmail.announcements.models import Announcement
from caucusmail.database import db, reading
from tests.announcements import rooms
from tests.announcements.rooms import Room
from tests.bench import engine, postfix, worker
from tests.bench.crew import crew
from tests.bench.engine import Runs
from tests.bench.figures import Asked, Tell
from tests.bench.world import PAST, World, ago, world

LINES = 4
R_OF = 20_000  # letters


def megabytes() -> float:
    """The whole database on the disk, with SQLite's journal."""
    if db.engine.dialect.name == "postgresql":
        with db.engine.connect() as connection:
            return float(connection.scalar(text("SELECT pg_database_size(current_database())"))) / 1e6
    file = Path(str(db.engine.url.database))
    return sum(one.stat().st_size for one in file.parent.glob(f"{file.name}*")) / 1e6


def confirmed(room: Room, made: Announcement) -> dict[str, float]:
    """Confirm it, as a web process does: seconds, and the most memory meanwhile."""
    worker.forget_peak()
    began = time.monotonic()
    with ago(PAST):
        rooms.confirmed(room, made)
    return {"confirm_s": round(time.monotonic() - began, 1), "confirm_peak_mb": round(worker.peak_mb(), 1)}


def _numbers_ms(made: Announcement) -> float:
    """What the page of its numbers asks of the database."""
    began = time.monotonic()
    with reading():
        progress.numbers(made)
    return round((time.monotonic() - began) * 1000, 1)


def _sent(place: World, made: Announcement, workers: int, count: int) -> Runs:
    found = Runs()
    limit = postfix.limit(min(R_OF, count))
    with crew([place.configuration] * workers) as staff:
        found.add(count, limit, engine.leaves(place, staff, made, count))
    return found


def measure(database: str, tell: Tell, asked: Asked) -> None:
    """One run, with the largest number of workers that is asked for."""
    count, workers = asked.number(1_000_000), max(asked.workers)
    with world(database, MAIL_CONNECTIONS=LINES) as place:
        room = place.room("many", count)
        made = place.tested(room)
        people = megabytes()
        confirming = confirmed(room, made)
        owed = megabytes()
        found = _sent(place, made, workers, count)
        sent = megabytes()
        tell(
            "million", database=database, n=count, workers=workers, lines=LINES, **confirming,
            sending_s=round(count / found.rates[0], 1), **found.figures(), numbers_ms=_numbers_ms(made),
            database_mb={"people": round(people), "owed": round(owed), "sent": round(sent)},
            ledger_bytes_a_row=round((sent - people) * 1e6 / count),
        )  # fmt: skip
