"""When to try again, when to give up, and whose fault it was; pure.

RFC 5321, 4.5.4.1: at least 30 minutes between tries, give up after four to five days. When nobody listened at the relay's
door, or the connection broke before the message began, the recipient's server has said nothing: that is tried sooner.
"""

import re
from datetime import datetime, timedelta
from enum import StrEnum
from hashlib import sha256

WAITS = (timedelta(minutes=30), timedelta(hours=1), timedelta(hours=2), timedelta(hours=4))
"""After the first, second … answer of 4xx; the last one repeats."""

GIVE_UP_AFTER = timedelta(days=4)
AFTER_A_FAULT = timedelta(minutes=1)  # of our own relay or connection
LONGER = 0.1  # by this share of a wait, at most, a row waits longer
_POLICY = re.compile(r"\b[45]\.7\.\d{1,3}\b")
_TOO_LARGE = re.compile(
    r"\b5\.3\.4\b|\b(?:message|mail|letter|content)\W+(?:\w+\W+){0,2}?(?:size|too (?:large|big|long))", re.IGNORECASE
)
_FULL = re.compile(r"\b5\.2\.2\b|quota|\bfull\b", re.IGNORECASE)


class Fault(StrEnum):
    """Why a row was not accepted, in the house's words (``Delivery.note``)."""

    ADDRESS = "address"  # the recipient's server refused it for good
    GAVE_UP = "gave-up"  # after days of "not now"
    POLICY = "policy"  # the server blames the sender: our fault, never held against the person
    RELAY = "relay"  # our own relay did not answer or hung up
    LOST_ANSWER = "lost-answer"  # the connection broke after the final dot
    POWER_CUT = "power-cut"  # the machine or the database went down while the row was leased
    WORKER_DIED = "worker-died"  # after the row was committed in flight
    NOT_OURS = "outside-the-demo"  # the demo world writes to nobody's domain
    SUPPRESSED = "suppressed"  # nothing is sent to this address
    NEEDS_SMTPUTF8 = "needs-smtputf8"  # the relay does not offer it (RFC 6531)
    UNSENDABLE = "unsendable"  # a value that can stand in no header: the copy was not made
    MOVED = "moved"  # to another address between claim and dot: due again at once
    WITHDRAWN = "withdrawn"  # between claim and dot


def next_try(attempts: int, since: datetime, now: datetime, row: int) -> datetime | None:
    """When row number ``row`` is tried again after its ``attempts``-th answer of 4xx; None: give up.

    ``since`` is the first answer, later by what did not count (``counted_from``).

    Each row waits up to a tenth longer than the schedule, always by the same share, so that not all come back at once.
    """
    share = int.from_bytes(sha256(str(row).encode()).digest()[:2], "big") / 65536
    again = now + _wait(attempts) * (1 + share * LONGER)
    return again if again - since <= GIVE_UP_AFTER else None


def after_fault(since: datetime, now: datetime) -> datetime | None:
    """When a row is tried again after the connection broke; None: give up."""
    again = now + AFTER_A_FAULT
    return again if again - since <= GIVE_UP_AFTER else None


def longest(attempts: int) -> timedelta:
    """No row waits longer after its ``attempts``-th answer."""
    return _wait(attempts) * (1 + LONGER)


def _wait(attempts: int) -> timedelta:
    return WAITS[min(max(attempts, 1), len(WAITS)) - 1]


def counted_from(answered_at: datetime | None, due_at: datetime, now: datetime) -> datetime:
    """From when the days until giving up count, for a row that was due at ``due_at`` and is answered ``now``.

    From the first answer; but what a row waited longer than it was told to does not count: the house was off, its message
    paused, or the clock has jumped on. Nor does time that a clock has taken back.
    """
    late = max(now - due_at, timedelta(0))
    return now if answered_at is None else min(answered_at + late, now)


def ours(code: int, words: str) -> bool:
    """Whether a refusal blames the sender: by policy or authentication (RFC 3463, X.7.X), or because the letter is too large.

    552 means that or a full mailbox (RFC 5321, 4.2.3): only the first is our fault, and everybody's letter is as large.
    """
    too_large = code == 552 and _TOO_LARGE.search(words) and not _FULL.search(words)
    return code >= 400 and bool(_POLICY.search(words) or too_large)
