"""The job engine's schedule: how often each task runs, and a scheduler which a wall clock that jumps neither stops nor starts.

Celery's goes by the wall clock: set back by an hour, it sends nothing for an hour, no sweep either.
"""

import time
from datetime import timedelta
from typing import Any

from celery.beat import PersistentScheduler

from caucusmail import clock

SCHEDULE: dict[str, float] = {  # task name: seconds from one to the next
    "heartbeat": 30,
    "sweep": 10,
    "dispatch_due": 5,
    "alarm": 30,
    "remind_of_meetings": 60,
    "invite_newcomers": 300,
    "sign_in_letters": 10,
    "remind": 60,
    "process": 30,
    "judge": 60,
    "lapse": 3600,
    "hand_over": 600,
    "end_protections": 300,
    "give_up_places": 600,
    "retain": 600,
    "forget": 24 * 3600,
}

AT_LEAST = timedelta(seconds=1)  # what a clock is moved by in smaller steps, a schedule of seconds does not notice


def _ahead() -> timedelta:
    """How far the wall clock is before the steady one: a number that only a jump changes."""
    return timedelta(seconds=clock.now().timestamp() - time.monotonic())


class Steady(PersistentScheduler):  # type: ignore[misc]  # Celery ships no types
    """Celery's own, which moves its times when the wall clock jumps."""

    def setup_schedule(self) -> None:
        """What the file says; but nothing ran later than now."""
        super().setup_schedule()
        self._was_ahead = _ahead()
        for entry in self.schedule.values():
            entry.last_run_at = min(entry.last_run_at, entry.default_now())

    def tick(self, *arguments: Any, **named: Any) -> Any:
        """One look at the schedule: send what is due; how many seconds until the next look."""
        ahead = _ahead()
        jumped = ahead - self._was_ahead
        if abs(jumped) >= AT_LEAST:
            for entry in self.schedule.values():
                entry.last_run_at += jumped
            self._heap = None  # is made again from these times
            self._was_ahead = ahead
        return super().tick(*arguments, **named)
