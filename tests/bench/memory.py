"""What a worker weighs at its peak (VmHWM), with few and with ten times as many recipients; a new process and house for each."""

from tests.bench import engine
from tests.bench.figures import Asked, Tell

LINES = 4


def measure(tell: Tell, asked: Asked) -> None:
    """One run of each."""
    few = asked.number(10_000)
    peaks = {count: engine.run("sqlite", 1, LINES, count, 1).peak_mb for count in (few, 10 * few)}
    tell(
        "worker_memory", unit="MB (VmHWM)", database="sqlite", workers=1, lines=LINES,
        peaks={str(count): round(peak, 1) for count, peak in peaks.items()}, ratio=round(peaks[10 * few] / peaks[few], 3),
        required={"ratio": 1.3, "MB": 100}, goal={"ratio": 1.1, "MB": 60},
    )  # fmt: skip
