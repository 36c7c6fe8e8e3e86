"""The link that gives a file of one's data: once, soon, and to one person."""

from datetime import timedelta

import pytest
import time_machine

from caucusmail import clock, tokens
from caucusmail.audit import journal
from caucusmail.database import transaction
from caucusmail.privacy import takeout
from caucusmail.tokens import BadToken, Purpose
from tests import letters, make


def asked(person) -> str:
    with transaction():
        return takeout.ask(person)


def take(person, token) -> None:
    with transaction():
        takeout.take(person, token)


def test_a_link_gives_the_file_once_and_looking_does_not_use_it_up():
    person = make.person()
    token = asked(person)
    for _look in range(3):
        takeout.waiting(person, token)
    take(person, token)
    for refused in (take, takeout.waiting):
        with pytest.raises(BadToken):
            refused(person, token)
    take(person, asked(person))


def test_it_is_the_one_persons_alone():
    person, other = make.person(), make.person()
    token = asked(person)
    with pytest.raises(BadToken):
        take(other, token)
    take(person, token)


def test_it_is_good_for_a_quarter_of_an_hour():
    person = make.person()
    token = asked(person)
    with time_machine.travel(clock.now() + takeout.GOOD_FOR + timedelta(seconds=5)), pytest.raises(BadToken):
        take(person, token)


def test_what_is_forged_of_another_purpose_or_about_another_step_gives_nothing():
    person = make.person()
    token = asked(person)
    with transaction():
        other = journal.record("places.left", person, person)
    for text in ("", "x", token[:-1], tokens.sign(Purpose.MY_DATA, other.id), tokens.sign(Purpose.MY_DATA, 999_999)):
        with pytest.raises(BadToken):
            take(person, text)
    with pytest.raises(BadToken):
        take(person, tokens.sign(Purpose.UNDO, other.id - 1))


def test_every_address_is_told_that_it_was_taken():
    person = make.person(address="anna@ngo.example")
    token = asked(person)
    assert letters.to("anna@ngo.example") == []
    take(person, token)
    (letter,) = letters.to("anna@ngo.example")
    assert letter["Subject"] == "A file with your data was taken"
