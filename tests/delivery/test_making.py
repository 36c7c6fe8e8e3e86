import pytest
from sqlalchemy import update

from caucusmail.database import db, transaction
from caucusmail.delivery import ledger, outgoing
from caucusmail.delivery.ledger import To
from caucusmail.delivery.models import Delivery, DeliveryState, OutgoingText
from caucusmail.delivery.retry import Fault
from caucusmail.mail.rendering import Letter
from caucusmail.mail.slots import Slot, mark
from tests import make
from tests.delivery.due import LETTER, owe

NO_ZONE = {"clock": {"starts": "2027-11-30T08:15:00+00:00", "ends": "2027-11-30T09:15:00+00:00", "zone": "UTC"}}


def test_an_address_beyond_ascii_fails_with_a_reason_where_the_relay_cannot_and_goes_where_it_can(rough, app):
    owe("用户@mail.example", "ada@mail.example")
    outgoing.turn("w")
    first, second = make.rows(Delivery)
    assert (first.state, first.note) == (DeliveryState.FAILED, Fault.NEEDS_SMTPUTF8)
    assert second.state is DeliveryState.ACCEPTED
    rough.extensions = ("SMTPUTF8", "8BITMIME")
    owe("用户@mail.example")
    outgoing.turn("w")
    assert make.rows(Delivery)[-1].state is DeliveryState.ACCEPTED
    assert any(b"SMTPUTF8" in line and line.startswith(b"MAIL FROM") for line in rough.commands)


def test_ascii_mail_asks_for_no_extension(rough):
    rough.extensions = ("SMTPUTF8", "8BITMIME")
    owe("ada@bücher.example")
    outgoing.turn("w")
    assert not any(b"SMTPUTF8" in line or b"8BITMIME" in line for line in rough.commands)
    assert b"ada@xn--bcher-kva.example" in b"".join(rough.commands)


@pytest.mark.parametrize("address", ["ada@example.org", "ada@gmail.com", "ada@notexample", "a@test.example.com"])
def test_the_demo_world_writes_to_nobody_real(rough, address):
    owe(address, "bea@mail.example")
    outgoing.turn("w")
    first, second = make.rows(Delivery)
    assert (first.state, first.note) == (DeliveryState.FAILED, Fault.NOT_OURS)
    assert second.state is DeliveryState.ACCEPTED
    assert not any(address.encode() in line for line in rough.commands)


def test_a_name_that_would_write_a_header_is_a_name_and_writes_none(sink):
    with transaction():
        ledger.enqueue(LETTER, To("ada@mail.example", "Ada\r\nBcc: evil@mail.example"))
    outgoing.turn("w")
    (letter,) = sink.caught
    assert (letter.recipients, letter.message["Bcc"]) == (["ada@mail.example"], None)
    assert letter.message["To"].addresses[0].display_name == "Ada Bcc: evil@mail.example"


def test_an_address_that_would_give_a_command_is_not_sent(sink):
    owe("ada@mail.example>\r\nRCPT TO:<evil@mail.example", "bea@mail.example")
    outgoing.turn("w")
    assert [one.recipients for one in sink.caught] == [["bea@mail.example"]]
    assert make.rows(Delivery)[0].state is DeliveryState.FAILED


def test_a_row_that_cannot_be_made_fails_alone(sink):
    clock_slot = Letter("test/letter", "en", "Hello", f"Hello{mark(Slot.CLOCK)}\n", "<p>Hello</p>")
    first, _second = owe("ada@mail.example", "bea@mail.example", letter=clock_slot)
    with transaction():
        db.session.execute(
            update(OutgoingText).where(OutgoingText.message_id == first.message_id).values(words=NO_ZONE)
        )
        first.zone = "Nowhere/At_all"
    outgoing.turn("w")
    first, second = make.rows(Delivery)
    assert (first.state, first.note) == (DeliveryState.FAILED, Fault.UNSENDABLE)
    assert second.state is DeliveryState.ACCEPTED
