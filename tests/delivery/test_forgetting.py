from sqlalchemy import literal, select

from caucusmail import clock
from caucusmail.database import db, transaction
from caucusmail.delivery import forgetting, ledger
from caucusmail.delivery.ledger import To
from caucusmail.delivery.models import Delivery, DeliveryState, OutgoingText
from tests import make
from tests.delivery.due import LETTER


def about(*numbers: int) -> list[Delivery]:
    with transaction():
        return [
            ledger.enqueue(LETTER, To(f"p{number}@mail.example", "Ada"), about=("applicants", number))
            for number in numbers
        ]


def forget(number: int) -> None:
    with transaction():
        forgetting.forget_about("applicants", select(literal(number)))
    db.session.expire_all()


def test_nothing_of_the_person_and_of_the_letter_is_left():
    [row] = about(1)
    with transaction():
        row.state, row.settled_at, row.reply = DeliveryState.ACCEPTED, clock.now(), "250 for p1@mail.example"
        row.bounce_words = "p1@mail.example is full"
    forget(1)
    [row] = make.rows(Delivery)
    [text] = make.rows(OutgoingText)
    assert (row.name, row.address, row.address_key, row.reply, row.bounce_words) == ("", "", "", "", None)
    assert (text.raw, text.words) == (b"", {})
    assert row.state is DeliveryState.ACCEPTED


def test_what_is_still_due_does_not_leave():
    about(1)
    forget(1)
    [row] = make.rows(Delivery)
    assert (row.state, row.note) == (DeliveryState.WITHDRAWN, "forgotten")


def test_letters_about_others_stay():
    about(1, 2)
    forget(1)
    assert [row.address for row in make.rows(Delivery)] == ["", "p2@mail.example"]
    forget(3)
    assert [row.address for row in make.rows(Delivery)] == ["", "p2@mail.example"]
