"""A hand-over that waits for its day is called off: by who asked, by the successor, or by what stands in the way."""

from datetime import timedelta

import pytest
import time_machine

from caucusmail import clock
from caucusmail.accounts import queries as accounts
from caucusmail.database import transaction
from caucusmail.directory.hand_over_models import OfferState
from caucusmail.groups import calling_off, handing_over, membership
from caucusmail.groups import queries as groups
from tests import letters, make
from tests.groups.handed import AMINA, amina_elsewhere, office, stands

DAYS = timedelta(days=10)


@pytest.fixture
def haki():
    return office()


@pytest.fixture
def amina():
    return amina_elsewhere()


def expected(haki, **more):
    """Rosa's seats go to Amina in ten days; she has said yes."""
    offered = haki.offered(due_at=clock.now() + DAYS, **more)
    with transaction():
        assert handing_over.accept(offered) is None
    return offered


def on_its_day():
    with time_machine.travel(clock.now() + DAYS + timedelta(minutes=1)), transaction():
        return handing_over.do_due()


def told(person):
    return [one["Subject"] for one in letters.to(person.address)]


def test_who_leaves_everything_is_not_put_back_in_on_the_day(haki, amina):
    offered = expected(haki)
    with transaction():
        membership.leave_all(amina, by=amina)
    assert (offered.state, offered.name) == (OfferState.DECLINED, "")
    assert told(haki.rosa) == ["Amina does not take over the seats"]
    assert "take over seats of Haki on a later day. That is off" in letters.text(letters.to(AMINA)[-1])
    assert on_its_day() == 0
    assert amina.left_at is not None
    assert [stands(amina, one) for one in haki.caucuses] == [None, None]
    assert groups.subscriptions(amina) == []


def test_who_leaves_one_caucus_says_no_to_seats_there_and_to_no_others(haki, amina):
    make.member(haki.caucuses[0], amina, haki.groups[0])
    first = expected(haki, seat_ids=[haki.seats[0].id])
    second = expected(haki, seat_ids=[haki.seats[1].id])
    with transaction():
        membership.leave_caucus(amina, haki.caucuses[0], by=amina)
    assert (first.state, second.state) == (OfferState.DECLINED, OfferState.ACCEPTED)
    assert list(calling_off.expected(amina)) == [second]


def test_who_leaves_by_the_last_group_of_a_caucus_says_no_too(haki, amina):
    make.member(haki.caucuses[0], amina, haki.groups[0])
    offered = expected(haki)
    with transaction():
        membership.leave_groups(amina, [haki.groups[0].id], by=amina)
    assert offered.state is OfferState.DECLINED


def test_the_job_refuses_by_itself_who_left_after_their_yes(haki, amina):
    offered = expected(haki)
    with time_machine.travel(clock.now() + timedelta(days=1)), transaction():
        amina.left_at = clock.now()  # as if nobody had called it off
    assert on_its_day() == 0
    assert offered.state is OfferState.LAPSED
    assert "Amina does not take them over any more." in letters.text(letters.to(haki.rosa.address)[0])
    assert [seat.holder_id for seat in haki.seats] == [haki.rosa.id] * 2


def test_who_left_before_may_say_yes_anew(haki, amina):
    with transaction():
        membership.leave_all(amina, by=amina)
    with time_machine.travel(clock.now() + timedelta(days=1)):
        expected(haki)
        assert on_its_day() == 1
    assert (accounts.by_address(AMINA)[0].left_at, stands(amina, haki.caucuses[0])) == (None, "active")


def test_what_is_withdrawn_is_told_to_who_had_said_yes(haki, amina):
    offered = expected(haki)
    with transaction():
        assert calling_off.withdraw(offered, by=haki.rosa) is amina
    assert told(amina) == ["The seats of Haki do not come to you"]
    with transaction():
        assert calling_off.withdraw(haki.offered(), by=haki.rosa) is None
