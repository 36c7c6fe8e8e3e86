from datetime import timedelta

import pytest
import time_machine

from caucusmail import clock
from caucusmail.database import transaction
from caucusmail.directory import seat_requests, visibility
from caucusmail.directory.lookalikes import name_key
from caucusmail.directory.models import NgoState, Seat
from caucusmail.directory.seat_request_models import RequestState, SeatRequest
from caucusmail.directory.seat_requests import NoLonger
from caucusmail.errors import NotFound
from tests import letters, make


@pytest.fixture
def red():
    """Red Víctimas has a seat in water; Ana looks after it."""
    ngo = make.ngo("Red Víctimas", name_key=name_key("Red Víctimas"), acronym="RV")
    make.keep(Seat(ngo_id=ngo.id, caucus_id=make.caucus("water").id, since=clock.now()))
    return make.representative(make.person("Ana"), ngo, admin=True)


def asked(red, person=None, name="Red Victimas"):
    seat = make.rows(Seat)[0]
    with transaction():
        return seat_requests.ask(person or make.person("Rosa"), name, [seat.caucus_id, 987_654])


@pytest.mark.parametrize("name", ["Red Víctimas", "red victimas", "rv"])
def test_it_is_found_by_its_whole_name_or_acronym(red, name):
    assert seat_requests.named(name) is red.ngo


@pytest.mark.parametrize("name", ["", "Red", "Víctimas", "!"])
def test_and_by_no_part_of_it(red, name):
    assert seat_requests.named(name) is None


def test_of_two_with_one_acronym_neither_is_meant(red):
    make.ngo("Reporters Vivants", acronym="RV")
    assert seat_requests.named("RV") is None


def test_who_looks_after_it_is_asked(red):
    made = asked(red)
    assert [one.id for one in seat_requests.caucuses(made)] == [make.rows(Seat)[0].caucus_id]
    assert letters.to(red.person.address)[0]["Subject"] == "Rosa asks for a seat of Red Víctimas"
    assert list(seat_requests.waiting(red.ngo)) == [made]
    with time_machine.travel(clock.now() + timedelta(days=61)):
        assert seat_requests.waiting(red.ngo) == []


def test_where_there_is_nobody_to_ask_nothing_is_kept(red):
    with transaction():
        red.admin = False
    assert asked(red) is None
    with transaction():
        red.admin, red.ngo.state = True, NgoState.LAPSED
    assert asked(red) is None
    assert asked(red, name="Nobody") is None
    assert make.rows(SeatRequest) == []


def test_no_is_told_once(red):
    made = asked(red)
    with transaction():
        seat_requests.decline(made, by=red.person)
    assert made.state is RequestState.DECLINED
    assert letters.to(made.person.address)[0]["Subject"] == "You do not get a seat of Red Víctimas"
    with pytest.raises(NoLonger):
        seat_requests.decline(made, by=red.person)


def test_only_who_looks_after_it_sees_a_request(red):
    made = asked(red)
    for person in (red.person, make.secretary()):
        assert seat_requests.own(visibility.viewer(person), red.ngo_id, made.id) is made
    other = make.representative(make.person(), make.ngo(), admin=True)
    for person, ngo in ((other.person, red.ngo_id), (other.person, other.ngo_id), (made.person, red.ngo_id)):
        with pytest.raises(NotFound):
            seat_requests.own(visibility.viewer(person), ngo, made.id)
