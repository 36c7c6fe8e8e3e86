"""Forget whom letters about something went to: the rows stay with what became of them, without name, address and text."""

from collections.abc import Collection, Sequence
from typing import Any

from sqlalchemy import Select, delete, exists, select, update

from caucusmail import clock
from caucusmail.database import db
from caucusmail.delivery.locking import in_order
from caucusmail.delivery.models import DUE, AddressTrouble, Delivery, DeliveryState, OutgoingMessage, OutgoingText
from caucusmail.delivery.suppression import mark

UNNAMED = {"person_id": None, "name": "", "address": "", "address_key": "", "reply": "", "bounce_words": None}
"""A row without a word that tells whose it was; servers like to repeat an address in what they reply."""


def forget_about(kind: str, ids: Select[Any]) -> None:
    """Blank the rows and texts of every letter about the rows ``ids`` of table ``kind``; what is still due is withdrawn.

    Rows are not deleted: on SQLite a new row could get their id, and with it what old tokens point at.
    """
    about = db.session.scalars(
        select(OutgoingMessage.id).where(OutgoingMessage.subject_kind == kind, OutgoingMessage.subject_id.in_(ids))
    ).all()
    _blank(about)


def _blank(messages: Sequence[int]) -> None:
    if not messages:
        return
    rows = Delivery.message_id.in_(messages)
    for statement in (
        update(Delivery)
        .where(in_order(rows, Delivery.state.in_(DUE)))
        .values(state=DeliveryState.WITHDRAWN, settled_at=clock.now(), note="forgotten"),
        update(Delivery).where(in_order(rows)).values(UNNAMED),
        update(OutgoingText).where(OutgoingText.message_id.in_(messages)).values(raw=b"", words={}),
    ):
        db.session.execute(statement.execution_options(synchronize_session=False))


ERASED = "erased"
"""What the last letters to somebody who was erased are about: nobody any more, and their address only until they have left."""


def forget_left(at_once: int = 500) -> int:
    """Blank the last letters to people who were erased, once nothing of them can leave any more; how many rows."""
    copy = Delivery.message_id == OutgoingMessage.id
    still = Delivery.state.in_((*DUE, DeliveryState.IN_FLIGHT))
    left = db.session.scalars(
        select(OutgoingMessage.id)
        .where(OutgoingMessage.subject_kind == ERASED, ~exists().where(copy, still))
        .where(exists().where(copy, Delivery.address != ""))
        .order_by(OutgoingMessage.id)
        .limit(at_once)
    ).all()
    _blank(left)
    return len(left)


def forget_addresses(address_keys: Collection[str]) -> None:
    """Blank the letters that went to these addresses without it being known whose they are, and what is held against them."""
    strays = db.session.scalars(
        select(Delivery.message_id)
        .join(OutgoingMessage, OutgoingMessage.id == Delivery.message_id)
        .where(Delivery.address_key.in_(address_keys), Delivery.person_id.is_(None))
        .where(OutgoingMessage.subject_kind != ERASED)
    ).all()
    _blank(strays)
    marks = [mark(key) for key in address_keys]
    db.session.execute(delete(AddressTrouble).where(AddressTrouble.address_fingerprint.in_(marks)))
