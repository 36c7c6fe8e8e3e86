"""Send a long list in waves, and stop by itself when the first ones go badly: old lists are found out by few, not by all."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import case, func, select, update

from caucusmail import clock
from caucusmail.database import db
from caucusmail.delivery import claims, pausing
from caucusmail.delivery.models import DUE, Delivery, DeliveryState, OutgoingMessage, Pause
from caucusmail.delivery.retry import Fault as Note
from caucusmail.mail.faults import Fault

WAVE = timedelta(hours=1)
COMPLAIN_WITHIN = timedelta(days=1)  # readers take longer than servers
ENOUGH = 20
"""Settled copies that say something; of fewer, one alone would stop the rest."""

REFUSED_SHARE, COMPLAINED_SHARE = 0.05, 0.001

_SETTLED = (DeliveryState.ACCEPTED, DeliveryState.FAILED, DeliveryState.UNCERTAIN)


@dataclass(frozen=True)
class Wave:
    """What became of copies: of the last hour how many were settled and how many refused for good because of their
    address, and of the last day how many were settled and how many of their readers complained."""

    settled: int
    refused: int
    settled_in_a_day: int
    complained: int


def verdict(wave: Wave) -> Pause | None:
    """Whether the rest had better wait for a person; pure."""
    if wave.settled_in_a_day >= ENOUGH and wave.complained > wave.settled_in_a_day * COMPLAINED_SHARE:
        return Pause.COMPLAINED
    if wave.settled >= ENOUGH and wave.refused > wave.settled * REFUSED_SHARE:
        return Pause.REFUSED
    return None


def spread(message: OutgoingMessage, per_hour: int, begins: datetime) -> int:
    """Let the rows of a message that has not begun become due in waves of ``per_hour``, by id; how many waves."""
    if per_hour < 1:
        raise ValueError("a wave holds at least one copy")
    message.per_hour = per_hour
    mine = (Delivery.message_id == message.id, Delivery.state.in_(DUE), Delivery.lease_until.is_(None))
    waves, last = 0, 0
    while True:
        next_ones = select(Delivery.id).where(*mine, Delivery.id > last).order_by(Delivery.id).limit(per_hour)
        end = db.session.scalar(select(func.max(next_ones.subquery().c.id)))
        if end is None:
            return waves
        wave = update(Delivery).where(*mine, Delivery.id > last, Delivery.id <= end)
        claims.count(wave.values(due_at=begins + waves * WAVE))
        waves, last = waves + 1, end


def check() -> list[int]:
    """Pause the messages that leave in waves and of which the last one went badly; which (ids). In the caller's transaction."""
    paced = select(OutgoingMessage.id, OutgoingMessage.judged_from).where(
        OutgoingMessage.per_hour.is_not(None),
        OutgoingMessage.released_at.is_not(None),
        OutgoingMessage.paused_at.is_(None),
        OutgoingMessage.stopped_at.is_(None),
    )
    found = []
    for message_id, judged_from in db.session.execute(paced).all():
        why = verdict(_wave(message_id, judged_from))
        if why is not None and pausing.pause(message_id, why):
            found.append(message_id)
    return found


def _wave(message_id: int, judged_from: datetime | None) -> Wave:
    now = clock.now()
    day, hour = (max(now - one, judged_from or now - one) for one in (COMPLAIN_WITHIN, WAVE))
    late = Delivery.settled_at > hour
    refused = (Delivery.state == DeliveryState.FAILED) & (Delivery.note == Note.ADDRESS.value)
    refused = refused | (Delivery.bounce == Fault.GONE.value)
    row = db.session.execute(
        select(
            func.coalesce(func.sum(case((late, 1), else_=0)), 0),
            func.coalesce(func.sum(case((late & refused, 1), else_=0)), 0),
            func.count(),
            func.count(Delivery.complained_at),
        ).where(Delivery.message_id == message_id, Delivery.state.in_(_SETTLED), Delivery.settled_at > day)
    ).one()
    return Wave(*row)
