"""What two of the secretariat do: asked for by one, good for a week, confirmed by another."""

import pytest

from caucusmail.accounts import two_people
from caucusmail.accounts.two_people import ByTwo, NoReason, NotByTheSame
from caucusmail.audit import journal
from caucusmail.database import transaction
from tests import make

FIRST = ByTwo("erasure.asked-for", "erasure.dropped")
OTHER = ByTwo("second-step.removal-asked", "second-step.removal-dropped", "second-step.removed")


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


def test_it_needs_a_reason_and_somebody_else(anna, noor):
    with pytest.raises(NoReason), transaction():
        FIRST.ask(anna, " ", by=noor)
    assert FIRST.asked(anna) is None
    ask(FIRST, anna, noor)
    for one in (noor, anna):
        with pytest.raises(NotByTheSame):
            two_people.another(FIRST.asked(anna), anna, one)
    two_people.another(FIRST.asked(anna), anna, make.secretary())
