"""How long until the first letter, through the job engine as ``make run`` starts it: from the confirming click, and from the
release by its schedule, to the sink's first count.

The two minutes of the hold are left out: they are over at the click. What remains is freezing the audience, the wait for the
schedule, and what a worker does before its first letter.
"""

import contextlib
import signal
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from caucusmail import clock, database, jobs
from caucusmail.announcements import timing
from caucusmail.announcements.models import Announcement
from caucusmail.audit import heartbeats
from caucusmail.database import db
from caucusmail.serve.run import children
from tests.announcements import rooms
from tests.announcements.rooms import Room
from tests.bench import postfix
from tests.bench.figures import Asked, Tell, ratio, spread
from tests.bench.postfix import Sink
from tests.bench.world import World, ago, world
from tests.journeys import processes
from tests.journeys.processes import until

MAIL_SERVER = "127.0.0.1"


@dataclass(frozen=True)
class Took:
    """Seconds of one announcement; and its letters a second from the first to the last."""

    confirming: float
    click_to_release: float
    release_to_letter: float
    click_to_letter: float
    rate: float


@contextlib.contextmanager
def job_engine(place: World) -> Iterator[None]:
    """The process that does the jobs, with its schedule, at work on the database of ``place``."""
    given = place.configuration
    folder = Path(str(given["INSTANCE"]))
    names = ("SECRET_KEY", "MAIL_DOMAIN", "CONTROLLER", "SITE_URL")
    env = processes.environment(folder, **{name: str(given[name]) for name in names})
    url = str(given["SQLALCHEMY_DATABASE_URI"])
    env |= {
        "DATABASE_URL": url,
        "MAIL_SERVER": MAIL_SERVER,
        "MAIL_PORT": str(place.port),
        "HOST": "127.0.0.1",
        "PORT": "1",
    }
    [engine] = [one for one in children(env, folder / "log") if one.name == "jobs"]
    engine.start(env)
    try:
        until(_at_work, f"the job engine is at work: {engine.log}", 60)
        yield
    finally:
        assert engine.process is not None
        processes.end(engine.process, signal.SIGTERM)


def _at_work() -> bool:
    with database.reading():
        return heartbeats.alive("jobs")


def run(place: World, taker: Sink, room: Room, made: Announcement, count: int) -> Took:
    """Confirm ``made``, a draft that was tested, and wait for its first letter and its last."""
    before, clicked, clicked_at = taker.counted, time.monotonic(), clock.now()
    with ago(timing.HOLD):
        rooms.confirmed(room, made)
    confirmed = time.monotonic()
    first = taker.reaches(before + 1)
    last = taker.reaches(before + count)
    until(lambda: sum(place.rows(made).values()) == count and len(place.rows(made)) == 1, "every copy is settled")
    place.accepted_once(made, count)
    taker.holds(before + count)
    db.session.refresh(made, ["begun_at"])
    assert made.begun_at is not None
    released = (made.begun_at - clicked_at).total_seconds()
    db.session.rollback()
    return Took(
        confirmed - clicked, released, first - clicked - released, first - clicked, count / max(last - first, 0.001)
    )


def measure(tell: Tell, asked: Asked) -> None:
    """One line."""
    count, found, limits = asked.number(10_000), [], []
    with world("sqlite") as place:
        room = place.room("many", count)
        drafts = [place.tested(room) for _ in range(asked.runs)]
        with postfix.sink(place.port) as taker, job_engine(place):
            for made in drafts:
                limits.append(postfix.limit(count))
                found.append(run(place, taker, room, made, count))
    rates = [one.rate for one in found]
    tell(
        "first_letter", engine="embedded", database="sqlite", n=count, unit="s",
        click_to_first_letter=spread([one.click_to_letter for one in found], 3),
        confirming=spread([one.confirming for one in found], 3),
        click_to_release=spread([one.click_to_release for one in found], 3),
        release_to_first_letter=spread([one.release_to_letter for one in found], 3),
        left_out_hold_s=timing.HOLD.total_seconds(), schedule_s=jobs.SCHEDULE["dispatch_due"],
        letters_a_second=spread(rates), R=spread(limits), ratio=ratio(rates, limits),
    )  # fmt: skip
