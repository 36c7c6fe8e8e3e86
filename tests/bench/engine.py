"""How fast an announcement leaves by the way of the product, beside R: rows of a confirmed announcement, claimed, filled, sent, settled.

Each run has a new sink, whose own count must be right, and a new announcement, whose rows must all have been accepted at the
first try; R is taken right before it.
"""

from dataclasses import dataclass, field
from typing import Any

from caucusmail.announcements.models import Announcement
from tests.announcements.rooms import Room
from tests.bench import postfix
from tests.bench.crew import Crew, Done, crew
from tests.bench.figures import Asked, Tell, ratio, spread
from tests.bench.world import World, world

REQUIRED = {"sqlite": (0.5, 1.0), "postgresql": (0.35, 0.7)}  # of R, by two workers; and the goal
WARM_UP = 500  # letters


@dataclass
class Runs:
    """What was measured so far."""

    rates: list[float] = field(default_factory=list)
    limits: list[float] = field(default_factory=list)
    cpu_us: list[float] = field(default_factory=list)
    peak_mb: float = 0.0
    octets: int = 0

    def add(self, count: int, limit: float, done: Done) -> None:
        self.limits.append(limit)
        self.rates.append(count / done.seconds)
        self.cpu_us.append(done.cpu_s / count * 1e6)
        self.peak_mb = max(self.peak_mb, done.peak_mb)

    def figures(self) -> dict[str, Any]:
        return {
            "unit": "letters/s",
            **spread(self.rates),
            "R": spread(self.limits),
            "ratio": ratio(self.rates, self.limits),
            "cpu_us_a_letter": spread(self.cpu_us),
            "peak_mb": round(self.peak_mb, 1),
            "octets": self.octets or None,
        }


def sent(place: World, workers: Crew, room: Room, count: int) -> Done:
    """One announcement to everybody in ``room``, who are ``count``."""
    return leaves(place, workers, place.held(room), count)


def leaves(place: World, workers: Crew, announcement: Announcement, count: int) -> Done:
    """One announcement that is held: released, and sent to the last of its ``count`` copies."""
    with postfix.sink(place.port) as taker:
        place.release()
        done = workers.work()
        taker.holds(count)
    place.accepted_once(announcement, count)
    return done


def run(database: str, workers: int, lines: int, count: int, runs: int, **more: Any) -> Runs:
    """``runs`` announcements to ``count`` people, after one that warms the workers up."""
    found = Runs()
    with world(database, MAIL_CONNECTIONS=lines, **more) as place:
        warm = min(WARM_UP, count)
        few, many = place.room("few", warm), place.room("many", count)
        with crew([place.configuration] * workers) as staff:
            sent(place, staff, few, warm)
            for _ in range(runs):
                limit = postfix.limit(count)
                found.add(count, limit, sent(place, staff, many, count))
        found.octets = len(place.copy(few))
    return found


def measure(database: str, tell: Tell, asked: Asked) -> None:
    """A line for each number of workers, and of lines of each."""
    count = asked.number(20_000)
    for workers in asked.workers:
        for lines in asked.lines:
            found = run(database, workers, lines, count, asked.runs)
            required, goal = REQUIRED[database] if workers == 2 else (None, None)
            tell(
                "engine", database=database, workers=workers, lines=lines, n=count,
                **found.figures(), required=required, goal=goal,
            )  # fmt: skip
