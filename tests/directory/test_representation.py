import pytest

from caucusmail.database import transaction
from caucusmail.directory import representation
from caucusmail.directory.models import Representative, Seat, SeatRole
from caucusmail.directory.representation import NoPlaceLeft
from caucusmail.directory.seating import leave_seat
from tests import make


def appoint(ngo, person, **more):
    with transaction():
        return representation.appoint(ngo, person, by=None, **more)


def seat(ngo, caucus, person):
    with transaction():
        return representation.seat(ngo, caucus, person)


def test_an_organisation_has_no_more_representatives_than_it_may():
    ngo = make.ngo(seats_cap=1)
    appoint(ngo, make.person())
    with pytest.raises(NoPlaceLeft, match="Its administrator"):
        appoint(ngo, make.person())


def test_appointing_twice_is_once_and_may_make_an_administrator():
    ngo, person = make.ngo(seats_cap=1), make.person()
    appoint(ngo, person)
    assert appoint(ngo, person, admin=True).admin
    assert len(make.rows(Representative)) == 1


def test_one_whose_term_ended_frees_the_place_and_may_come_back():
    ngo, before, after = make.ngo(seats_cap=1), make.person(), make.person()
    ended = appoint(ngo, before)
    with transaction():
        ended.until = ended.since
    appoint(ngo, after)
    assert representation.places_left(ngo) == 0
    with pytest.raises(NoPlaceLeft):
        appoint(ngo, before)


def test_the_first_sits_as_representative_and_the_next_as_alternate():
    ngo, caucus = make.ngo(), make.caucus()
    assert seat(ngo, caucus, make.person()).role is SeatRole.REPRESENTATIVE
    assert seat(ngo, caucus, make.person()).role is SeatRole.ALTERNATE


def test_a_vacant_seat_is_taken_before_a_new_one_is_made():
    ngo, caucus, before = make.ngo(), make.caucus(), make.person()
    first = seat(ngo, caucus, before)
    with transaction():
        leave_seat(first.id, before.id)
    assert seat(ngo, caucus, make.person()).id == first.id
    assert len(make.rows(Seat)) == 1


def test_sitting_down_twice_is_the_same_seat():
    ngo, caucus, person = make.ngo(), make.caucus(), make.person()
    assert seat(ngo, caucus, person).id == seat(ngo, caucus, person).id
    assert representation.has_seat(ngo, caucus)
