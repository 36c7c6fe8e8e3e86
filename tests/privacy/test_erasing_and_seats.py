"""Who waits for their erasure gets no letters by new places: seats that come to them, or back to them, in that fortnight."""

from datetime import timedelta

import pytest
import time_machine

from caucusmail import clock
from caucusmail.accounts import queries as accounts
from caucusmail.database import db, transaction
from caucusmail.directory.hand_over_models import OfferState
from caucusmail.groups import handing_back, handing_over, membership
from caucusmail.groups import queries as groups
from caucusmail.groups.handing_over import HasLeft
from caucusmail.privacy import erasing
from tests import letters, make
from tests.groups.handed import AMINA, amina_elsewhere, office, stands


@pytest.fixture
def haki():
    return office()


@pytest.fixture
def amina():
    return amina_elsewhere()


def waits(person):
    with transaction():
        return erasing.ask(person, remember=True)


def served(person):
    """By which groups letters come to them, now."""
    now = clock.now()
    return {one.group.local_part for one in groups.subscriptions(person) if not groups.is_paused(one, now)}


def test_seats_on_a_later_day_do_not_come_to_who_asks_to_be_erased_and_nobody_reads_why(haki, amina):
    offered = haki.offered(due_at=clock.now() + timedelta(days=10))
    with transaction():
        handing_over.accept(offered)
    waits(amina)
    assert offered.state is OfferState.DECLINED
    (told,) = letters.to(haki.rosa.address)
    assert (told["Subject"], "eras" in letters.text(told)) == ("Amina does not take over the seats", False)
    with time_machine.travel(clock.now() + timedelta(days=11)), transaction():
        assert handing_over.do_due() == 0
    assert served(amina) == set()


def test_whoever_waits_for_their_erasure_calls_it_back_before_they_say_yes(client, haki, amina):
    offered = haki.offered()
    erasure = waits(amina)
    with pytest.raises(HasLeft, match="Call that back first"), transaction():
        handing_over.accept(offered)
    shown = client.post(letters.link(letters.to(AMINA)[0], "/hand-over/"), data={"answer": "yes"})
    assert (shown.status_code, "Call that back first" in shown.text) == (409, True)
    with transaction():
        erasing.call_back(erasure, by=amina)
    with transaction():
        assert handing_over.accept(offered)


def test_what_comes_back_to_who_waits_is_paused_until_they_are_erased_or_call_it_back(haki):
    with transaction():
        step = handing_over.accept(haki.offered(by=haki.ben.person))
    erasure = waits(haki.rosa)
    with transaction():
        handing_back.take_back(step, by=haki.ben.person)
    assert [stands(haki.rosa, one) for one in haki.caucuses] == ["active"] * 2
    assert served(haki.rosa) == set()
    with time_machine.travel(clock.now() + timedelta(days=13)):
        assert served(haki.rosa) == set()
        with transaction():
            erasing.call_back(erasure, by=haki.rosa)
        db.session.expire_all()
        assert served(haki.rosa) == {"water", "peace"}
    assert haki.rosa.goes_at is None


def test_a_place_that_is_new_is_paused_too(amina):
    erasure = waits(amina)
    caucus = make.caucus("new")
    make.group(caucus)
    make.member(caucus, amina)
    with transaction():
        membership.subscribe(amina, caucus)
    assert served(amina) == set()
    with transaction():
        erasing.call_back(erasure, by=amina)
    assert served(accounts.by_address(AMINA)[0]) == {"own", "new"}
