"""Worker processes that begin at one word, and what they took for it; each speaks as ``tests.bench.worker`` does."""

import contextlib
import json
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
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

    def begin(self, word: str = "go") -> float:
        """Say the word; when that was (monotonic)."""
        began = time.monotonic()
        for one in self._workers:
            assert one.stdin is not None
            one.stdin.write(f"{word}\n")
            one.stdin.flush()
        return began

    def end(self, began: float) -> Done:
        """Wait until none of them has anything to do."""
        told = [self._told(one) for one in self._workers]
        last = max(one["ended"] for one in told)
        return Done(last - began, sum(one["cpu_s"] for one in told), max(one["peak_mb"] for one in told))

    def work(self, word: str = "go") -> Done:
        """Let them work, and wait for the end."""
        return self.end(self.begin(word))

    @staticmethod
    def _told(worker: "subprocess.Popen[str]") -> Any:
        assert worker.stdout is not None
        line = worker.stdout.readline()
        assert line, f"a worker ended with {worker.wait()}"
        return json.loads(line)


@contextlib.contextmanager
def crew(configurations: Sequence[Mapping[str, Any]], module: str = "tests.bench.worker") -> Iterator[Crew]:
    """One worker for each of these configurations."""
    with contextlib.ExitStack() as stack:
        workers = []
        for one in configurations:
            command = [sys.executable, "-m", module, json.dumps(one)]
            worker = subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
            workers.append(stack.enter_context(worker))  # leaving it closes its input, which ends it
        yield Crew(workers)
