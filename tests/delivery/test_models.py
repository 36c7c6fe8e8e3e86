"""What the tables of the ledger forbid, whoever writes to them."""

import pytest
from sqlalchemy.exc import IntegrityError

from caucusmail import clock
from caucusmail.database import db, transaction
from caucusmail.delivery import ledger
from caucusmail.delivery.ledger import To
from caucusmail.delivery.models import AddressTrouble, Delivery, DeliveryState, OutgoingMessage, OutgoingText
from tests import make
from tests.delivery.due import LETTER, owe


def test_a_person_is_owed_one_copy_of_a_message():
    person = make.person()
    with transaction():
        row = ledger.enqueue(LETTER, To(person.address, person.name, person.id))
    again = {column.name: getattr(row, column.name) for column in Delivery.__table__.c if column.name != "id"}
    with pytest.raises(IntegrityError):
        make.keep(Delivery(**again))


def test_nothing_is_accepted_without_a_time():
    [row] = owe("ada@mail.example")
    row.state = DeliveryState.ACCEPTED
    with pytest.raises(IntegrityError):
        make.keep(row)


def test_a_message_has_one_version_in_a_language():
    [row] = owe("ada@mail.example")
    with pytest.raises(IntegrityError):
        make.keep(OutgoingText(message_id=row.message_id, language="en", raw=b""))


def test_without_its_message_a_copy_and_its_text_are_gone():
    [row] = owe("ada@mail.example")
    with transaction():
        db.session.delete(db.session.get_one(OutgoingMessage, row.message_id))
    assert make.rows(Delivery) == make.rows(OutgoingText) == []


def test_a_copy_outlives_its_person():
    person = make.person()
    with transaction():
        ledger.enqueue(LETTER, To(person.address, person.name, person.id))
    with transaction():
        db.session.delete(person)
    db.session.expire_all()
    assert [row.person_id for row in make.rows(Delivery)] == [None]


def test_what_is_held_against_an_address_is_held_once():
    make.keep(AddressTrouble(address_fingerprint="f", charged_at=clock.now()))
    with pytest.raises(IntegrityError):
        make.keep(AddressTrouble(address_fingerprint="f"))
