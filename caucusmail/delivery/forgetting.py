"""Forget whom letters about something went to: the rows stay with what became of them, without name, address and text."""

from typing import Any

from sqlalchemy import Select, select, update

from caucusmail import clock
from caucusmail.database import db
from caucusmail.delivery.locking import in_order
from caucusmail.delivery.models import DUE, Delivery, DeliveryState, OutgoingMessage, OutgoingText

UNNAMED = {"person_id": None, "name": "", "address": "", "address_key": "", "reply": "", "bounce_words": None}
"""A row without a word that tells whose it was; servers like to repeat an address in what they reply."""


def forget_about(kind: str, ids: Select[Any]) -> None:
    """Blank the rows and texts of every letter about the rows ``ids`` of table ``kind``; what is still due is withdrawn.

    Rows are not deleted: on SQLite a new row could get their id, and with it what old tokens point at.
    """
    about = db.session.scalars(
        select(OutgoingMessage.id).where(OutgoingMessage.subject_kind == kind, OutgoingMessage.subject_id.in_(ids))
    ).all()
    if not about:
        return
    rows = Delivery.message_id.in_(about)
    for statement in (
        update(Delivery)
        .where(in_order(rows, Delivery.state.in_(DUE)))
        .values(state=DeliveryState.WITHDRAWN, settled_at=clock.now(), note="forgotten"),
        update(Delivery).where(in_order(rows)).values(UNNAMED),
        update(OutgoingText).where(OutgoingText.message_id.in_(about)).values(raw=b"", words={}),
    ):
        db.session.execute(statement.execution_options(synchronize_session=False))
