"""Copies that leave in a digest: rows of the ledger like all others, in a lane that no worker sends.

Such a row (``Lane.DIGEST``) waits until its reader's digest is due. Then a job makes one letter of all that are due to them
and notes its copy on each (``board``); from then on they leave with that copy, and what becomes of it becomes of them
(``follow``). What is withdrawn before the letter has begun takes the letter apart: the rest waits for the next one, which is
made at once (``loosen``). So each row ends in one of the seven states like any other, once.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, func, or_, select, update
from sqlalchemy.orm import aliased

from caucusmail import clock, database
from caucusmail.database import db
from caucusmail.delivery.locking import in_order
from caucusmail.delivery.models import DUE, OWED, Delivery, DeliveryState, Lane, OutgoingMessage

QUEUE = "digests"
LOOSENED = "loosened"
"""Why a digest was withdrawn (``Delivery.note``): something in it was, and it is made again without that."""

WAITS: ColumnElement[bool] = Delivery.digest_id.is_(None)
"""SQL: the row leaves in no digest that was made."""

AT_ONCE = 500
_SETTLED = (DeliveryState.ACCEPTED, DeliveryState.FAILED, DeliveryState.UNCERTAIN)
_TOLD = ("begun_at", "attempts", "settled_at", "reply_code", "reply", "note", "bounced_at", "bounce", "bounce_words")


def due(now: datetime) -> tuple[Any, ...]:
    """SQL: rows whose digest is due."""
    return (OWED, Delivery.lane == Lane.DIGEST, Delivery.due_at <= now)


def board(riders: Sequence[int], message: OutgoingMessage) -> None:
    """Those of ``riders`` (ids) leave in the copy of ``message`` that is for the same person."""
    carrier = aliased(Delivery)
    copy = select(carrier.id).where(carrier.message_id == message.id, carrier.person_id == Delivery.person_id)
    _count(update(Delivery).where(Delivery.id.in_(riders)).values(digest_id=copy.scalar_subquery()))


def loosen(*where: Any) -> None:
    """Take apart the digests in which rows of ``where`` would leave and of which nothing has begun; what was in them waits.

    Whoever withdraws rows calls it first, and then withdraws only what ``WAITS``.
    """
    held = select(Delivery.digest_id).where(*where, Delivery.digest_id.is_not(None), Delivery.state.in_(DUE)).distinct()
    digests = db.session.scalars(held).all()
    if not digests:
        return
    values = {"state": DeliveryState.WITHDRAWN, "settled_at": clock.now(), "note": LOOSENED, "lease_until": None}
    gone = db.session.scalars(
        update(Delivery)
        .where(in_order(Delivery.id.in_(digests), Delivery.state.in_(DUE)))
        .values(**values, lease_by="")
        .returning(Delivery.id)
        .execution_options(synchronize_session="fetch")
    ).all()
    _count(update(Delivery).where(Delivery.digest_id.in_(gone)).values(digest_id=None))
    database.wake(QUEUE)


def follow() -> int:
    """What became of digests becomes of what they held; how many rows. Of a digest that was taken back they wait again."""
    riders = (
        select(Delivery.id, Delivery.digest_id)
        .where(*due(clock.now()), Delivery.digest_id.is_not(None))
        .limit(AT_ONCE)
        .subquery()
    )
    carrier = aliased(Delivery)
    rows = db.session.execute(select(riders.c.id, carrier.state).join(carrier, carrier.id == riders.c.digest_id)).all()
    back = [row.id for row in rows if row.state is DeliveryState.WITHDRAWN]
    if back:
        _count(update(Delivery).where(in_order(Delivery.id.in_(back))).values(digest_id=None))
    done = [row.id for row in rows if row.state in _SETTLED]
    if done:
        same = {name: _of_carrier(name) for name in ("state", *_TOLD)}
        _count(update(Delivery).where(in_order(Delivery.id.in_(done), Delivery.state.in_(DUE))).values(**same))
    if len(rows) == AT_ONCE and (back or done):
        database.wake(QUEUE)
    return len(back) + len(done)


def told(row: Delivery) -> None:
    """What came to be known of a digest later (a report, a word that it arrived) is known of what was in it."""
    same = {name: _of_carrier(name) for name in ("state", *_TOLD)}
    _count(update(Delivery).where(Delivery.digest_id == row.id, Delivery.state.in_(_SETTLED)).values(**same))


def _of_carrier(name: str) -> Any:
    carrier = aliased(Delivery)
    return select(getattr(carrier, name)).where(carrier.id == Delivery.digest_id).scalar_subquery()


def at_once(person_id: int, group_id: int) -> None:
    """What this group has brought the person and waits for a digest comes now, in a last one; what is still held leaves as a
    letter of its own when it is released."""
    named = or_(
        *(Delivery.why.like(like) for like in (f"g{group_id}", f"g{group_id} %", f"% g{group_id}", f"% g{group_id} %"))
    )
    _put_off(clock.now(), Delivery.person_id == person_id, named)
    held = Delivery.message_id.in_(select(OutgoingMessage.id).where(OutgoingMessage.released_at.is_(None)))
    lane = select(OutgoingMessage.lane).where(OutgoingMessage.id == Delivery.message_id).scalar_subquery()
    alone = in_order(OWED, Delivery.lane == Lane.DIGEST, Delivery.person_id == person_id, named, held)
    _count(update(Delivery).where(alone).values(lane=lane, due_at=clock.now()))
    database.wake(QUEUE)


def put_off(person_id: int, until: datetime) -> None:
    """What waits for the person's digest waits until this moment: they have chosen another hour."""
    _put_off(until, Delivery.person_id == person_id)


def _put_off(until: datetime, *where: Any) -> None:
    released: Select[Any] = select(OutgoingMessage.id).where(OutgoingMessage.released_at.is_not(None))
    waits = (OWED, Delivery.lane == Lane.DIGEST, WAITS, Delivery.message_id.in_(released))
    _count(update(Delivery).where(in_order(*waits, *where)).values(due_at=until))


def held_in(row: Delivery) -> Sequence[Delivery]:
    """The copies that left, or leave, in this one, in the order of their announcements."""
    return db.session.scalars(
        select(Delivery).where(Delivery.digest_id == row.id).order_by(Delivery.message_id, Delivery.id)
    ).all()


def waiting(message_id: int) -> tuple[int, datetime | None]:
    """How many copies of a message wait for a digest, and when the last of these is due."""
    mine = (Delivery.message_id == message_id, Delivery.lane == Lane.DIGEST, Delivery.state.in_(DUE))
    number, last = db.session.execute(select(func.count(), func.max(Delivery.due_at)).where(*mine)).one()
    return number, last


def _count(statement: Any) -> int:
    result: Any = db.session.execute(statement.execution_options(synchronize_session=False))
    for row in list(db.session.identity_map.values()):
        if isinstance(row, Delivery):
            db.session.expire(row)
    return int(result.rowcount)
