"""What happens to somebody while they are protected: they lose their mailbox, are invited, hand on their seats."""

from datetime import timedelta

import pytest
import time_machine

from caucusmail import clock, jobs
from caucusmail.accounts import addressing, queries
from caucusmail.accounts.models import Person, Recovery, Vouchers
from caucusmail.database import db, transaction
from caucusmail.delivery.models import Delivery
from caucusmail.directory import visibility, vouching
from caucusmail.directory.hand_over_models import OfferState
from caucusmail.groups import handing_over
from caucusmail.mail import addresses
from caucusmail.privacy import protecting
from tests import letters, make
from tests.accounts.recoveries import by_people, changed
from tests.groups.handed import AMINA, office
from tests.privacy.protected import lift, protect, telling
from tests.privacy.test_protecting import ADDRESS, NAME

NEW = "zuleikha@new.example"


@pytest.fixture
def her() -> Person:
    return make.person(NAME, ADDRESS)


def test_an_address_that_she_gives_at_once_is_hers_and_reached(her, stopped_clock):
    made = protect(her)
    stopped_clock.shift(60)
    with transaction():
        asked = addressing.ask(her, NEW, instead=True)
    protecting.look_again()
    db.session.expire_all()
    with transaction():
        addressing.confirm(asked)
    protecting.look_again()
    db.session.expire_all()
    assert queries.reached_at(NEW) == [her]
    assert telling(NEW, ADDRESS) == set()
    assert her.address_key in addressing.young(her)
    lift(made)
    assert her.address == NEW


def test_who_lost_her_mailbox_meanwhile_comes_back_by_two_of_the_secretariat_alone(her):
    ngo = make.ngo("Haki")
    make.representative(her, ngo)
    make.representative(make.person("Ben", "ben@haki.example"), ngo, admin=True)
    noor, samuel = make.secretary(address="noor@desk.example"), make.secretary()
    made = protect(her)
    asked = by_people(ADDRESS, NEW, NAME)
    assert (asked.person_id, asked.vouchers) == (her.id, Vouchers.SECRETARIAT)
    assert letters.to("ben@haki.example") == []  # who would read the made-up name beside the one that was typed
    assert list(vouching.for_voucher(visibility.viewer(queries.reached_at("ben@haki.example")[0]))) == []
    assert len(letters.to("noor@desk.example")) == 1
    protecting.look_again()
    db.session.expire_all()
    with transaction():
        vouching.vouch(asked, "I called her.", by=noor)
    with transaction():
        vouching.approve(asked, "I called her, too.", by=samuel)
    with time_machine.travel(clock.now() + timedelta(hours=49)):
        assert changed() == 1
        for row in make.rows(Delivery):
            with transaction():
                row.settled_at = clock.now()  # as if it had left
        jobs.end_protections()
        db.session.expire_all()
        assert queries.reached_at(NEW) == [her]
        assert queries.reached_at(ADDRESS) == []
        assert telling(NAME, ADDRESS, NEW) == set()
        lift(made)
    assert (her.name, her.address) == (NAME, NEW)
    assert telling(addresses.COVERS) == set()
    assert make.rows(Recovery)[0].name == NAME


@pytest.mark.parametrize("safe", [None, ADDRESS, "somebody@safe.example"])
def test_an_address_that_is_hers_no_more_lets_nobody_in_and_taken_back_it_does(her, safe):
    protect(her, address=safe)
    was = addressing.all_of(her)
    with transaction():
        addressing.put(her, [NEW])
    assert [queries.reached_at(one) for one in (ADDRESS, safe or ADDRESS, NEW)] == [[], [], [her]]
    with transaction():
        addressing.put(her, was)
    assert (queries.reached_at(safe or ADDRESS), queries.reached_at(NEW)) == ([her], [])


def test_a_further_address_that_she_removes_lets_nobody_in(her):
    with transaction():
        addressing.put(her, [ADDRESS, NEW])
    protect(her)
    assert queries.reached_at(NEW) == [her]
    (further,) = queries.further_addresses(her)
    with transaction():
        addressing.remove(her, further.id)
    assert (queries.reached_at(NEW), queries.reached_at(ADDRESS)) == ([], [her])


def test_the_seats_of_a_protected_holder_are_handed_on_and_lifting_brings_none_back():
    haki = office()
    made = protect(haki.rosa)
    offered = haki.offered(by=haki.ben.person)
    told = letters.to(AMINA)[0].as_string()
    assert [one in told for one in ("Rosa", made.stands_for)] == [False, False]
    with transaction():
        handing_over.accept(offered)
    assert [one.holder_id == haki.rosa.id for one in haki.seats] == [False, False]
    db.session.expire_all()
    assert telling("rosa@haki.example") == set()
    lift(made)
    assert [one.holder_id == haki.rosa.id for one in haki.seats] == [False, False]
    assert (haki.rosa.name, haki.rosa.address) == ("Rosa", "rosa@haki.example")


def test_what_others_type_stands_as_they_typed_it_until_she_says_yes(her, stopped_clock):
    made = protect(her)
    stopped_clock.shift(60)
    haki = office()
    offered = haki.offered(name=NAME, address=ADDRESS)
    jobs.end_protections()
    db.session.refresh(offered)
    assert (offered.name, offered.address, offered.state) == (NAME, ADDRESS, OfferState.OPEN)
    with transaction():
        offered.state, offered.successor_id = OfferState.ACCEPTED, her.id
    jobs.end_protections()
    db.session.expire_all()
    assert (offered.name, telling(NAME, ADDRESS) & {"hand_overs.name", "hand_overs.address"}) == (
        made.stands_for,
        set(),
    )
    lift(made)
    db.session.expire_all()
    assert (offered.name, offered.address, her.name) == (NAME, ADDRESS, NAME)
