"""Named places of the sending path, and of the way in, at which a test breaks off; in a running house ``reach`` is one look into an empty dictionary.

A process of a test is told by ``FAILPOINTS`` (from the environment: ``CAUCUSMAIL_FAILPOINTS``) what happens where::

    after_mark=kill@57; after_250=sleep:0.2; before_dot=pause:go-on

``kill`` ends the process as kill -9 does, ``raise`` raises ``Reached``, ``sleep:SECONDS`` waits, ``pause:FILE`` waits
until the file is there; ``@57``: only when the place is reached for the 57th time. Whoever assembles the application
refuses it outside tests (``settings``).
"""

import os
import signal
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

PLACES = (
    "before_claim_commit",  # rows are leased, nothing of it committed
    "after_claim",
    "before_mark_commit",  # the round's rows are in flight and settled, not committed
    "after_mark",  # committed, no content has left
    "after_permit",  # content of one letter was given to its line
    "before_dot",  # content of one letter may have been written, its final dot was not
    "after_250",  # an answer to a final dot was read, and not written down
    "before_last_write",  # the turn is over, its last outcomes are not written
    "before_digest_commit",  # digests are made and what waits is in them, nothing of it committed
    "before_keep_commit",  # a message that came in is stored, not committed
    "after_keep_commit",  # committed, 250 was not said
    "before_protection_commit",  # somebody is hidden everywhere, not committed
    "before_erasure_commit",  # a person is forgotten everywhere, not committed
)


class Reached(Exception):
    """A place was reached that was told to raise."""


@dataclass
class _Act:
    do: Callable[[], None]
    only: int = 0  # at which of the times; 0: at each
    times: int = 0


_acts: dict[str, _Act] = {}


def arm(words: str) -> None:
    """Take what happens at which place; "" takes everything back.

    :raises ValueError: a place or an act is not known.
    """
    made = [_read(one.strip()) for one in words.split(";") if one.strip()]
    _acts.clear()
    _acts.update(made)


def reach(place: str) -> None:
    """The program has come to ``place``."""
    if place in _acts:
        act = _acts[place]
        act.times += 1
        if act.only in (0, act.times):
            act.do()


def _read(words: str) -> tuple[str, _Act]:
    place, _, rest = words.partition("=")
    act, _, only = rest.partition("@")
    name, _, value = act.partition(":")
    if place not in PLACES:
        raise ValueError(f"no such place: {place}")
    acts: dict[str, Callable[[], None]] = {
        "kill": _kill,
        "raise": lambda: _raise(place),
        "sleep": lambda: time.sleep(float(value)),
        "pause": lambda: _pause(Path(value)),
    }
    if name not in acts:
        raise ValueError(f"no such act: {name}")
    return place, _Act(acts[name], int(only or 0))


def _kill() -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def _raise(place: str) -> None:
    raise Reached(place)


def _pause(file: Path) -> None:
    while not file.exists():
        time.sleep(0.005)
