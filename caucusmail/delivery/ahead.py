"""What a clock that was ahead has left behind: once it is set back, nothing waits longer than it was meant to wait.

A time that somebody chose is left alone: an announcement's, which its page shows; and so are its waves. All other times
are waits of our own, and each has a longest.
"""

from datetime import datetime
from typing import Any

from sqlalchemy import delete, or_, select, update

from caucusmail import clock
from caucusmail.database import db, transaction
from caucusmail.delivery import claims, limits, pacing, retry
from caucusmail.delivery.locking import unlocked
from caucusmail.delivery.models import OWED, Delivery, DeliveryState, DomainPace, Lane, MinutePace, OutgoingMessage


def bring_back() -> int:
    """Shorten waits that are longer than any of ours; how many copies'. A unit of work of its own."""
    now = clock.now()
    with transaction():
        changed = sum(_retries(tries, now) for tries in range(1, len(retry.WAITS) + 1)) + _letters(now)
        until = now + pacing.WAITS[-1]
        claims.count(update(DomainPace).where(DomainPace.until > until).values(until=until))
        ahead = delete(MinutePace).where(MinutePace.minute > now.timestamp() // 60 + 1)
        db.session.execute(ahead.execution_options(synchronize_session=False))
        limits.tidy()
    return changed


def _retries(tries: int, now: datetime) -> int:
    """Copies that were put off so often."""
    latest = now + retry.longest(tries)
    so_often = Delivery.attempts == tries
    if tries == 1:
        so_often = Delivery.attempts <= tries
    elif tries == len(retry.WAITS):
        so_often = Delivery.attempts >= tries
    return _earlier(latest, Delivery.state == DeliveryState.DEFERRED, so_often)


def _letters(now: datetime) -> int:
    """Letters that somebody waits for, written before the clock was set back: they wait as long as they were meant to."""
    found = db.session.execute(
        select(OutgoingMessage.id, OutgoingMessage.made_at, Delivery.id, Delivery.due_at)
        .join(Delivery, Delivery.message_id == OutgoingMessage.id)
        .where(
            OWED,
            Delivery.lane == Lane.TRANSACTIONAL,
            Delivery.state == DeliveryState.QUEUED,
            Delivery.due_at > now,
            OutgoingMessage.made_at > now,
        )
    ).all()
    for message, _made_at, _row, _due_at in found:
        claims.count(update(OutgoingMessage).where(OutgoingMessage.id == message).values(made_at=now))
    return sum(_earlier(now + (due_at - made_at), Delivery.id == row) for _message, made_at, row, due_at in found)


def _earlier(latest: datetime, *where: Any) -> int:
    lanes = or_(*(Delivery.lane == lane for lane in Lane))  # so that the index of what is due is used
    late = unlocked(OWED, lanes, Delivery.due_at > latest, Delivery.lease_until.is_(None), *where)
    return claims.count(update(Delivery).where(late).values(due_at=latest))
