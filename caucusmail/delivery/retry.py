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
_POLICY = re.compile(r"\b[45]\.7\.\d{1,3}\b")


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


def next_try(attempts: int, answered_at: datetime, now: datetime, row: int) -> datetime | None:
    """When row number ``row`` is tried again after its ``attempts``-th answer of 4xx; None: give up.

    Days in which no server could be reached do not count: ``answered_at`` is the first answer.

    Each row waits up to a tenth longer than the schedule, always by the same share, so that not all come back at once.
    """
    wait = WAITS[min(max(attempts, 1), len(WAITS)) - 1]
    share = int.from_bytes(sha256(str(row).encode()).digest()[:2], "big") / 65536
    again = now + wait * (1 + share / 10)
    return again if again - answered_at <= GIVE_UP_AFTER else None


def after_fault(answered_at: datetime, now: datetime) -> datetime | None:
    """When a row is tried again after the connection broke; None: give up."""
    again = now + AFTER_A_FAULT
    return again if again - answered_at <= GIVE_UP_AFTER else None


def ours(code: int, words: str) -> bool:
    """Whether a refusal blames the sender (RFC 3463, X.7.X: policy, authentication): our fault, not the member's."""
    return code >= 400 and bool(_POLICY.search(words))
