"""Copies that are not to be sent after all, and copies that are to be sent after all."""

from collections.abc import Sequence

from sqlalchemy import select, update

from caucusmail import clock, database
from caucusmail.database import db
from caucusmail.delivery import riding
from caucusmail.delivery.ledger import DELIVER
from caucusmail.delivery.locking import in_order
from caucusmail.delivery.models import DUE, Delivery, DeliveryState, OutgoingMessage


def about(kind: str, subject_id: int, letter: str = "") -> Sequence[int]:
    """The ids of all that was ever owed about this row of table ``kind``; of one kind of ``letter``, if it is named."""
    where = [OutgoingMessage.subject_kind == kind, OutgoingMessage.subject_id == subject_id]
    where += [OutgoingMessage.kind == letter] if letter else []
    return db.session.scalars(
        select(Delivery.id).join(OutgoingMessage, OutgoingMessage.id == Delivery.message_id).where(*where)
    ).all()


def withdraw(deliveries: Sequence[int], note: str) -> list[int]:
    """Withdraw those of ``deliveries`` (ids) that have not begun; the ids of those that were. One that is in flight leaves,
    and so does one in a digest that is."""
    if not deliveries:
        return []
    riding.loosen(Delivery.id.in_(deliveries))
    gone = db.session.scalars(
        update(Delivery)
        .where(in_order(Delivery.id.in_(deliveries), Delivery.state.in_(DUE), riding.WAITS))
        .values(state=DeliveryState.WITHDRAWN, settled_at=clock.now(), note=note, lease_until=None, lease_by="")
        .returning(Delivery.id)
        .execution_options(synchronize_session="fetch")
    )
    return sorted(gone)


def owe_again(deliveries: Sequence[int], note: str) -> list[int]:
    """Owe again those of ``deliveries`` (ids) that were withdrawn with this ``note``; the ids of those that are due now.

    A message that was stopped stays stopped. Wakes the queues of their lanes after the commit.
    """
    if not deliveries:
        return []
    stopped = select(OutgoingMessage.id).where(OutgoingMessage.stopped_at.is_not(None))
    again = db.session.execute(
        update(Delivery)
        .where(
            in_order(
                Delivery.id.in_(deliveries),
                Delivery.state == DeliveryState.WITHDRAWN,
                Delivery.note == note,
                Delivery.message_id.notin_(stopped),
            )
        )
        .values(state=DeliveryState.QUEUED, settled_at=None, note="")
        .returning(Delivery.id, Delivery.lane)
        .execution_options(synchronize_session="fetch")
    ).all()
    for lane in {one.lane for one in again}:
        database.wake(DELIVER[lane])
    return sorted(one.id for one in again)
