"""Pause a message when other servers blame its sender, and let it go on when a person says so.

Such a refusal is about us: a signature, an SPF record, a reputation. To go on would refuse the whole list and make the
reputation worse, so a message is paused after a few of them (S-P1, S-F7). Nothing is lost and nobody is charged: its
rows stay due. A letter that somebody waits for is never paused.
"""

import re
from collections import Counter

from sqlalchemy import func, select, union, update

from caucusmail import clock, database
from caucusmail.database import db, transaction
from caucusmail.delivery import claims
from caucusmail.delivery.ledger import DELIVER
from caucusmail.delivery.locking import in_order
from caucusmail.delivery.models import OWED, Delivery, DeliveryState, Lane, OutgoingMessage, Pause
from caucusmail.delivery.outcome import Outcome, Phase
from caucusmail.delivery.retry import Fault
from caucusmail.mail.faults import Fault as Reported

ENOUGH = 3
"""So many refusals of one message in one turn pause it: one server may be wrong about us, or about one reader."""

ALARM = "alarm"
"""The queue that is woken when a message was paused."""

_UNPROVEN = re.compile(r"\b4\.7\.(?:2[0-7]|29|3[0-3]|40)\b")


def blames(end: Outcome) -> bool:
    """Whether a server refused because of the sender, and will go on refusing; pure.

    For good: by its code (RFC 3463, X.7.X), or because nobody but the sender was named yet. "Not now" counts only where
    we could not prove who we are (RFC 7372, and the codes of large providers beside them): other 4.7.X are grey lists
    and limits, which pass.
    """
    if end.code is None or end.code < 400 or end.fault:
        return False
    if end.code >= 500:
        return end.ours
    return end.phase > Phase.BEFORE and bool(_UNPROVEN.search(end.words))


class Blame:
    """The refusals of one turn that blame the sender, by message."""

    def __init__(self) -> None:
        self._counts: Counter[int] = Counter()
        self._paused: set[int] = set()
        self._said: dict[int, str] = {}  # message: what the server said last
        self.due: dict[int, str] = {}
        """Messages (ids) to be paused now, and what the server said last."""

    def note(self, row: Delivery, end: Outcome) -> None:
        """What became of one row. One that was refused for this before says nothing new: it would pause for ever."""
        if row.note == Fault.POLICY.value and row.attempts:
            return
        if row.lane is Lane.TRANSACTIONAL or row.message_id in self._paused or not blames(end):
            return
        self._counts[row.message_id] += 1
        self._said[row.message_id] = f"{end.code} {end.words}"
        if self._counts[row.message_id] >= ENOUGH:
            self.due[row.message_id] = f"{end.code} {end.words}"

    def weigh(self) -> None:
        """At the end of the turn: what it refused counts together with what other turns and workers were refused."""
        for message_id, words in self._said.items():
            weigh(message_id, words)

    def pause(self) -> set[int]:
        """Pause what is due, in a unit of work of its own; which messages (ids) those were."""
        with transaction():
            for message_id, words in self.due.items():
                pause(message_id, Pause.POLICY, words)
        now = set(self.due)
        self._paused |= now
        self.due.clear()
        return now


def weigh(message_id: int, words: str) -> bool:
    """Pause a message of which servers have refused ``ENOUGH`` copies because of us since a person last let it go on, at once or by
    a report that came later, in whatever turns; whether it was paused. In the caller's transaction."""
    message = db.session.get(OutgoingMessage, message_id, populate_existing=True)
    if message is None or message.lane is Lane.TRANSACTIONAL or message.paused_at or message.stopped_at:
        return False
    since = message.judged_from or message.made_at
    at_once = (Delivery.state == DeliveryState.DEFERRED, Delivery.note == Fault.POLICY.value, Delivery.attempts == 1)
    reported = (
        Delivery.message_id + 0 == message_id,
        Delivery.bounce == Reported.POLICY.value,
    )  # by the index of reports
    refused = union(
        select(Delivery.id).where(Delivery.message_id == message_id, *at_once, Delivery.answered_at >= since),
        select(Delivery.id).where(*reported, Delivery.bounced_at >= since),
    ).subquery()
    number = db.session.scalar(select(func.count()).select_from(refused)) or 0
    waiting = select(Delivery.id).where(Delivery.message_id == message_id, OWED).limit(1)
    if number < ENOUGH or db.session.scalar(waiting) is None:
        return False
    return pause(message_id, Pause.POLICY, words)


def pause(message_id: int, why: Pause, words: str = "") -> bool:
    """Let nothing more of a message leave until a person says so; whether it was not paused or stopped before.

    ``words`` are the server's own, or of the person who asked: then nobody need be told. Else wakes the queue ``ALARM``.
    """
    told_at = clock.now() if why is Pause.ASKED else None
    said = f"{why.value} {words}".strip()[:500]
    here = (OutgoingMessage.id == message_id, OutgoingMessage.paused_at.is_(None), OutgoingMessage.stopped_at.is_(None))
    if not database.moved(OutgoingMessage, *here, paused_at=clock.now(), paused_why=said, told_at=told_at):
        return False
    if told_at is None:
        database.wake(ALARM)
    return True


def go_on(message: OutgoingMessage) -> bool:
    """Let the copies of a paused message leave again; whether it was paused. Wakes the queue of its lane.

    What was refused because of us is due at once, as if it had never been tried: the days of the pause do not count.
    """
    paused = (OutgoingMessage.id == message.id, OutgoingMessage.paused_at.is_not(None))
    if not database.moved(
        OutgoingMessage, *paused, paused_at=None, paused_why="", told_at=None, judged_from=clock.now()
    ):
        return False
    blamed = (
        Delivery.message_id == message.id,
        Delivery.state == DeliveryState.DEFERRED,
        Delivery.note == Fault.POLICY.value,
        Delivery.lease_until.is_(None),
    )
    claims.count(update(Delivery).where(in_order(*blamed)).values(due_at=clock.now(), answered_at=None))
    database.wake(DELIVER[message.lane])
    return True


def tell(message_id: int) -> bool:
    """Whether whoever asks is the one to tell of this pause: once for each."""
    untold = (OutgoingMessage.id == message_id, OutgoingMessage.paused_at.is_not(None))
    return database.moved(OutgoingMessage, *untold, OutgoingMessage.told_at.is_(None), told_at=clock.now())
