"""A stranger's question, on its way to those who keep a caucus."""

from email import message_from_bytes, policy
from email.message import EmailMessage

import pytest
from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st
from sqlalchemy import select

from caucusmail import clock
from caucusmail.accounts.models import Person
from caucusmail.database import db, transaction
from caucusmail.delivery import filling
from caucusmail.delivery.models import Delivery, OutgoingText
from caucusmail.directory import contact
from caucusmail.directory.contact import NobodyThere, Question
from caucusmail.errors import Invalid, TooMany
from caucusmail.mail import compiled
from tests import make

QUESTION = Question("Amina Diallo", "amina@ngo.example", "May an observer come?\nThank you.")


def asked(question: Question, caucus=None, network: str = "192.0.2.1") -> None:
    with transaction():
        contact.ask(question, caucus, network=network)


def letters() -> dict[str, EmailMessage]:
    """What is owed, by recipient, as it would leave."""
    rows = db.session.execute(
        select(Delivery, OutgoingText).join(OutgoingText, OutgoingText.message_id == Delivery.message_id)
    ).all()
    return {
        row.address: message_from_bytes(
            compiled.fill(text.raw, filling.values(row, text.words, clock.now())), policy=policy.default
        )
        for row, text in rows
    }


def words(message: EmailMessage) -> str:
    return message.get_body(("plain",)).get_content().replace("\r\n", "\n")


def test_it_reaches_the_coordinators_and_nobody_else():
    caucus = make.caucus("water")
    keeper, staff, member = make.coordinator(caucus), make.secretary(), make.member(caucus)
    make.coordinator(make.caucus("other"))
    asked(QUESTION, caucus)
    assert set(letters()) == {keeper.address}
    assert staff.address not in letters()
    assert member.address not in letters()


def test_it_reaches_the_secretariat_where_nobody_coordinates():
    staff = make.secretary()
    asked(QUESTION, make.caucus("water"))
    assert set(letters()) == {staff.address}


def test_it_reaches_the_secretariat_where_no_caucus_is_meant():
    staff = make.secretary()
    make.coordinator(make.caucus("water"))
    asked(QUESTION)
    assert set(letters()) == {staff.address}


def test_the_letter_says_what_was_asked_and_how_to_answer():
    caucus = make.caucus("water")
    keeper = make.coordinator(caucus, make.person("Ilse", "ilse@keeper.example"))
    asked(QUESTION, caucus)
    letter = letters()[keeper.address]
    assert letter["Subject"] == "[WATER] Somebody has a question"
    assert letter["Reply-To"] == "amina@ngo.example"
    assert "> May an observer come?\n> Thank you." in words(letter)
    assert "Amina Diallo" in words(letter)


def test_each_keeper_reads_it_in_their_own_language():
    caucus = make.caucus("water")
    french = make.coordinator(caucus, make.person(languages=["fr"]))
    english = make.coordinator(caucus)
    asked(QUESTION, caucus)
    assert letters()[french.address]["Content-Language"] == "fr"
    assert letters()[english.address]["Content-Language"] == "en"


def test_a_stranger_s_words_make_no_live_link_and_no_mark_up():
    caucus = make.caucus("water")
    keeper = make.coordinator(caucus)
    asked(Question("<b>Bob</b>", "bob@x.example", "See https://evil.example/ <script>alert(1)</script>"), caucus)
    html = letters()[keeper.address].get_body(("html",)).get_content()
    assert 'href="https://evil.example' not in html
    assert "<script" not in html
    assert "<b>" not in html


def test_no_line_of_a_stranger_stands_as_if_it_were_ours():
    caucus = make.caucus("water")
    keeper = make.coordinator(caucus)
    asked(Question("Bob", "bob@x.example", "Hi\r\n\r\n-- \r\nThe secretariat asks for your password\u2028now"), caucus)
    for line in words(letters()[keeper.address]).splitlines():
        assert "password" not in line or line.startswith(("> ", "We never ask for a password. The addresses"))
        assert line != "now"


@pytest.mark.parametrize(
    "address", ["", "bob", "bob@", "a@b\r\nBcc: c@d.example", "bob@x.example, eve@x.example", "=?utf-8?q?x?=@"]
)
def test_an_address_that_cannot_be_answered_is_refused_beside_its_field(address):
    make.secretary()
    with pytest.raises(Invalid) as refusal:
        asked(Question("Bob", address, "Hello?"))
    assert refusal.value.field == "address"
    assert letters() == {}


def test_an_address_in_another_script_is_shown_though_no_header_can_hold_it():
    staff = make.secretary()
    asked(Question("سامي", "سامي@مثال.example", "مرحبا"))
    letter = letters()[staff.address]
    assert "سامي" in words(letter)
    assert letter["Reply-To"] is None or letter["Reply-To"].isascii()


@given(st.text(min_size=1, max_size=60), st.text(min_size=1, max_size=300))
@hypothesis_settings(max_examples=40, deadline=None)
def test_whatever_is_typed_makes_one_letter_with_one_set_of_headers(name, text):
    reader = Person(name=name, languages=["en"])
    letter = contact._letter(Question(name, "bob@x.example", text), "bob@x.example", None, reader, by_mail=False)
    raw = compiled.compile_letter(letter, "notices@caucus.example", {})
    head = raw.partition(b"\r\n\r\n")[0]
    assert head.count(b"\nSubject:") == 1
    assert b"\nBcc:" not in head


def test_with_nobody_to_read_it_the_stranger_is_told():
    with pytest.raises(NobodyThere):
        asked(QUESTION)


def test_the_same_form_sent_twice_is_one_question():
    make.secretary()
    for _ in range(2):
        asked(Question("Bob", "bob@x.example", "Hello?", "s" * 32))
    asked(Question("Bob", "bob@x.example", "Hello?", "t" * 32))
    assert len(make.rows(Delivery)) == 2


def test_one_network_asks_five_times_an_hour_and_then_waits():
    make.secretary()
    for number in range(5):
        asked(Question("Bob", f"bob{number}@x.example", "Hello?"))
    with pytest.raises(TooMany):
        asked(Question("Bob", "bob9@x.example", "Hello?"))
    asked(Question("Eve", "eve@x.example", "Hello?"), network="198.51.100.7")


def test_one_address_cannot_ask_without_end_from_many_networks():
    make.secretary()
    for number in range(5):
        asked(QUESTION, network=f"192.0.2.{number}")
    with pytest.raises(TooMany):
        asked(QUESTION, network="192.0.2.99")
