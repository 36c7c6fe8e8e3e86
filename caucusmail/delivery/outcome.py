"""What became of one SMTP conversation, and what that means for its row; pure."""

from datetime import datetime
from enum import IntEnum
from typing import Any, NamedTuple

from caucusmail.delivery import retry
from caucusmail.delivery.models import Delivery, DeliveryState
from caucusmail.delivery.retry import Fault
from caucusmail.mail import addresses
from caucusmail.mail.faults import Stage


class Phase(IntEnum):
    """How far a conversation came."""

    BEFORE = 0  # nothing of it reached the server
    MAIL = 1
    RCPT = 2
    DATA = 3
    DOT = 4  # the final dot may have been sent


class Outcome(NamedTuple):
    """What became of one message. ``code`` is None if no reply came: the connection broke, or we refused ourselves."""

    phase: Phase
    code: int | None = None
    words: str = ""
    refused: Fault | None = None  # why we did not send it

    @property
    def accepted(self) -> bool:
        """The server has taken it over."""
        return self.phase is Phase.DOT and self.code is not None and 200 <= self.code < 300

    @property
    def uncertain(self) -> bool:
        """The dot may have been sent, and no answer came."""
        return self.phase is Phase.DOT and self.code is None

    @property
    def answered(self) -> bool:
        """A server has said something of it: by a code, or by letting it go on."""
        return self.code is not None or self.phase > Phase.MAIL

    @property
    def ours(self) -> bool:
        """The refusal blames the sender: by its code, or because nobody but the sender was named yet."""
        at = Stage.DATA if self.phase is Phase.DOT else Stage.RECIPIENT
        return self.phase is Phase.MAIL or retry.ours(self.code or 0, self.words, at)

    @property
    def fault(self) -> bool:
        """The relay broke off before the dot, or takes no letter: nothing was delivered, and nobody has judged the recipient.

        Not now at MAIL, where nobody but the sender was named, is about the relay itself (its disk, its tables), unless
        its code says that it is policy.
        """
        if self.phase is Phase.MAIL and 400 <= (self.code or 0) < 500 and not retry.ours(self.code or 0, self.words):
            return True
        return self.phase < Phase.DOT and self.code in (None, 421)


def settled(row: Delivery, outcome: Outcome, now: datetime) -> dict[str, Any] | None:
    """The columns of ``row`` after ``outcome``; None: it stays as it is and is let go."""
    covered = addresses.covered(row.address_key)  # servers like to repeat an address in what they reply
    return _settled(row, outcome._replace(words="") if covered else outcome, now)


def _settled(row: Delivery, outcome: Outcome, now: datetime) -> dict[str, Any] | None:
    if outcome.accepted:
        return {
            "state": DeliveryState.ACCEPTED,
            "settled_at": now,
            "note": "",
            "reply_code": outcome.code,
            "reply": outcome.words,
            "attempts": row.attempts + 1,
        }
    if outcome.refused is Fault.WITHDRAWN:
        return None
    if outcome.refused in (Fault.MOVED, Fault.TAKEN_BACK):
        return {"state": row.state}
    if outcome.refused in (Fault.SUPPRESSED, Fault.PROTECTED):
        return _ended(DeliveryState.WITHDRAWN, now, outcome.refused)
    answer: dict[str, Any] = {"reply_code": outcome.code, "reply": outcome.words}
    if outcome.refused:
        return _ended(DeliveryState.FAILED, now, outcome.refused) | answer
    if outcome.uncertain:
        return _ended(DeliveryState.UNCERTAIN, now, Fault.LOST_ANSWER) | answer | {"attempts": row.attempts + 1}
    since = retry.counted_from(row.answered_at, row.due_at, now)
    if outcome.answered or row.answered_at is not None:
        answer["answered_at"] = since
    if outcome.fault:
        return _again(retry.after_fault(since, now), now, Fault.RELAY) | answer
    answer["attempts"] = row.attempts + 1
    if outcome.code is not None and outcome.code >= 500 and not outcome.ours:
        return _ended(DeliveryState.FAILED, now, Fault.ADDRESS) | answer
    again = retry.next_try(row.attempts + 1, since, now, row.id)
    return _again(again, now, Fault.POLICY if outcome.ours else None) | answer


def waiting_for_relay(words: str, now: datetime) -> dict[str, Any]:
    """The columns of rows whose relay could not be reached; no attempt counts."""
    return {
        "state": DeliveryState.DEFERRED,
        "due_at": now + retry.AFTER_A_FAULT,
        "reply_code": None,
        "reply": words[:500],
        "note": Fault.RELAY.value,
    }


def _ended(state: DeliveryState, now: datetime, note: Fault | None = None) -> dict[str, Any]:
    return {"state": state, "settled_at": now, "note": note.value if note else ""}


def _again(at: datetime | None, now: datetime, note: Fault | None) -> dict[str, Any]:
    if at is None:
        return _ended(DeliveryState.FAILED, now, note or Fault.GAVE_UP)
    return {"state": DeliveryState.DEFERRED, "due_at": at, "note": note.value if note else ""}
