from datetime import timedelta

import pytest
import time_machine

from caucusmail import clock
from caucusmail.accounts.models import Person
from caucusmail.database import transaction
from caucusmail.delivery.models import DeliveryState
from caucusmail.directory import queries as directory
from caucusmail.directory import representation
from caucusmail.directory.affiliation import MovedOn
from caucusmail.directory.lookalikes import name_key
from caucusmail.directory.models import Admits, Representative, Seat
from caucusmail.directory.representation import LastAdministrator
from caucusmail.directory.seat_request_models import RequestState, SeatRequest
from caucusmail.directory.seat_requests import NoLonger
from caucusmail.errors import TooMany
from caucusmail.groups import moving, queries, undo
from caucusmail.groups.moving import NotAlone, Offered
from caucusmail.groups.undo import Way
from tests import letters, make
from tests.groups.handed import office, stands
from tests.groups.leaving import PLACES, copy, digest

ALL = (*PLACES, Representative)


@pytest.fixture
def haki():
    """Rosa sits for Haki in water and, for organisations only, in peace; in mine she is by herself."""
    made = office()
    mine = make.caucus("mine")
    make.member(mine, made.rosa, make.group(mine))
    with transaction():
        made.caucuses[1].admits = Admits.ORGANISATIONS
    return made


@pytest.fixture
def red(haki):
    """Where she goes: it has a vacant seat in water and one in peace."""
    ngo = make.ngo("Red Victimas", name_key=name_key("Red Victimas"))
    for caucus in haki.caucuses:
        make.keep(Seat(ngo_id=ngo.id, caucus_id=caucus.id, since=clock.now()))
    return make.representative(make.person("Ana"), ngo, admin=True)


def moved(haki, alone=(), to=""):
    with transaction():
        return moving.move(haki.holder, alone, to, by=haki.rosa)


def subjects(person: Person) -> list[str]:
    return [one["Subject"] for one in letters.to(person.address)]


def test_the_seats_are_left_and_what_is_their_own_stays(haki):
    row = copy(haki.rosa, haki.groups[0], due_at=clock.now() + timedelta(days=30))
    moved(haki)
    assert [seat.holder_id for seat in haki.seats] == [None, None]
    assert [place.caucus.slug for place in queries.places(haki.rosa)] == ["mine"]
    assert haki.holder not in representation.speaking(haki.ngo)
    assert row.state is DeliveryState.WITHDRAWN
    assert subjects(haki.rosa) == ["You have left Haki"]
    assert subjects(haki.ben.person) == ["Rosa no longer represents Haki. Who follows?"]
    assert "water caucus" in letters.text(letters.to(haki.ben.person.address)[0])


def test_where_individuals_are_admitted_they_may_stay_as_one(haki):
    moved(haki, [haki.caucuses[0].id])
    place = directory.affiliation(haki.rosa, haki.caucuses[0])
    assert (place.state.value, place.seat_id) == ("active", None)
    assert [stands(haki.rosa, one) for one in haki.caucuses] == ["active", "ended"]
    assert {place.group.local_part for place in queries.subscriptions(haki.rosa)} == {"water", "mine"}
    assert haki.seats[0].holder_id is None


def test_where_organisations_alone_are_admitted_nobody_stays(haki):
    before = digest(*ALL)
    for caucus_id in (haki.caucuses[1].id, 987_654):
        with pytest.raises(NotAlone):
            moved(haki, [caucus_id])
    assert digest(*ALL) == before


@pytest.mark.parametrize("staying", [True, False])
def test_twenty_days_later_it_is_taken_back_to_the_last_column(haki, red, staying):
    before = digest(*ALL)
    step = moved(haki, [haki.caucuses[0].id] if staying else [], "Red Victimas")
    assert digest(*ALL) != before
    with time_machine.travel(clock.now() + timedelta(days=20)), transaction():
        assert undo.way(step) is Way.OPEN
        assert undo.take_back(step)
    assert digest(*ALL) == before
    assert undo.way(step) is Way.BACK
    assert make.rows(SeatRequest)[0].state is RequestState.WITHDRAWN
    assert subjects(haki.ben.person)[-1] == "Rosa represents Haki after all"
    with transaction():
        assert not undo.take_back(step)


def test_the_new_organisation_gives_the_seats_they_asked_for(haki, red):
    step = moved(haki, [haki.caucuses[0].id], "red victimas")
    request = make.rows(SeatRequest)[0]
    assert subjects(red.person) == ["Rosa asks for a seat of Red Victimas"]
    with transaction():
        moving.give(request, by=red.person)
    assert {one.ngo.name for one in map(directory_seat(haki), haki.caucuses)} == {"Red Victimas"}
    assert [stands(haki.rosa, one) for one in haki.caucuses] == ["active", "active"]
    assert {place.group.local_part for place in queries.subscriptions(haki.rosa)} == {"water", "peace", "mine"}
    assert subjects(haki.rosa)[-1] == "You speak for Red Victimas now"
    with pytest.raises(NoLonger), transaction():
        moving.give(request, by=red.person)
    with pytest.raises(MovedOn, match="Red Victimas has given you a seat since"), transaction():
        undo.take_back(step)


def directory_seat(haki):
    return lambda caucus: directory.affiliation(haki.rosa, caucus).seat


def test_a_name_that_nobody_has_is_answered_alike(haki, red):
    step = moved(haki, [], "Nobody at all")
    assert step.detail["request"] is None
    assert "If “Nobody at all” is a member here" in letters.text(letters.to(haki.rosa.address)[0])
    assert subjects(red.person) == []


def test_the_only_administrator_is_told_whom_to_ask(haki):
    with transaction():
        haki.holder.admin, haki.ben.admin = True, False
    before = digest(*ALL)
    with pytest.raises(LastAdministrator, match="ask the secretariat"):
        moved(haki, [haki.caucuses[0].id])
    assert digest(*ALL) == before


def test_seats_that_are_offered_are_answered_first(haki):
    haki.offered()
    with pytest.raises(Offered, match="offered to Amina"):
        moved(haki)


def test_who_has_left_cannot_leave_again_and_five_a_day_are_enough(haki):
    moved(haki)
    with pytest.raises(moving.NoLonger):
        moved(haki)
    with pytest.raises(TooMany):
        for _ in range(6):
            try:
                moved(haki)
            except moving.NoLonger:
                continue


def test_who_represents_three_organisations_leaves_one(haki):
    others = []
    for name in ("Amani", "Baraka"):
        ngo, caucus = make.ngo(name), make.caucus(name.lower())
        others.append(make.representative(haki.rosa, ngo))
        seat = make.keep(Seat(ngo_id=ngo.id, caucus_id=caucus.id, holder_id=haki.rosa.id, since=clock.now()))
        make.member(caucus, haki.rosa, make.group(caucus), seat_id=seat.id)
    moved(haki)
    assert all(one.until is None for one in others)
    assert {place.caucus.slug for place in queries.places(haki.rosa)} == {"mine", "amani", "baraka"}


def test_no_link_makes_who_moved_an_administrator_again(haki):
    with transaction():
        haki.holder.admin = True
    step = moved(haki)
    assert undo.loses_power(step)
    with transaction():
        assert undo.take_back(step)
    assert haki.holder in representation.speaking(haki.ngo)
    assert not haki.holder.admin
