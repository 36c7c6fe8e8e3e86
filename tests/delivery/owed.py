"""Copies that have left, for tests of what comes back."""

from datetime import timedelta
from typing import Any

from caucusmail import clock
from caucusmail.database import db, transaction
from caucusmail.delivery import ledger
from caucusmail.delivery.ledger import To
from caucusmail.delivery.models import Delivery, DeliveryState, Lane
from caucusmail.mail.rendering import Letter

LETTER = Letter("test/letter", "en", "Hello", "Hello\n", "<p>Hello</p>")


def copy(address: str = "ada@mail.example", ago: timedelta = timedelta(hours=1), **more: Any) -> Delivery:
    """A copy that the relay accepted a while ago; ``more`` are its columns."""
    values = {
        "state": DeliveryState.ACCEPTED,
        "begun_at": clock.now() - ago,
        "settled_at": clock.now() - ago,
        "reply_code": 250,
        "reply": "2.0.0 queued",
    }
    with transaction():
        row = ledger.enqueue(LETTER, To(address, "Ada"), lane=Lane.ANNOUNCE)
        for name, value in (values | more).items():
            setattr(row, name, value)
    return row


def again(row: Delivery) -> Delivery:
    """The row as the database has it."""
    db.session.expire_all()
    return db.session.get_one(Delivery, row.id)
