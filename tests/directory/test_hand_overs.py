from datetime import timedelta

import pytest

from caucusmail import clock, tokens
from caucusmail.accounts.models import SecondAddress
from caucusmail.database import transaction
from caucusmail.delivery.models import Delivery
from caucusmail.directory import ending_offers, hand_overs, visibility
from caucusmail.directory.hand_over_models import HandOver, OfferState
from caucusmail.directory.hand_overs import BadDay, NoSeats, OfferedAlready, Successor
from caucusmail.directory.keeping import LastCoordinator
from caucusmail.directory.models import Seat
from caucusmail.directory.representation import NoPlaceLeft
from caucusmail.errors import Invalid, NotFound, TooMany
from caucusmail.mail.addresses import BadAddress
from caucusmail.tokens import BadToken, Purpose
from tests import letters, make
from tests.groups.handed import AMINA, office


@pytest.fixture
def haki():
    return office()


def link(address=AMINA):
    return letters.link(letters.to(address)[-1], "/hand-over/").rpartition("/")[2]


def test_the_successor_is_asked_and_nothing_has_moved(haki):
    offered = haki.offered()
    assert hand_overs.read(link()) is offered
    assert [seat.holder_id for seat in haki.seats] == [haki.rosa.id] * 2
    assert list(hand_overs.waiting([haki.holder])) == list(hand_overs.lately(haki.ngo)) == [offered]


def test_the_letter_holds_nothing_that_was_typed(haki):
    haki.offered(words="Kisses", title="Sorceress")
    told = letters.to(AMINA)[0].as_string()
    assert [word in told for word in ("Kisses", "Sorceress", "Dear Amina", "Rosa")] == [False] * 4


@pytest.mark.parametrize("seats", [[], [987_654]])
def test_a_seat_that_is_not_held_cannot_be_offered(haki, seats):
    with pytest.raises(NoSeats):
        haki.offered(seat_ids=seats)


@pytest.mark.parametrize("days", [-3, 400])
def test_a_day_that_is_past_or_far_off_is_refused(haki, days):
    with pytest.raises(BadDay):
        haki.offered(due_at=clock.now() + timedelta(days=days))


def test_what_is_no_address_and_who_holds_the_seats_is_refused(haki):
    with pytest.raises(BadAddress):
        haki.offered(address="amina@")
    with pytest.raises(Invalid, match="Name somebody else"):
        haki.offered(address=haki.rosa.address, name="Rosa")


def test_a_seat_is_offered_to_one_at_a_time(haki):
    offered = haki.offered()
    with pytest.raises(OfferedAlready, match="offered to Amina already"):
        haki.offered(address="bo@x.example", name="Bo", seat_ids=[haki.seats[0].id])
    with transaction():
        ending_offers.withdraw(offered, by=haki.rosa)
    assert haki.offered(address="bo@x.example", name="Bo")


def test_the_only_coordinator_is_told_what_to_do_first(haki):
    make.coordinator(haki.caucuses[0], haki.rosa)
    with pytest.raises(LastCoordinator, match="Ask the secretariat to name another one first"):
        haki.offered()
    make.coordinator(haki.caucuses[0])
    assert haki.offered()


def test_a_holder_who_keeps_a_seat_needs_a_place_for_the_successor(haki):
    with transaction():
        haki.ngo.seats_cap = 2
    with pytest.raises(NoPlaceLeft):
        haki.offered(seat_ids=[haki.seats[0].id])
    assert haki.offered()


def test_an_organisation_writes_to_a_mailbox_three_times_a_day(haki):
    for _ in range(3):
        offered = haki.offered()
        with transaction():
            ending_offers.withdraw(offered, by=haki.rosa)
    with pytest.raises(TooMany):
        haki.offered()


def elsewhere(name):
    """A seat of another organisation, and who may hand it over."""
    ngo, person, caucus = make.ngo(name), make.person(), make.caucus(name.lower())
    seat = make.keep(Seat(ngo_id=ngo.id, caucus_id=caucus.id, holder_id=person.id, since=clock.now()))
    return make.representative(person, ngo), seat


def named(holder, seat):
    with transaction():
        return hand_overs.offer(holder, Successor("Amina", AMINA, "en", [seat.id]), by=holder.person)


def test_how_often_others_wrote_to_a_mailbox_is_told_to_nobody(haki):
    for _ in range(3):
        with transaction():
            ending_offers.withdraw(haki.offered(), by=haki.rosa)
    for number in range(4):
        assert named(*elsewhere(f"Other {number}")).state is OfferState.OPEN
    mine = [one for one in make.rows(Delivery) if one.message.kind == "directory/hand_over_offered"]
    assert len(mine) == 6


SECOND = "rosa@second.example"


@pytest.fixture
def two_addresses(haki):
    """Rosa has a second address, which Yara reads, too."""
    make.keep(SecondAddress(person_id=haki.rosa.id, address=SECOND, address_key=SECOND, verified_at=clock.now()))
    make.person("Yara", SECOND)


@pytest.mark.parametrize("typed", [("rosa", "rosa@haki.example"), ("ROSA", "Rosa@haki.example"), ("Rosa", SECOND)])
def test_nobody_hands_seats_to_themselves_in_another_spelling_or_at_another_address(haki, two_addresses, typed):
    with pytest.raises(Invalid, match="Name somebody else"):
        haki.offered(name=typed[0], address=typed[1])


def test_who_shares_a_mailbox_with_the_holder_may_take_over(haki, two_addresses):
    assert haki.offered(name="Yara", address=SECOND)
    assert hand_overs.known("Yara", SECOND).name == "Yara"


def test_an_administrator_does_not_learn_which_further_addresses_somebody_reads(haki, two_addresses):
    with pytest.raises(Invalid, match="Name somebody else"):
        haki.offered(by=haki.ben.person, name="rosa", address=haki.rosa.address)
    assert haki.offered(by=haki.ben.person, name="Rosa", address=SECOND)


def test_a_forged_link_opens_nothing(haki):
    haki.offered()
    with pytest.raises(BadToken):
        hand_overs.read(tokens.sign(Purpose.UNDO, make.rows(HandOver)[0].id))


def test_whose_seats_one_may_hand_over(haki):
    may = [haki.rosa, haki.ben.person, make.secretary()]
    may_not = [make.person(), make.representative(make.person(), make.ngo(), admin=True).person]
    offered = haki.offered()
    for person in may:
        by = visibility.viewer(person)
        assert hand_overs.representative(by, haki.ngo.id, haki.holder.id) is haki.holder
        assert hand_overs.own(by, haki.ngo.id, offered.id) is offered
    for person in may_not:
        by = visibility.viewer(person)
        with pytest.raises(NotFound):
            hand_overs.representative(by, haki.ngo.id, haki.holder.id)
        with pytest.raises(NotFound):
            hand_overs.own(by, haki.ngo.id, offered.id)
    with pytest.raises(NotFound):
        hand_overs.representative(visibility.viewer(haki.rosa), haki.ngo.id, haki.ben.id)
    with pytest.raises(NotFound):
        hand_overs.own(visibility.viewer(haki.rosa), make.ngo().id, offered.id)


def test_where_somebody_holds_seats(haki):
    assert list(hand_overs.of_person(haki.rosa)) == [haki.holder]
    assert hand_overs.of_person(haki.ben.person) == []
