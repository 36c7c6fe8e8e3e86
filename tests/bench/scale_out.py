"""Whether more workers send more, and no row twice: 1, 2 and 4 processes on PostgreSQL, to a relay that is slow as a real one is.

There the lines decide, of which each worker has its own; so rates can grow until the machine's cores, the database or the
relay are full. The relay's own count and the rows tell that nobody claimed twice; R tells what the machine was worth.
"""

from statistics import median

from tests.bench import postfix, slow_relay
from tests.bench.crew import crew
from tests.bench.engine import WARM_UP, Runs
from tests.bench.figures import Asked, Tell
from tests.bench.world import world

LINES = 4  # of each worker


def measure(tell: Tell, asked: Asked) -> None:
    """A line for each number of workers that is asked for, and for twice the largest."""
    count, first = asked.number(3_000), 0.0
    with world("postgresql", MAIL_CONNECTIONS=LINES) as place:
        warm = min(WARM_UP, count)
        few, many = place.room("few", warm), place.room("many", count)
        for workers in (*asked.workers, 2 * max(asked.workers)):
            found = Runs()
            with crew([place.configuration] * workers) as staff:
                slow_relay.sent(place, staff, few, warm)
                for _ in range(asked.runs):
                    limit = postfix.limit(count)
                    found.add(count, limit, slow_relay.sent(place, staff, many, count))
            first = first or median(found.rates)
            tell(
                "scale_out", database="postgresql", workers=workers, lines=LINES, n=count, **found.figures(),
                growth=round(median(found.rates) / first, 2), claimed_twice=0,
            )  # fmt: skip
