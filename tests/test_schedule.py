from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from celery import Celery

from caucusmail import clock, schedule
from caucusmail.app import House
from caucusmail.schedule import Steady

HOUR = timedelta(hours=1)


class Clocks:
    """The one on the wall, which can be set, and the steady one."""

    def __init__(self) -> None:
        self.wall, self.steady = datetime(2027, 3, 1, 12, tzinfo=UTC), 1000.0

    def passes(self, seconds: float) -> None:
        self.wall += timedelta(seconds=seconds)
        self.steady += seconds


class Heard(Steady):
    """Writes down what it would send."""

    def apply_entry(self, entry: Any, producer: Any = None) -> None:
        sent[entry.name] += 1

    producer = None


sent: Counter[str] = Counter()


@pytest.fixture
def clocks(monkeypatch: pytest.MonkeyPatch) -> Clocks:
    clocks = Clocks()
    monkeypatch.setattr(Celery, "now", lambda _engine: clocks.wall)
    monkeypatch.setattr(clock, "now", lambda: clocks.wall)
    monkeypatch.setattr(schedule.time, "monotonic", lambda: clocks.steady)
    sent.clear()
    return clocks


def opened(clocks: Clocks, folder: Path) -> Heard:
    engine = Celery("test", set_as_current=False)
    engine.conf.update(
        result_expires=None,
        beat_schedule={"often": {"task": "often", "schedule": 5}, "now and then": {"task": "then", "schedule": 60}},
    )
    return Heard(engine, schedule_filename=str(folder / "schedule"))


@pytest.fixture
def beat(clocks: Clocks, tmp_path: Path) -> Iterator[Heard]:
    made = opened(clocks, tmp_path)
    yield made
    made.close()


def runs(beat: Heard, clocks: Clocks, seconds: int) -> Counter[str]:
    """What is sent within so many seconds, as Celery asks: again after what ``tick`` says."""
    sent.clear()
    ends = clocks.steady + seconds
    while clocks.steady < ends:
        clocks.passes(max(min(beat.tick(), ends - clocks.steady), 0.001))
    return Counter(sent)


@pytest.mark.parametrize("jump", [timedelta(0), HOUR, -HOUR, 3000 * HOUR, -3000 * HOUR, timedelta(seconds=-7)])
def test_a_jump_of_the_wall_clock_changes_nothing(beat: Heard, clocks: Clocks, jump: timedelta) -> None:
    runs(beat, clocks, 100)
    clocks.wall += jump
    after = runs(beat, clocks, 120)
    assert after["often"] in (23, 24, 25)
    assert after["now and then"] in (1, 2, 3)


def test_what_ran_after_now_says_a_file_of_a_clock_that_was_ahead_runs_again(clocks: Clocks, tmp_path: Path) -> None:
    before = opened(clocks, tmp_path)
    runs(before, clocks, 30)
    before.close()
    clocks.wall -= HOUR
    after = opened(clocks, tmp_path)
    assert runs(after, clocks, 61) >= Counter({"often": 11, "now and then": 1})
    after.close()


def test_the_engine_goes_by_it(app: House) -> None:
    engine = app.extensions["celery"]
    assert engine.conf.beat_scheduler == f"{Steady.__module__}:{Steady.__name__}"
