"""A worker process of the engine, as small as one in production: ``python -m tests.bench.worker CONFIG`` (JSON).

For each line on its standard input it works until nothing is due, through the job engine's own task, and prints one line of JSON.
"""

import json
import re
import resource
import sys
import time
from pathlib import Path

from caucusmail import database, jobs
from caucusmail.app import create_app
from caucusmail.delivery import claims
from caucusmail.delivery.models import Lane


def cpu_s() -> float:
    """Seconds of the processor that this process has taken, in the system's code too."""
    taken = resource.getrusage(resource.RUSAGE_SELF)
    return taken.ru_utime + taken.ru_stime


def peak_mb() -> float:
    """The most memory that was resident so far (VmHWM), in MB of 1,000,000 octets."""
    found = re.search(r"VmHWM:\s+(\d+) kB", Path("/proc/self/status").read_text())
    assert found
    return int(found[1]) * 1024 / 1e6


def work() -> dict[str, float]:
    """Turns, until nothing is due."""
    before = cpu_s()
    while _due():
        jobs.deliver_bulk()
    return {"ended": time.monotonic(), "cpu_s": cpu_s() - before, "peak_mb": peak_mb()}


def _due() -> bool:
    with database.reading():
        return claims.anything_due(Lane.BULK)


def main(configuration: str) -> None:
    app = create_app(json.loads(configuration))
    with app.app_context():
        print(json.dumps("ready"), flush=True)
        for _order in sys.stdin:
            print(json.dumps(work()), flush=True)


if __name__ == "__main__":
    main(sys.argv[1])
