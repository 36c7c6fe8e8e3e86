from datetime import timedelta

import pytest
import time_machine

from caucusmail import clock
from caucusmail.accounts import queries as accounts
from caucusmail.audit import queries as audit
from caucusmail.database import transaction
from caucusmail.delivery.models import DeliveryState
from caucusmail.directory import representation, seating
from caucusmail.directory.affiliation import MovedOn
from caucusmail.directory.models import Consent
from caucusmail.directory.representation import LastAdministrator
from caucusmail.groups import handing_back, handing_over, undo
from caucusmail.groups import queries as groups
from tests import letters, make
from tests.groups.handed import AMINA, of, office, stands
from tests.groups.leaving import copy


@pytest.fixture
def haki():
    return office()


@pytest.fixture
def done(haki):
    """Rosa's rows as they were, and the step that handed them over."""
    before, offered = of(haki.rosa), haki.offered()
    with transaction():
        return before, handing_over.accept(offered)


def test_twenty_days_later_everything_is_the_holders_again_to_the_last_column(haki, done):
    before, step = done
    assert of(haki.rosa) != before
    with time_machine.travel(clock.now() + timedelta(days=20)), transaction():
        assert handing_back.take_back(step, by=haki.rosa)
    assert of(haki.rosa) == before


def test_the_successor_is_out_and_what_they_agreed_to_is_withdrawn(haki, done):
    with transaction():
        handing_back.take_back(done[1], by=haki.ben.person)
    (amina,) = accounts.by_address(AMINA)
    assert {stands(amina, one) for one in haki.caucuses} == {"ended"}
    assert groups.subscriptions(amina) == []
    assert all(one.withdrawn_at for one in make.rows(Consent) if one.person_id == amina.id)
    assert {one.person.name for one in representation.speaking(haki.ngo)} == {"Rosa", "Ben"}


def test_somebody_known_stands_as_before(haki):
    ben = haki.ben.person
    make.member(haki.caucuses[0], ben, haki.groups[0])
    before = {name: rows for name, rows in of(ben).items() if name != "consents"}
    offered = haki.offered(name=ben.name, address=ben.address)
    with transaction():
        step = handing_over.accept(offered)
    with transaction():
        handing_back.take_back(step, by=haki.rosa)
    after = {name: [row for row in rows if ("state", "ended") not in row] for name, rows in of(ben).items()}
    assert {name: after[name] for name in before} == before


def test_both_are_told_and_who_knew_of_the_hand_over(haki, done):
    keeper = make.coordinator(haki.caucuses[0])
    with transaction():
        handing_back.take_back(done[1], by=haki.rosa)
    for address in (haki.rosa.address, AMINA, keeper.address, haki.ben.person.address):
        assert letters.to(address)[-1]["Subject"] == "The seats of Haki went back"


def test_what_was_withdrawn_lies_ready_again_if_it_is_still_to_come(haki):
    row = copy(haki.rosa, haki.groups[0], due_at=clock.now() + timedelta(days=30))
    offered = haki.offered()
    with transaction():
        step = handing_over.accept(offered)
    with transaction():
        handing_back.take_back(step, by=haki.rosa)
    assert row.state is DeliveryState.QUEUED


def test_a_second_time_changes_nothing(haki, done):
    with transaction():
        assert handing_back.take_back(done[1], by=haki.rosa)
    with transaction():
        assert not handing_back.take_back(done[1], by=haki.rosa)
    assert audit.taken_back(done[1])


def test_it_is_refused_once_the_successor_has_left_the_seat(haki, done):
    (amina,) = accounts.by_address(AMINA)
    with transaction():
        seating.leave_seat(haki.seats[1].id, amina.id)
    after = of(amina)
    with pytest.raises(MovedOn), transaction():
        handing_back.take_back(done[1], by=haki.rosa)
    assert of(amina) == after


def handed_over_by_the_only_administrator(haki):
    with transaction():
        haki.holder.admin, haki.ben.admin = True, False
    offered = haki.offered()
    with transaction():
        return handing_over.accept(offered)


def test_the_only_administrators_role_comes_back(haki):
    step = handed_over_by_the_only_administrator(haki)
    with transaction():
        handing_back.take_back(step, by=haki.rosa)
    assert [one.person.name for one in representation.speaking(haki.ngo) if one.admin] == ["Rosa"]


@pytest.mark.parametrize(("by", "found"), [("rosa", ["Ben"]), ("ben", ["Rosa", "Ben"])])
def test_who_takes_it_back_by_a_link_is_not_administrator_by_it_where_the_successor_is_none_any_more(haki, by, found):
    step = handed_over_by_the_only_administrator(haki)
    with transaction():
        haki.ben.admin = True
        for one in representation.speaking(haki.ngo):
            one.admin = one.id == haki.ben.id
    with transaction():
        handing_back.take_back(step, by={"rosa": haki.rosa, "ben": haki.ben.person}[by])
    assert sorted(one.person.name for one in representation.speaking(haki.ngo) if one.admin) == sorted(found)


def test_the_link_in_the_holders_letter_takes_it_back_and_nobody_elses_does(client, haki, done):
    path = letters.link(letters.to(haki.rosa.address)[0], "/undo/")
    assert undo.person(done[1]) is haki.rosa
    assert "Take it back?" in client.get(path).text
    assert {stands(haki.rosa, one) for one in haki.caucuses} == {"ended"}
    assert "Everything is as it was before" in client.post(path).text
    assert "Everything is as it was before" in client.get(path).text
    assert {stands(haki.rosa, one) for one in haki.caucuses} == {"active"}


def by_the_organisation(haki):
    offered = haki.offered(by=haki.ben.person)
    with transaction():
        return handing_over.accept(offered)


def test_whom_the_organisation_replaced_cannot_undo_that_and_reads_who_can(client, haki):
    step = by_the_organisation(haki)
    told = letters.text(letters.to(haki.rosa.address)[0])
    assert ("/undo/" in told, "Those who look after Haki" in told) == (False, True)
    assert undo.person(step) is None
    link = f"/undo/{undo.token(step)}"
    assert (client.get(link).status_code, client.post(link).status_code) == (404, 404)
    with transaction():
        assert handing_back.take_back(step, by=haki.ben.person)


def test_nobody_is_left_without_an_administrator(haki, done):
    (amina,) = accounts.by_address(AMINA)
    with transaction():
        representation.appoint(haki.ngo, amina, admin=True, by=haki.ben.person)
    with transaction():
        haki.ben.admin = False
    after = of(amina)
    with pytest.raises(LastAdministrator, match="Amina"), transaction():
        handing_back.take_back(done[1], by=haki.rosa)
    assert of(amina) == after
    with transaction():
        haki.ben.admin = True
    with transaction():
        assert handing_back.take_back(done[1], by=haki.rosa)


def test_after_thirty_days_there_is_no_step_to_take_back(haki):
    offered = haki.offered()
    with transaction():
        handing_over.accept(offered)
    assert handing_back.step_of(offered)
    with time_machine.travel(clock.now() + timedelta(days=31)):
        assert handing_back.step_of(offered) is None
