"""Faults that are tried by tests of their own: the matrix runs these, and says so; and those that cannot be run yet."""

import subprocess
import sys
from dataclasses import dataclass

from tests.journeys.processes import ROOT


@dataclass(frozen=True)
class Elsewhere:
    """A row of the matrix whose proof stands among the tests; ``words`` are pytest's."""

    fault: str
    what: str
    words: tuple[str, ...]

    def passes(self) -> bool:
        command = [sys.executable, "-m", "pytest", "-q", "-n", "0", "-m", "", *self.words]
        return subprocess.run(command, cwd=ROOT, check=False, stdout=subprocess.DEVNULL).returncode == 0


TESTS = (
    Elsewhere("S-F9", "full disk: the site says 503, LMTP 451", ("tests/journeys/test_full_disk.py",)),
    Elsewhere(
        "S-F12",
        "times that a clock shows twice or never",
        ("tests/announcements/test_timing.py", "tests/test_zones.py"),
    ),
    Elsewhere("S-F14", "double click, two tabs, twenty at once", ("tests/announcements/test_races.py",)),
    Elsewhere("S-F15", "what is long past due waits for a person", ("tests/announcements/test_dispatch.py",)),
    Elsewhere(
        "S-F16",
        "LMTP: 250 only after the commit; the same mail again is no second",
        ("tests/inbound/test_server.py", "tests/inbound/test_intake.py"),
    ),
    Elsewhere("S-F17", "poison in the queue of what came in", ("tests/hostile",)),
)

LEFT_OUT = {
    "S-F7, policy": "an announcement that pauses itself after 5.7.x belongs to waves and pacing (item 3), not tried here yet",
    "S-F11, disk": "no virtual machine whose power could be cut: that commits are flushed is tested by their settings alone",
    "S-F16, kill": "kill -9 of the LMTP server between commit and 250: no failpoints on the way in yet",
    "S-F21": "nothing has been released, so there is no second migration to run",
}
