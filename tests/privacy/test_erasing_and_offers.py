"""Somebody is erased or reads their data: what others wrote to each other about seats stands, and is nobody else's to read."""

from datetime import timedelta

import pytest
import time_machine

from caucusmail import clock
from caucusmail.accounts import queries as accounts
from caucusmail.accounts.models import SecondAddress
from caucusmail.database import db, transaction
from caucusmail.directory import hand_overs
from caucusmail.directory.hand_over_models import HandOver, OfferState
from caucusmail.groups import handing_back, handing_over
from caucusmail.privacy import everything
from tests import letters, make
from tests.groups.handed import AMINA, office, stands
from tests.privacy.erased import erase

SOON = timedelta(days=10)


@pytest.fixture
def haki():
    """Two look after Haki: Ben and Cleo."""
    made = office()
    made.cleo = make.person("Cleo")
    make.representative(made.cleo, made.ngo, admin=True)
    return made


def accepted(offered):
    with transaction():
        return handing_over.accept(offered)


def told(address):
    return [one["Subject"] for one in letters.to(address)]


def row():
    db.session.expire_all()
    return make.rows(HandOver)[0]


def theirs(person):
    return everything.of(person)["directory"]["hand_overs"]


def test_what_an_administrator_offered_is_done_after_they_are_erased(haki):
    accepted(haki.offered(by=haki.ben.person, due_at=clock.now() + SOON))
    erase(haki.ben.person)
    assert (row().state, row().asked_by_id) == (OfferState.ACCEPTED, None)
    with time_machine.travel(clock.now() + SOON + timedelta(minutes=1)), transaction():
        assert handing_over.do_due() == 1


def test_what_stands_in_the_way_is_then_told_to_who_looks_after_the_organisation(haki):
    accepted(haki.offered(by=haki.ben.person, due_at=clock.now() + SOON))
    erase(haki.ben.person)
    make.coordinator(haki.caucuses[0], haki.rosa)
    with time_machine.travel(clock.now() + SOON + timedelta(minutes=1)), transaction():
        assert handing_over.do_due() == 0
    assert told(haki.cleo.address) == ["The seats of Haki were not handed over"]


def test_what_an_erased_administrator_handed_over_can_still_be_taken_back(haki):
    step = accepted(haki.offered(by=haki.ben.person))
    erase(haki.ben.person)
    assert [one.id for one in hand_overs.lately(haki.ngo)] == [row().id]
    with transaction():
        assert handing_back.take_back(step, by=haki.cleo)
    assert [stands(haki.rosa, one) for one in haki.caucuses] == ["active"] * 2


@pytest.mark.parametrize("yes", [True, False])
def test_when_the_successor_is_erased_who_asked_reads_so_without_a_name(haki, yes):
    offered = haki.offered(due_at=clock.now() + SOON)
    if yes:
        accepted(offered)
    else:
        make.person("Amina", AMINA)
    erase(accounts.by_address(AMINA)[0])
    assert (row().state, row().name, row().address_key, row().successor_id) == (OfferState.DECLINED, "", "", None)
    last = letters.to(haki.rosa.address)[-1]
    assert (last["Subject"], "Amina" in last.as_string()) == ("The seats of Haki are not taken over", False)


def test_when_the_holder_is_erased_who_had_said_yes_is_told_without_a_name(haki):
    accepted(haki.offered(due_at=clock.now() + SOON))
    erase(haki.rosa)
    assert make.rows(HandOver) == []
    last = letters.to(AMINA)[-1]
    assert (last["Subject"], "Rosa" in last.as_string()) == ("The seats of Haki do not come to you", False)


def test_a_hand_over_to_somebody_erased_since_is_not_offered_to_be_taken_back(haki):
    accepted(haki.offered())
    erase(accounts.by_address(AMINA)[0])
    assert (row().state, list(hand_overs.lately(haki.ngo))) == (OfferState.DONE, [])


@pytest.fixture
def mailbox(haki):
    """Xavier and Yara share one; Yara is to take over."""
    xavier, yara = (make.person(name, "office@shared.example") for name in ("Xavier", "Yara"))
    haki.offered(name="Yara", address="office@shared.example", words="Yara, the key is with Ben")
    return xavier, yara


def test_of_two_who_share_a_mailbox_only_the_one_who_is_asked_reads_it(haki, mailbox):
    xavier, yara = mailbox
    assert theirs(xavier) == []
    (shown,) = theirs(yara)
    assert (shown["name"], shown["words"]) == ("Yara", "Yara, the key is with Ben")


def test_of_two_who_share_a_mailbox_the_others_offer_stands(haki, mailbox):
    xavier, yara = mailbox
    erase(xavier)
    assert (row().state, row().name) == (OfferState.OPEN, "Yara")
    erase(yara)
    assert (row().state, row().name, row().address_key) == (OfferState.DECLINED, "", "")


def test_an_offer_to_a_further_address_goes_with_its_reader(haki):
    zoe, further = make.person("Zoe"), "zoe@further.example"
    make.keep(SecondAddress(person_id=zoe.id, address=further, address_key=further, verified_at=clock.now()))
    haki.offered(name="Zoe", address=further)
    assert theirs(zoe)[0]["address"] == further
    erase(zoe)
    assert (row().state, row().address) == (OfferState.DECLINED, "")


def test_the_holder_does_not_read_what_was_written_to_the_successor(haki):
    haki.offered(by=haki.ben.person, words="Rosa was dismissed, do not answer her")
    ((of_rosa,), (of_ben,)) = theirs(haki.rosa), theirs(haki.ben.person)
    assert (of_rosa["words"], of_ben["words"]) == ("", "Rosa was dismissed, do not answer her")
    assert {"name", "address"}.isdisjoint(of_rosa | of_ben)
