"""Rows that are due, for tests of what leaves."""

from datetime import timedelta

from sqlalchemy import update

from caucusmail import clock
from caucusmail.database import db, transaction
from caucusmail.delivery import ledger
from caucusmail.delivery.ledger import To
from caucusmail.delivery.models import Delivery, DeliveryState, Lane
from caucusmail.mail.rendering import Letter
from tests import make

LETTER = Letter("test/letter", "en", "Hello", "Hello,\n.\n..two dots\n", "<p>Hello</p>")


def owe(*addresses: str, lane: Lane = Lane.TRANSACTIONAL, letter: Letter = LETTER) -> list[Delivery]:
    with transaction():
        return [ledger.enqueue(letter, To(address, "Ümit Ö."), lane=lane) for address in addresses]


def due_now() -> None:
    with transaction():
        db.session.execute(update(Delivery).values(due_at=clock.now() - timedelta(seconds=1)))
    db.session.expire_all()


def states() -> list[DeliveryState]:
    return [row.state for row in make.rows(Delivery)]


def long_missed() -> None:
    """As if every lease had lapsed long ago, and its worker not come back."""
    past = clock.now() - timedelta(hours=1)
    with transaction():
        db.session.execute(
            update(Delivery).where(Delivery.lease_until.is_not(None)).values(lease_until=past, missed_at=past)
        )
    db.session.expire_all()
