"""Copies that are not settled as somebody hoped: try them now, send them again, or say what became of them.

Nothing here happens by itself: each step is a person's, with a reason, and may be taken back until its copy is in flight.
Two people who ask at the same moment do not both get their way: the rows are locked and looked at again first.
A copy keeps its row, and so its Message-ID (``filling.message_id``): mail programs that know it already may show it once.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, func, insert, literal, or_, select, true, update
from sqlalchemy.orm import aliased

from caucusmail import clock, database
from caucusmail.database import Model, db
from caucusmail.delivery.ledger import DELIVER
from caucusmail.delivery.models import Delivery, DeliveryState, Intervention, OutgoingMessage, Step
from caucusmail.delivery.retry import Fault
from caucusmail.mail.faults import Fault as Reported

NOT_THEIRS = (Fault.RELAY, Fault.POLICY, Fault.GAVE_UP)
"""Reasons of a failure that say nothing against the address."""

_AFTER = {
    Step.TRY_NOW: DeliveryState.QUEUED,
    Step.SEND_AGAIN: DeliveryState.QUEUED,
    Step.ARRIVED: DeliveryState.ACCEPTED,
    Step.NOT_ARRIVED: DeliveryState.FAILED,
}
SENDS = (Step.TRY_NOW, Step.SEND_AGAIN)
"""Steps after which a copy leaves."""

UNDO_SAID = timedelta(days=1)
"""So long what was said of a copy is offered to be taken back."""

_KEPT = ("state", "note", "due_at", "answered_at", "settled_at", "bounced_at", "bounce", "bounce_words")


@dataclass(frozen=True)
class Asked:
    """Who asked, why, and the entry of the journal that says so."""

    entry_id: int
    by_id: int | None
    reason: str


def open_to(step: Step) -> ColumnElement[bool]:
    """SQL: whether a row stands so that ``step`` can be taken.

    A row with a lease is left to its worker; with one that lapsed, to ``claims.recover``, which may find it uncertain.
    """
    free = Delivery.lease_until.is_(None)
    if step is not Step.TRY_NOW:
        return and_(Delivery.state == DeliveryState.UNCERTAIN, free)
    notes = [*(fault.value for fault in NOT_THEIRS), Step.NOT_ARRIVED.value]
    ended = and_(Delivery.state == DeliveryState.FAILED, Delivery.note.in_(notes))
    came_back = and_(
        Delivery.state == DeliveryState.ACCEPTED, Delivery.bounce == Reported.POLICY.value
    )  # because of us
    return and_(or_(Delivery.state == DeliveryState.DEFERRED, ended, came_back), free)


def reachable(people: Select[Any]) -> ColumnElement[bool]:
    """SQL: whether a row is for one of ``people`` (ids), and for an address they still have."""
    table = Model.metadata.tables["people"]  # by name: people stand on a floor above
    other = Model.metadata.tables["second_addresses"]
    further = select(other.c.id).where(
        other.c.person_id == Delivery.person_id,
        other.c.address_key == Delivery.address_key,
        other.c.verified_at.is_not(None),
    )
    same = select(table.c.id).where(table.c.id == Delivery.person_id, table.c.address_key == Delivery.address_key)
    return and_(Delivery.person_id.in_(people), or_(same.exists(), further.exists()))


def step_in(message: OutgoingMessage, step: Step, asked: Asked, *narrower: ColumnElement[bool]) -> int:
    """Take ``step`` for the copies of ``message`` that are open to it and for which ``narrower`` holds; how many.

    Of a message that was stopped nothing leaves; what became of its copies can still be said. Wakes the queue of its lane.
    """
    if message.stopped_at is not None and step in SENDS:
        return 0
    where = [Delivery.message_id == message.id, open_to(step), *narrower]
    now = clock.now()
    _remember(step, asked, now, where)
    moved = _count(_those_of(asked.entry_id).values(**_values(step, now)))
    if moved and step in SENDS:
        database.wake(DELIVER[message.lane])
    return moved


def _remember(step: Step, asked: Asked, now: datetime, where: Sequence[ColumnElement[bool]]) -> None:
    """One intervention for each row that is open to it; the rows stay locked until the end of the transaction."""
    same = Intervention.__table__.c
    source = (
        select(
            Delivery.id,
            literal(asked.entry_id, type_=same.entry_id.type),
            literal(step, type_=same.step.type),
            literal(now, type_=same.at.type),
            literal(asked.by_id, type_=same.by_id.type),
            literal(asked.reason, type_=same.reason.type),
            *(getattr(Delivery, name) for name in _KEPT),
        )
        .where(*where)
        .order_by(Delivery.id)
        .with_for_update()
    )
    names = ["delivery_id", "entry_id", "step", "at", "by_id", "reason", *_KEPT]
    db.session.execute(insert(Intervention).from_select(names, source, include_defaults=False))


def _values(step: Step, now: datetime) -> dict[str, Any]:
    values: dict[str, Any] = {"state": _AFTER[step], "lease_until": None, "lease_by": ""}
    if step in SENDS:
        lane = select(OutgoingMessage.lane).where(
            OutgoingMessage.id == Delivery.message_id
        )  # what was in a digest leaves alone
        values |= {"digest_id": None, "lane": lane.scalar_subquery()}
        report = dict.fromkeys(("bounced_at", "bounce", "bounce_words"))  # of the try before
        return values | report | {"due_at": now, "note": "", "settled_at": None, "answered_at": None}
    return values | {"settled_at": now, "note": step.value}


def undo(message: OutgoingMessage, entry_id: int) -> int:
    """Put the copies of one request back to how they stood, but those a worker has claimed or tried meanwhile; how many."""
    now = clock.now()
    stands = or_(
        *(
            and_(Intervention.step == step, Delivery.state == after, Delivery.note == _note(step))
            for step, after in _AFTER.items()
        )
    )
    back = (
        select(Intervention.id)
        .join(Delivery, Delivery.id == Intervention.delivery_id)
        .where(
            Intervention.entry_id == entry_id,
            Intervention.undone_at.is_(None),
            Delivery.message_id == message.id,
            Delivery.lease_until.is_(None),
            stands,
            _newest(),
        )
    )
    db.session.execute(back.order_by(Delivery.id).with_for_update()).all()
    _count(update(Intervention).where(Intervention.id.in_(back)).values(undone_at=now))
    before = {name: _before(name, entry_id) for name in _KEPT}
    return _count(_those_of(entry_id, Intervention.undone_at == now).values(lease_until=None, lease_by="", **before))


def _newest() -> ColumnElement[bool]:
    """Nobody has stepped in for the same copy since: only the last step can be taken back."""
    later = aliased(Intervention)
    since = select(later.id).where(
        later.delivery_id == Intervention.delivery_id, later.id > Intervention.id, later.undone_at.is_(None)
    )
    return ~since.exists()


def _note(step: Step) -> str:
    return "" if step in SENDS else step.value


def _before(name: str, entry_id: int) -> Any:
    column = getattr(Intervention, name)
    return (
        select(column)
        .where(Intervention.delivery_id == Delivery.id, Intervention.entry_id == entry_id)
        .correlate(Delivery)
        .scalar_subquery()
    )


def _those_of(entry_id: int, where: ColumnElement[bool] | None = None) -> Any:
    touched = select(Intervention.delivery_id).where(
        Intervention.entry_id == entry_id, true() if where is None else where
    )
    return update(Delivery).where(Delivery.id.in_(touched))


def _count(statement: Any) -> int:
    result: Any = db.session.execute(statement.execution_options(synchronize_session=False))
    for row in db.session.identity_map.values():
        if isinstance(row, Delivery | Intervention):
            db.session.expire(row)
    return int(result.rowcount)


def latest(deliveries: Sequence[int]) -> dict[int, Intervention]:
    """For each of ``deliveries`` (ids) the last time that a person stepped in and did not take it back."""
    rows = db.session.scalars(
        select(Intervention)
        .where(Intervention.delivery_id.in_(deliveries), Intervention.undone_at.is_(None))
        .order_by(Intervention.id)
    )
    return {row.delivery_id: row for row in rows}


@dataclass(frozen=True)
class Pending:
    """A request that can still be taken back, at least for some of its copies."""

    entry_id: int
    step: Step
    at: datetime
    by_id: int | None
    reason: str
    copies: int  # that can be


def pending(message_id: int | None, at_most: int = 5) -> Sequence[Pending]:
    """The newest requests about this message whose copies still wait to leave."""
    rows = db.session.execute(
        select(
            Intervention.entry_id,
            Intervention.step,
            Intervention.at,
            Intervention.by_id,
            Intervention.reason,
            func.count(),
        )
        .join(Delivery, Delivery.id == Intervention.delivery_id)
        .where(
            Delivery.message_id == message_id,
            Intervention.undone_at.is_(None),
            _newest(),
            or_(
                and_(Intervention.step.in_(SENDS), Delivery.state == DeliveryState.QUEUED),
                and_(Intervention.step.not_in(SENDS), Intervention.at > clock.now() - UNDO_SAID),
            ),
        )
        .group_by(Intervention.entry_id, Intervention.step, Intervention.at, Intervention.by_id, Intervention.reason)
        .order_by(Intervention.entry_id.desc())
        .limit(at_most)
    )
    return [Pending(*row) for row in rows]
