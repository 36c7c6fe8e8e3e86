"""What every measure is asked, and how it answers: one JSON line for each figure."""

import json
import os
import statistics
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

Tell = Callable[..., None]


@dataclass(frozen=True)
class Asked:
    """What the command line says: how many letters (None: as many as the measure itself thinks right), how many runs of
    which the median is told; numbers of worker processes, and of lines of each."""

    letters: int | None = None
    runs: int = 3
    workers: Sequence[int] = (1, 2)
    lines: Sequence[int] = (4, 16)

    def number(self, usual: int) -> int:
        """How many letters to send."""
        return self.letters or usual


Measure = Callable[[Tell, Asked], None]


def tell(measure: str, **figures: Any) -> None:
    """One line, with what the machine is and how busy it was."""
    machine = {"cores": os.cpu_count(), "python": sys.version.split()[0], "load": round(os.getloadavg()[0], 1)}
    print(json.dumps({"measure": measure, **figures, **machine}, ensure_ascii=False), flush=True)


def spread(values: Sequence[float], digits: int = 0) -> dict[str, Any]:
    """The median of some runs, and how far they lie apart."""
    found = {"median": statistics.median(values), "min": min(values), "max": max(values)}
    return {name: round(value, digits or None) for name, value in found.items()} | {"runs": len(values)}


def ratio(values: Sequence[float], others: Sequence[float]) -> float:
    """How the medians compare."""
    return round(statistics.median(values) / statistics.median(others), 3)
