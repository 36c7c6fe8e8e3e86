"""The order to end, as everyone who sends for one worker sees it.

A job engine tells the process it was started as that it shall end, and nobody else: the processes of its pool work on.
So the order stands in memory that is shared with whatever was forked since, without a lock: it is given in a signal's handler.
"""

import time
from multiprocessing.sharedctypes import RawValue
from typing import Any

HEAR_OUT_S = 15.0  # for answers to final dots; less than the supervisor, and systemd, wait before they kill

_given = RawValue("d", 0.0)  # when (monotonic seconds, the same in all processes of a machine); 0: not given


def order(**_signal: Any) -> None:
    """Whoever sends begins no letter more, and ends within ``HEAR_OUT_S``. It cannot be taken back but by a new worker."""
    _given.value = _given.value or time.monotonic()


def ordered() -> bool:
    """Whether the order was given."""
    return bool(_given.value)


def over() -> bool:
    """Whether it was given so long ago that no answer is waited for any more."""
    return ordered() and time.monotonic() - _given.value > HEAR_OUT_S


def begin() -> None:
    """A worker of its own, in a process that was forked from another's or was one: nothing was ordered to it."""
    global _given
    _given = RawValue("d", 0.0)
