"""A worker process of the engine, as small as one in production: ``python -m tests.bench.worker CONFIG`` (JSON).

For each word on its standard input it works until nothing is due, through the job engine's own task, and prints one line of JSON.
"""

import json
import re
import resource
import sys
import time
from collections.abc import Callable
from pathlib import Path

from caucusmail import database, jobs
from caucusmail.assembly import without_pages
from caucusmail.delivery import claims
from caucusmail.delivery.models import Lane


def spent_s() -> float:
    """Seconds of the processor that this process has taken, in the system's code too."""
    taken = resource.getrusage(resource.RUSAGE_SELF)
    return taken.ru_utime + taken.ru_stime


def peak_mb() -> float:
    """The most memory that was resident so far (VmHWM), in MB of 1,000,000 octets."""
    found = re.search(r"VmHWM:\s+(\d+) kB", Path("/proc/self/status").read_text())
    assert found
    return int(found[1]) * 1024 / 1e6


def forget_peak() -> None:
    """The peak begins anew, with what is resident now."""
    Path("/proc/self/clear_refs").write_text("5")


def serve(work: Callable[[str], None]) -> None:
    """Do ``work`` at each word that comes in, and say when it ended and what it took."""
    print(json.dumps("ready"), flush=True)
    for word in sys.stdin:
        before = spent_s()
        work(word.strip())
        print(json.dumps({"ended": time.monotonic(), "cpu_s": spent_s() - before, "peak_mb": peak_mb()}), flush=True)


def until_nothing_is_due(_word: str) -> None:
    """Turns, one after another."""
    while _due():
        jobs.deliver_bulk()


def _due() -> bool:
    with database.reading():
        return claims.anything_due(Lane.BULK)


if __name__ == "__main__":
    with without_pages(json.loads(sys.argv[1])).app_context():
        serve(until_nothing_is_due)
