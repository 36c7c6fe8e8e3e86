import pytest

from caucusmail import clock
from caucusmail.database import transaction
from caucusmail.directory import offering, organisations, queries, visibility
from caucusmail.directory.applications import Applicant
from caucusmail.directory.models import Affiliation, AffiliationState, Representative, RosterPolicy, Seat, Sensitivity
from caucusmail.directory.seating import SeatTaken
from caucusmail.errors import NotAllowed
from tests import make
from tests.directory.joiners import confirmed, letters
from tests.letters import written


@pytest.fixture
def house():
    """A full organisation with a vacant seat in a confidential caucus, where Bob is as an individual and Eve is not."""
    caucus = make.caucus(sensitivity=Sensitivity.CONFIDENTIAL, roster=RosterPolicy.HIDDEN)
    ngo, rosa, bob, eve = make.ngo(), make.person("Rosa"), make.person("Bob"), make.person("Eve")
    make.representative(rosa, ngo, admin=True)
    places = [make.representative(one, ngo) for one in (bob, eve)]
    make.member(caucus, bob)
    seat = make.keep(Seat(ngo_id=ngo.id, caucus_id=caucus.id, since=clock.now()))
    return caucus, ngo, visibility.viewer(rosa), seat, places


def offered(seat, representative, by):
    with transaction():
        offering.offer(seat, representative, by=by)
    written()


def test_who_looks_after_the_organisation_learns_of_nobody_what_they_are_in_by_themselves(house):
    _caucus, ngo, rosa, seat, (bob, eve) = house
    free = organisations.people(rosa, ngo.id).free[seat.id]
    assert [one.person.name for one in free] == ["Rosa", "Bob", "Eve"]
    offered(seat, bob, rosa)
    offered(seat, eve, rosa)
    assert [one.name for one in organisations.people(rosa, ngo.id).invited] == ["Bob", "Eve"]
    assert seat.holder_id is None


def test_a_seat_is_theirs_once_they_say_yes_and_they_stay_one_person(house):
    caucus, _ngo, rosa, seat, (bob, _eve) = house
    offered(seat, bob, rosa)
    (letter,) = letters(bob.person.address)
    assert "/join/confirm/" in letter
    done = confirmed(make.rows(Applicant)[0], caucus)
    assert done.person == bob.person
    assert seat.holder_id == bob.person_id
    place = queries.affiliation(bob.person, caucus)
    assert (place.state, place.seat_id) == (AffiliationState.ACTIVE, seat.id)
    assert len(make.rows(Affiliation)) == 1
    assert len(make.rows(Representative)) == 3


def test_asking_twice_is_asking_once(house):
    _caucus, ngo, rosa, seat, (bob, _eve) = house
    offered(seat, bob, rosa)
    offered(seat, bob, rosa)
    assert len(organisations.people(rosa, ngo.id).invited) == 1


def test_who_speaks_for_it_already_takes_no_further_place(house):
    _caucus, ngo, rosa, seat, (bob, _eve) = house
    ngo.seats_cap = 4
    offered(seat, bob, rosa)
    assert organisations.people(rosa, ngo.id).places == 1


def test_a_seat_on_which_somebody_sits_is_offered_to_nobody(house):
    _caucus, _ngo, rosa, seat, (bob, eve) = house
    with transaction():
        seat.holder_id = eve.person_id
    with pytest.raises(SeatTaken), transaction():
        offering.offer(seat, bob, by=rosa)


def test_only_who_looks_after_the_organisation_offers_its_seats(house):
    _caucus, _ngo, _rosa, seat, (bob, eve) = house
    with pytest.raises(NotAllowed), transaction():
        offering.offer(seat, bob, by=visibility.viewer(eve.person))
