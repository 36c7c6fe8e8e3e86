"""Worker processes that begin at one word, and what they took for it."""

import contextlib
import json
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from tests.journeys.processes import ROOT


@dataclass(frozen=True)
class Done:
    """What all workers together took, from the word to the end of the last."""

    seconds: float
    cpu_s: float
    peak_mb: float  # of the largest


class Crew:
    """Workers that are ready."""

    def __init__(self, workers: list["subprocess.Popen[str]"]) -> None:
        self._workers = workers
        for one in workers:
            assert self._told(one) == "ready"

    def begin(self) -> float:
        """Let them work; when that was (monotonic)."""
        began = time.monotonic()
        for one in self._workers:
            assert one.stdin is not None
            one.stdin.write("go\n")
            one.stdin.flush()
        return began

    def end(self, began: float) -> Done:
        """Wait until none of them has anything to do."""
        told = [self._told(one) for one in self._workers]
        last = max(one["ended"] for one in told)
        return Done(last - began, sum(one["cpu_s"] for one in told), max(one["peak_mb"] for one in told))

    def work(self) -> Done:
        """Let them work until nothing is due."""
        return self.end(self.begin())

    @staticmethod
    def _told(worker: "subprocess.Popen[str]") -> Any:
        assert worker.stdout is not None
        line = worker.stdout.readline()
        assert line, f"a worker ended with {worker.wait()}"
        return json.loads(line)


@contextlib.contextmanager
def crew(size: int, configuration: Mapping[str, Any]) -> Iterator[Crew]:
    """``size`` workers of this configuration."""
    command = [sys.executable, "-m", "tests.bench.worker", json.dumps(configuration)]
    with contextlib.ExitStack() as stack:
        workers = []
        for _ in range(size):
            worker = subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
            workers.append(stack.enter_context(worker))  # leaving it closes its input, which ends it
        yield Crew(workers)
