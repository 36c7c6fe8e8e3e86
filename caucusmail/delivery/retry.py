"""When to try again, when to give up, and whose fault it was; pure.

RFC 5321, 4.5.4.1: at least 30 minutes between tries, give up after four to five days. When nobody listened at the relay's
door, or the connection broke before the message began, the recipient's server has said nothing: that is tried sooner.
"""

import re
from datetime import datetime, timedelta
from enum import StrEnum
from hashlib import sha256

from caucusmail.mail import faults
from caucusmail.mail.faults import Stage

WAITS = (timedelta(minutes=30), timedelta(hours=1), timedelta(hours=2), timedelta(hours=4))
"""After the first, second … answer of 4xx; the last one repeats."""

GIVE_UP_AFTER = timedelta(days=4)
AFTER_A_FAULT = timedelta(minutes=1)  # of our own relay or connection
_FULL = re.compile(r"\b5\.2\.2\b|quota|\bfull\b", re.IGNORECASE)
LONGER = 0.1  # by this share of a wait, at most, a row waits longer


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
    PROTECTED = "protected"  # nothing is sent to this person
    NEEDS_SMTPUTF8 = "needs-smtputf8"  # the relay does not offer it (RFC 6531)
    UNSENDABLE = "unsendable"  # a value that can stand in no header: the copy was not made
    TAKEN_BACK = "taken-back"  # by ourselves, before its dot: due again at once
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


def ours(code: int, words: str, at: Stage = Stage.RECIPIENT) -> bool:
    """Whether a refusal blames the sender: policy, authentication, reputation, or what was sent.

    For good: as ``mail.faults`` judges a report, for many servers say so in words alone, and some use codes of policy
    (RFC 3463, X.7.X) for one mailbox of theirs. "Not now": by such a code alone.
    """
    status = faults.status(words)
    if code < 500:
        return code >= 400 and status[1:4] == ".7."
    full = code == 552 and _FULL.search(
        words
    )  # 552 means that or too large (RFC 5321, 4.2.3): only the second is our fault
    return not full and faults.fault(f"{code} {words}", status, at) is faults.Fault.POLICY
