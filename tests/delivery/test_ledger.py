from email import message_from_bytes, policy

from sqlalchemy import literal, select

from caucusmail import clock
from caucusmail.accounts.models import Person
from caucusmail.database import db, transaction
from caucusmail.delivery import filling, ledger
from caucusmail.delivery.ledger import To
from caucusmail.delivery.models import Delivery, DeliveryState, Lane, OutgoingMessage, OutgoingText
from caucusmail.mail import compiled
from caucusmail.mail.rendering import Letter
from tests import make

LETTER = Letter("test/letter", "en", "Hello", "Hello,\n\nthis is a letter.\n", "<p>Hello, this is a letter.</p>")


def owed(people: list[Person], why: str = "g1") -> OutgoingMessage:
    with transaction():
        message = ledger.open_message("announcement", Lane.ANNOUNCE, ("announcements", 1), "vrwg")
        source = select(
            Person.id, Person.name, Person.address, Person.address_key, literal("en"), Person.zone, literal(why)
        ).where(Person.id.in_([person.id for person in people]))
        assert ledger.owe_each(message, source, clock.now()) == len(people)
    return message


def test_a_letter_becomes_one_row_and_its_whole_message():
    person = make.person("Wanjiru Njoroge", "wanjiru@mail.example")
    with transaction():
        row = ledger.enqueue(LETTER, To(person.address, person.name, person.id))
    text = db.session.scalars(select(OutgoingText)).one()
    raw = compiled.fill(text.raw, filling.values(row, text.words, clock.now()))
    message = message_from_bytes(raw, policy=policy.default)
    assert message["To"] == "Wanjiru Njoroge <wanjiru@mail.example>"
    assert message["Auto-Submitted"] == "auto-generated"
    assert message.get_body(("plain",)).get_content().startswith("Hello,")


def test_the_same_row_makes_the_same_bytes():
    person = make.person()
    with transaction():
        row = ledger.enqueue(LETTER, To(person.address, person.name, person.id))
    text = db.session.scalars(select(OutgoingText)).one()
    at = clock.now()
    assert compiled.fill(text.raw, filling.values(row, text.words, at)) == compiled.fill(
        text.raw, filling.values(row, text.words, at)
    )


def test_each_person_is_owed_one_row_with_their_settings_version():
    people = [make.person() for _ in range(3)] + [make.person(settings_version=4)]
    owed(people)
    rows = make.rows(Delivery)
    assert [row.person_id for row in rows] == [person.id for person in people]
    assert rows[-1].settings_version == 4
    assert {row.state for row in rows} == {DeliveryState.QUEUED}


def test_what_was_owed_can_be_taken_back_without_a_trace():
    message = owed([make.person()])
    with transaction():
        ledger.take_back(message)
    assert make.rows(Delivery) == make.rows(OutgoingMessage) == []


def test_a_stopped_message_withdraws_only_what_has_not_begun():
    message = owed([make.person(), make.person()])
    sent = make.rows(Delivery)[0]
    with transaction():
        sent.state, sent.settled_at = DeliveryState.ACCEPTED, clock.now()
        db.session.flush()
        assert ledger.stop(message) == 1
    assert [row.state for row in make.rows(Delivery)] == [DeliveryState.ACCEPTED, DeliveryState.WITHDRAWN]
