"""Two of the secretariat erase somebody who asked for it."""

from datetime import timedelta

import pytest
import time_machine

from caucusmail import clock
from caucusmail.accounts.models import Person
from caucusmail.accounts.two_people import NoReason, NotByTheSame
from caucusmail.database import db, transaction
from caucusmail.privacy import erasing_for, hindrances
from tests import letters, make


@pytest.fixture
def two():
    return make.secretary(name="Noor"), make.secretary(name="Samuel")


def ask(person, by, reason="called her") -> None:
    with transaction():
        erasing_for.ask(person, reason, by=by)


def confirm(person, by) -> None:
    with transaction():
        erasing_for.confirm(person, by=by)


def test_one_asks_and_another_confirms(two):
    noor, samuel = two
    person = make.person(address="ada@mail.example")
    with pytest.raises(NoReason):
        ask(person, noor, " ")
    with pytest.raises(erasing_for.NothingAsked):
        confirm(person, samuel)
    ask(person, noor)
    with pytest.raises(NotByTheSame):
        confirm(person, noor)
    confirm(person, samuel)
    assert db.session.get(Person, person.id) is None
    told = [one["Subject"] for one in letters.to("ada@mail.example")]
    assert told == ["You are erased"]  # that it was asked for is forgotten with the rest


def test_they_are_told_that_it_was_asked_for_and_it_is_withdrawn(two):
    noor, samuel = two
    person = make.person(address="ada@mail.example")
    ask(person, noor)
    ask(person, samuel)
    assert [one["Subject"] for one in letters.to("ada@mail.example")] == ["The secretariat was asked to erase you"]
    with transaction():
        erasing_for.ERASURE.drop(person, by=samuel)
    with pytest.raises(erasing_for.NothingAsked):
        confirm(person, samuel)


def test_after_a_week_it_is_asked_anew(two):
    noor, samuel = two
    person = make.person()
    ask(person, noor)
    with time_machine.travel(clock.now() + timedelta(days=8)), pytest.raises(erasing_for.NothingAsked):
        confirm(person, samuel)


def test_nobody_is_kept_for_a_caucus_and_nobody_confirms_their_own(two):
    noor, samuel = two
    alone = make.coordinator(make.caucus())
    ask(alone, noor)
    confirm(alone, samuel)
    ask(samuel, noor)
    with pytest.raises(NotByTheSame):
        confirm(samuel, samuel)
    assert not hindrances.last_of_the_secretariat(samuel)
