"""What the ledger knows of one person: export and erase."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import delete, select, update
from sqlalchemy.orm import aliased

from caucusmail import clock
from caucusmail.database import db
from caucusmail.delivery import forgetting
from caucusmail.delivery.locking import in_order
from caucusmail.delivery.models import DUE, Cover, Delivery, DeliveryState, OutgoingMessage, OutgoingText, Suppression


def export(person_id: int) -> dict[str, Any]:
    """Every copy that was owed to a person (kind, when, to which address, what became of it), and whether we stopped writing."""
    rows = db.session.execute(
        select(Delivery, OutgoingMessage.kind)
        .join(OutgoingMessage, OutgoingMessage.id == Delivery.message_id)
        .where(Delivery.person_id == person_id)
        .order_by(Delivery.id)
    )
    stopped = db.session.scalars(
        select(Suppression).where(Suppression.person_id == person_id).order_by(Suppression.since)
    )
    return {
        "letters": [
            {
                "kind": kind,
                "due": row.due_at.isoformat(),
                "name": row.name,
                "address": row.address,
                "state": row.state.value,
                "settled": row.settled_at.isoformat() if row.settled_at else None,
                "reply": row.reply,
                "returned": row.bounce_words or "",
            }
            for row, kind in rows
        ],
        "covers": [{"letters": one.opens} for one in _covers(person_id)],
        "not_written_to": [
            {"reason": one.reason, "since": one.since.isoformat(), "words": one.words} for one in stopped
        ],
    }


def _covers(person_id: int) -> Sequence[Cover]:
    return db.session.scalars(select(Cover).where(Cover.person_id == person_id).order_by(Cover.address_key)).all()


def erase(person_id: int) -> None:
    """Keep the rows (an announcement's numbers must stay true) without name and address; what is still due is withdrawn.

    The words of a letter to them alone go too. What is kept: a letter to somebody else that names them, which is that
    reader's; and, as a keyed fingerprint, that an address asked not to be written to.
    """
    theirs = Delivery.person_id == person_id
    for statement in (
        update(OutgoingText).where(OutgoingText.message_id.in_(_to_them_alone(person_id))).values(raw=b"", words={}),
        update(Delivery)
        .where(in_order(theirs, Delivery.state.in_(DUE)))
        .values(state=DeliveryState.WITHDRAWN, settled_at=clock.now(), note="forgotten"),
        update(Delivery).where(in_order(theirs)).values(forgetting.UNNAMED),
        delete(Cover).where(Cover.person_id == person_id),
        delete(Suppression).where(Suppression.person_id == person_id, Suppression.reason != "asked"),
        update(Suppression).where(Suppression.person_id == person_id).values(person_id=None, shown="", words=""),
    ):
        db.session.execute(statement.execution_options(synchronize_session=False))


def _to_them_alone(person_id: int) -> Any:
    """SQL: the messages that are owed to this person and to nobody else."""
    other = aliased(Delivery)
    others = other.person_id.is_(None) | (other.person_id != person_id)
    return select(Delivery.message_id).where(
        Delivery.person_id == person_id,
        ~select(other.id).where(other.message_id == Delivery.message_id, others).exists(),
    )
