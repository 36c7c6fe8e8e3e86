"""Faults that are tried by tests of their own: the matrix runs these, and says so."""

import subprocess
import sys
from dataclasses import dataclass
from typing import Any

from tests.journeys.processes import ROOT


@dataclass(frozen=True)
class Elsewhere:
    """A row of the matrix whose proof stands among the tests; ``words`` are pytest's."""

    name: str
    words: tuple[str, ...]

    def tried(self) -> dict[str, Any]:
        """Whether the tests pass."""
        command = [sys.executable, "-m", "pytest", "-q", "-n", "0", "-m", "", *self.words]
        done = subprocess.run(command, cwd=ROOT, check=False, capture_output=True, text=True)
        last = (done.stdout.strip().splitlines() or [""])[-1]
        return {"said": last.strip("= "), "pass": done.returncode == 0}


TESTS = (
    Elsewhere("S-F9 site and LMTP", ("tests/journeys/test_full_disk.py",)),
    Elsewhere("S-F12 twice or never", ("tests/announcements/test_timing.py", "tests/test_zones.py")),
    Elsewhere("S-F12 retries and schedule", ("tests/delivery/test_ahead.py", "tests/test_schedule.py")),
    Elsewhere("S-F14", ("tests/announcements/test_races.py",)),
    Elsewhere("S-F15", ("tests/announcements/test_dispatch.py",)),
    Elsewhere("S-F16 the same mail again", ("tests/inbound/test_server.py", "tests/inbound/test_intake.py")),
    Elsewhere("S-F17", ("tests/hostile",)),
)
