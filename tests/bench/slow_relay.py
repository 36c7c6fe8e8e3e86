"""The engine with 16 lines to a slow relay (``tests.bench.slow_server``), beside ``smtp-source -s 16``, which waits for each answer in turn."""

import contextlib
import smtplib
import subprocess
import sys
from collections.abc import Iterator

from tests.announcements.rooms import Room
from tests.bench import postfix
from tests.bench.crew import Crew, Done, crew
from tests.bench.engine import Runs
from tests.bench.figures import Asked, Tell
from tests.bench.world import World, world
from tests.journeys.processes import ROOT, free_port, until

LINES = 16
SERVER = "tests.bench.slow_server"


def counted(port: int) -> int:
    """How many messages the relay at ``port`` took so far."""
    with smtplib.SMTP("127.0.0.1", port) as client:
        return int(client.noop()[1])


@contextlib.contextmanager
def relay(port: int = 0) -> Iterator[int]:
    """The slow relay in a process of its own; its port."""
    port = port or free_port()
    process = subprocess.Popen([sys.executable, "-m", SERVER, str(port)], cwd=ROOT)
    try:
        until(lambda: postfix.listens(port), "the slow relay listens", 20)
        yield port
    finally:
        process.terminate()
        process.wait()


def pushed(count: int) -> float:
    """What ``smtp-source -s 16`` does with it."""
    with relay() as port:
        rate = postfix.pushed(port, count, LINES)
        assert counted(port) == count
    return rate


def sent(place: World, workers: Crew, room: Room, count: int) -> Done:
    """One announcement through it."""
    announcement = place.held(room)
    with relay(place.port):
        place.release()
        done = workers.work()
        assert counted(place.port) == count
    place.accepted_once(announcement, count)
    return done


def measure(tell: Tell, asked: Asked) -> None:
    """One worker with 16 lines beside 16 sessions of ``smtp-source``."""
    count, found = asked.number(6_000), Runs()
    with world("sqlite", MAIL_CONNECTIONS=LINES) as place:
        warm = min(500, count)
        few, many = place.room("few", warm), place.room("many", count)
        with crew([place.configuration]) as workers:
            sent(place, workers, few, warm)
            for _ in range(asked.runs):
                limit = pushed(count)
                found.add(count, limit, sent(place, workers, many, count))
    tell(
        "slow_relay", database="sqlite", workers=1, lines=LINES, n=count, **found.figures(),
        R_is="smtp-source -d -s 16 into the same relay", required=1.2, goal=1.7,
    )  # fmt: skip
