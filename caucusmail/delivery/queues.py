"""What waits to leave: by lane, with the oldest age, and where other servers ask to wait."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, case, func, select

from caucusmail import clock
from caucusmail.database import db
from caucusmail.delivery.models import DUE, Delivery, DeliveryState, Lane, OutgoingMessage

DOMAINS = 20
"""Recipient domains on one list: those where most waits."""


@dataclass(frozen=True)
class Queue:
    """One lane: copies of messages that were released and not stopped."""

    lane: Lane
    due: int = 0  # may leave now
    oldest: datetime | None = None  # since when the first of these may
    deferred: int = 0  # wait for a later try
    leaving: int = 0  # in flight
    held: int = 0  # of messages that are paused: wait until a person lets these go on


def lanes() -> Sequence[Queue]:
    """Every lane, the one that is served first first; one statement."""
    now = clock.now()
    goes = OutgoingMessage.paused_at.is_(None)
    due = Delivery.state.in_(DUE) & (Delivery.due_at <= now) & goes
    later = (Delivery.state == DeliveryState.DEFERRED) & (Delivery.due_at > now) & goes
    held = Delivery.state.in_(DUE) & ~goes
    rows = db.session.execute(
        select(
            Delivery.lane,
            func.sum(case((due, 1), else_=0)),
            func.min(case((due, Delivery.due_at))),
            func.sum(case((later, 1), else_=0)),
            func.sum(case((Delivery.state == DeliveryState.IN_FLIGHT, 1), else_=0)),
            func.sum(case((held, 1), else_=0)),
        )
        .join(OutgoingMessage, OutgoingMessage.id == Delivery.message_id)
        .where(
            Delivery.state.in_((*DUE, DeliveryState.IN_FLIGHT)),
            OutgoingMessage.released_at.is_not(None),
            OutgoingMessage.stopped_at.is_(None),
        )
        .group_by(Delivery.lane)
    )
    found = {row[0]: Queue(*row) for row in rows}
    return [found.get(lane, Queue(lane)) for lane in Lane]


@dataclass(frozen=True)
class Waiting:
    """Where other servers ask to wait: a domain, and nothing of whose mailboxes."""

    domain: str
    copies: int
    next_at: datetime  # the first of the next tries
    since: datetime | None  # the first try of the oldest


def deferred() -> Sequence[Waiting]:
    """The recipient domains for which most copies wait after an answer of their server; one statement."""
    domain = domain_of(Delivery.address_key).label("domain")
    copies = func.count().label("copies")
    rows = db.session.execute(
        select(domain, copies, func.min(Delivery.due_at), func.min(Delivery.begun_at))
        .where(Delivery.state == DeliveryState.DEFERRED, Delivery.reply_code.is_not(None), Delivery.address_key != "")
        .group_by(domain)
        .order_by(copies.desc(), domain)
        .limit(DOMAINS)
    )
    return [Waiting(*row) for row in rows]


def domain_of(address: Any) -> ColumnElement[str]:
    """SQL: what follows the last ``@`` of an address: cut off all else from the right, then take away what is left."""
    local: ColumnElement[str] = func.rtrim(address, func.replace(address, "@", ""))
    found: ColumnElement[str] = func.replace(address, local, "")
    return found


def counted(note: str, messages: Sequence[int]) -> dict[int, int]:
    """How many copies of each of these messages (ids) stand with this note."""
    rows = db.session.execute(
        select(Delivery.message_id, func.count())
        .where(Delivery.message_id.in_(messages), Delivery.note == note)
        .group_by(Delivery.message_id)
    )
    return {message_id: count for message_id, count in rows}


def paused(messages: Sequence[int]) -> dict[int, tuple[datetime, str]]:
    """Of these messages (ids) those that are paused: since when, and why as the ledger says it."""
    found = OutgoingMessage.id, OutgoingMessage.paused_at, OutgoingMessage.paused_why
    rows = db.session.execute(
        select(*found).where(OutgoingMessage.id.in_(messages), OutgoingMessage.paused_at.is_not(None))
    )
    return {message_id: (at, why) for message_id, at, why in rows if at is not None}
