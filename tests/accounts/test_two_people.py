"""What two of the secretariat do: asked for by one, good for a week, confirmed by another."""

import pytest

from caucusmail import links
from caucusmail.accounts import two_people
from caucusmail.accounts.two_people import ByTwo, NoReason, NotByTheSame
from caucusmail.audit import journal
from caucusmail.database import transaction
from tests import letters, make

FIRST = ByTwo(links.erase_person, "erasure.asked-for", "erasure.dropped")
OTHER = ByTwo(links.second_step, "second-step.removal-asked", "second-step.removal-dropped", "second-step.removed")


@pytest.fixture
def anna():
    return make.person()


@pytest.fixture
def noor():
    return make.secretary()


def ask(what, person, by):
    with transaction():
        what.ask(person, "called her", by=by)


def test_one_asking_is_not_another(anna, noor):
    ask(FIRST, anna, noor)
    assert (FIRST.asked(anna).by_id, OTHER.asked(anna), FIRST.asked(noor)) == (noor.id, None, None)


def test_it_ends_when_it_is_dropped_or_done_and_can_be_asked_again(anna, noor):
    ask(OTHER, anna, noor)
    with transaction():
        OTHER.drop(anna, by=noor)
    assert OTHER.asked(anna) is None
    ask(OTHER, anna, noor)
    assert OTHER.asked(anna) is not None
    with transaction():
        journal.record(OTHER.done, anna, noor)
    assert OTHER.asked(anna) is None


def test_a_week_later_it_is_over(anna, noor, stopped_clock):
    ask(FIRST, anna, noor)
    stopped_clock.shift(two_people.GOOD_FOR.total_seconds())
    assert FIRST.asked(anna) is not None
    stopped_clock.shift(1)
    assert FIRST.asked(anna) is None


def test_the_others_of_the_secretariat_are_written_to_once_each_time_it_is_asked(anna, noor):
    samuel, ines = make.secretary(), make.secretary(languages=["fr"])
    ask(OTHER, anna, noor)
    [letter] = letters.to(samuel.address)
    assert letter["Subject"] == "A second one of the secretariat is needed"
    assert letters.link(letter, "/people/").endswith(f"/en/staff/people/{anna.id}/second-step")
    assert anna.name not in str(letter)
    [french] = letters.to(ines.address)
    assert letters.link(french, "/people/").endswith(f"/fr/staff/people/{anna.id}/second-step")
    assert letters.to(noor.address) == letters.to(anna.address) == []


def test_nobody_is_asked_to_confirm_what_would_be_done_to_themselves(noor):
    samuel = make.secretary()
    assert two_people.seconds(samuel, noor) == []
    ask(FIRST, samuel, noor)
    assert letters.to(samuel.address) == []


def test_it_needs_a_reason_and_somebody_else(anna, noor):
    with pytest.raises(NoReason), transaction():
        FIRST.ask(anna, " ", by=noor)
    assert FIRST.asked(anna) is None
    ask(FIRST, anna, noor)
    for one in (noor, anna):
        with pytest.raises(NotByTheSame):
            two_people.another(FIRST.asked(anna), anna, one)
    two_people.another(FIRST.asked(anna), anna, make.secretary())
