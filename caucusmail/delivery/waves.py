"""Send a long list in waves, and stop by itself when one goes badly: old lists are found out by few, not by all.

The rows of a message become due wave after wave, an hour apart. Before a turn claims anything it is seen to that no more
than one wave is due, whatever held the ones before up (``keep_apart``); after it what was refused and what readers
complained of is held against the size of a wave (``check``). Both read what is due or went wrong, never what went well.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import case, func, literal, select, union, update

from caucusmail import clock
from caucusmail.database import db
from caucusmail.delivery import claims, pausing
from caucusmail.delivery.locking import in_order
from caucusmail.delivery.models import DUE, OWED, Delivery, DeliveryState, Lane, OutgoingMessage, Pause
from caucusmail.delivery.retry import Fault as Note
from caucusmail.mail.faults import Fault

WAVE = timedelta(hours=1)
SIZES = (50, 200, 1000)
"""Copies in one wave, to choose from: the first for a list that nobody has written to for years."""

REFUSED_SHARE, COMPLAINED_SHARE = 0.05, 0.001
_OPEN = (*DUE, DeliveryState.IN_FLIGHT)


@dataclass(frozen=True)
class Wave:
    """What came in within the last hour against a message: how many addresses do not exist, how many readers complained."""

    size: int
    refused: int
    complained: int


def verdict(wave: Wave) -> Pause | None:
    """Whether the rest had better wait for a person; pure. One wrong address alone never says so."""
    if wave.complained > wave.size * COMPLAINED_SHARE:
        return Pause.COMPLAINED
    if wave.refused > max(1, wave.size * REFUSED_SHARE):
        return Pause.REFUSED
    return None


def spread(message: OutgoingMessage, per_hour: int, begins: datetime) -> int:
    """Let the rows of a message that has not begun become due in waves of ``per_hour``, by id; how many waves."""
    if per_hour < 1:
        raise ValueError("a wave holds at least one copy")
    message.per_hour = per_hour
    return _apart(message.id, per_hour, begins)


def _rest(message_id: int) -> tuple[Any, ...]:
    """SQL: rows of which no server has said anything; one that was told to come back keeps its own time."""
    mine = (Delivery.message_id == message_id, OWED, Delivery.lane != Lane.DIGEST)
    return (*mine, Delivery.lease_until.is_(None), Delivery.answered_at.is_(None))


def _apart(message_id: int, per_hour: int, begins: datetime) -> int:
    rest, waves, last = _rest(message_id), 0, 0
    while True:
        next_ones = select(Delivery.id).where(*rest, Delivery.id > last).order_by(Delivery.id).limit(per_hour)
        end = db.session.scalar(select(func.max(next_ones.subquery().c.id)))
        if end is None:
            return waves
        wave = in_order(*rest, Delivery.id > last, Delivery.id <= end)
        moment = literal(begins + waves * WAVE, type_=Delivery.due_at.type)
        later = case((Delivery.due_at > moment, Delivery.due_at), else_=moment)  # who has reading hours waits for them
        claims.count(update(Delivery).where(wave).values(due_at=later))
        waves, last = waves + 1, end


def keep_apart() -> list[int]:
    """Part the waves again of messages of which more than one is due: the relay was away, or nobody was at work, or the
    message was paused. Which (ids). In the caller's transaction, before anything is claimed."""
    found = []
    for message in _paced():
        due = (*_rest(message.id), Delivery.lane == message.lane, Delivery.due_at <= clock.now())
        more_than_one = select(Delivery.id).where(*due).limit(message.per_hour + 1).subquery()
        if (db.session.scalar(select(func.count()).select_from(more_than_one)) or 0) > message.per_hour:
            _apart(message.id, message.per_hour, clock.now())
            found.append(message.id)
    return found


def check() -> list[int]:
    """Pause the messages that leave in waves and of which the last one went badly; which (ids). In the caller's transaction."""
    found = []
    for message in _paced():
        why = verdict(_wave(message))
        if why is not None and pausing.pause(message.id, why):
            found.append(message.id)
    return found


def _paced() -> Sequence[Any]:
    """Messages that leave in waves and of which something may still leave."""
    still = select(Delivery.id).where(Delivery.message_id == OutgoingMessage.id, Delivery.state.in_(_OPEN))
    columns = (OutgoingMessage.id, OutgoingMessage.lane, OutgoingMessage.per_hour, OutgoingMessage.judged_from)
    return db.session.execute(
        select(*columns).where(
            OutgoingMessage.per_hour.is_not(None),
            OutgoingMessage.released_at.is_not(None),
            OutgoingMessage.paused_at.is_(None),
            OutgoingMessage.stopped_at.is_(None),
            still.exists(),
        )
    ).all()


def _wave(message: Any) -> Wave:
    since = max(clock.now() - WAVE, message.judged_from or clock.now() - WAVE)
    mine = Delivery.message_id == message.id
    lately = Delivery.message_id + 0 == message.id  # the sum keeps a database to the index of what came back
    at_once = (mine, Delivery.state == DeliveryState.FAILED, Delivery.note == Note.ADDRESS.value)
    later = (lately, Delivery.bounce == Fault.GONE.value, Delivery.bounced_at > since)
    refused = union(
        select(Delivery.id).where(*at_once, Delivery.settled_at > since), select(Delivery.id).where(*later)
    ).subquery()
    complained = select(func.count()).select_from(Delivery).where(lately, Delivery.complained_at > since)
    number = select(func.count()).select_from(refused).scalar_subquery()
    return Wave(message.per_hour, *db.session.execute(select(number, complained.scalar_subquery())).one())


@dataclass(frozen=True)
class Standing:
    """How far a message that leaves in waves has come, and what would stop it."""

    wave: Wave
    later: int  # copies in waves that are not due yet
    next_at: datetime | None  # None: the last wave is leaving, or has left
    last_at: datetime | None


def standing(message_id: int) -> Standing | None:
    """Where the waves of this message stand; None if it leaves all at once. Three statements."""
    columns = (OutgoingMessage.id, OutgoingMessage.per_hour, OutgoingMessage.judged_from)
    message = db.session.execute(select(*columns).where(OutgoingMessage.id == message_id)).one()
    if message.per_hour is None:
        return None
    first_at, last_at = func.min(Delivery.due_at), func.max(Delivery.due_at)
    later = (*_rest(message_id), Delivery.state == DeliveryState.QUEUED, Delivery.due_at > clock.now())
    return Standing(_wave(message), *db.session.execute(select(func.count(), first_at, last_at).where(*later)).one())
