from datetime import timedelta

import pytest

from caucusmail import clock, tokens
from caucusmail.database import transaction
from caucusmail.directory import ending_offers, hand_overs, visibility
from caucusmail.directory.hand_over_models import HandOver
from caucusmail.directory.hand_overs import BadDay, NoSeats, OfferedAlready
from caucusmail.directory.keeping import LastCoordinator
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


def test_a_mailbox_is_written_to_three_times_a_day(haki):
    for _ in range(3):
        offered = haki.offered()
        with transaction():
            ending_offers.withdraw(offered, by=haki.rosa)
    with pytest.raises(TooMany):
        haki.offered()


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
