"""Letters to who is protected: the row names a cover, the letter leaves for what lies under it, or not at all."""

import pytest
from sqlalchemy import select

from caucusmail.accounts.models import Person
from caucusmail.database import db, transaction
from caucusmail.delivery import bounces, covers, ledger, outgoing
from caucusmail.delivery.bounces import Effect
from caucusmail.delivery.ledger import To
from caucusmail.delivery.models import Cover, Delivery, DeliveryState, Lane
from caucusmail.delivery.retry import Fault
from caucusmail.mail import addresses
from caucusmail.mail.faults import Fault as Whose
from caucusmail.mail.rendering import Letter
from tests import make
from tests.delivery.due import LETTER

ADDRESS = "Zuleikha@haki.example"
SIGN_IN = Letter("accounts/sign_in", "en", LETTER.subject, LETTER.text, LETTER.html)


@pytest.fixture
def her() -> Person:
    return make.person()


def covered(her: Person, *, opens: bool) -> str:
    with transaction():
        return covers.put(her.id, "quiet-1", ADDRESS, opens=opens)


def owe(cover: str, letter: Letter = LETTER, person_id: int | None = None) -> Delivery:
    with transaction():
        return ledger.enqueue(letter, To(cover, "M-1", person_id))


def test_a_letter_to_an_open_cover_leaves_for_the_address_and_its_row_keeps_the_cover(her, sink):
    row = owe(covered(her, opens=True))
    outgoing.turn("w")
    assert [one.recipients for one in sink.caught] == [[ADDRESS]]
    db.session.refresh(row)
    assert (row.state, row.address, row.reply) == (DeliveryState.ACCEPTED, "quiet-1@protected.invalid", "")


def test_a_letter_to_a_closed_cover_is_withdrawn_as_it_is_owed_but_one_to_sign_in_leaves(her, sink):
    cover = covered(her, opens=False)
    row = owe(cover)
    assert (row.state, row.note) == (DeliveryState.WITHDRAWN, Fault.PROTECTED.value)
    owe(cover, SIGN_IN)
    outgoing.turn("w")
    assert [one.recipients for one in sink.caught] == [[ADDRESS]]


def test_copies_of_many_are_held_back_only_from_closed_covers(her):
    other = make.person()
    with transaction():
        her.address = her.address_key = covers.put(her.id, "quiet-1", ADDRESS, opens=False)
    with transaction():
        message = ledger.open_message("announcement", Lane.ANNOUNCE, ("", None), "vrwg")
        why = Person.name.label("why")
        columns = (Person.id, Person.name, Person.address, Person.address_key, Person.role, Person.zone, why)
        ledger.owe_each(message, select(*columns), message.made_at)
    states = {one.person_id: one.state for one in make.rows(Delivery)}
    assert states == {her.id: DeliveryState.WITHDRAWN, other.id: DeliveryState.QUEUED}


def test_what_was_due_when_a_cover_closed_or_came_off_is_not_sent(her, sink):
    cover = covered(her, opens=True)
    first = owe(cover)
    with transaction():
        db.session.get_one(Cover, cover).opens = False
    outgoing.turn("w")
    db.session.refresh(first)
    assert (first.state, first.note) == (DeliveryState.WITHDRAWN, Fault.PROTECTED.value)
    second = owe(cover, SIGN_IN)
    with transaction():
        covers.take_off(her.id)
    db.session.refresh(second)
    assert (second.state, sink.caught) == (DeliveryState.WITHDRAWN, [])


def test_an_address_is_found_by_its_fingerprint_and_stands_in_no_column(her):
    cover = covered(her, opens=False)
    assert covers.of(addresses.key(ADDRESS)) == cover
    assert covers.of("somebody@else.example") is None
    assert db.session.scalars(covers.people(addresses.key(ADDRESS))).all() == [her.id]
    [row] = db.session.execute(select(Cover.__table__)).all()
    assert "zuleikha" not in str(row).lower()
    assert "haki" not in str(row).lower()


def test_a_report_about_a_cover_is_held_against_nobody_and_its_words_are_not_kept(her, sink):
    row = owe(covered(her, opens=True))
    outgoing.turn("w")
    db.session.refresh(row)
    with transaction():
        assert bounces.charge(row, Whose.GONE, f"550 <{ADDRESS}> unknown") is Effect.NOTED
    assert row.bounce_words == ""


def test_the_made_up_name_never_stands_beside_the_real_address(her, sink):
    owe(covered(her, opens=True))
    outgoing.turn("w")
    (letter,) = sink.caught
    assert letter.message["To"] == ADDRESS
