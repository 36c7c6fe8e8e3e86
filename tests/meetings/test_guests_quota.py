"""The list for a door where each organisation has so many places, of groups whose roster is seen and of hidden ones."""

import pytest

from caucusmail import clock
from caucusmail.database import db, transaction
from caucusmail.directory.models import RosterPolicy, Seat
from caucusmail.meetings import guests
from caucusmail.meetings.guests import Guest
from caucusmail.meetings.models import DoorName, Meeting
from caucusmail.meetings.needs import Needs
from tests import make
from tests.announcements.rooms import Room, seated
from tests.meetings.test_answers import COMING, NOT_COMING, say
from tests.meetings.test_queries import meeting

AGREED = Needs(on_door_list=True)


@pytest.fixture(params=[RosterPolicy.MEMBERS, RosterPolicy.HIDDEN])
def room(request) -> Room:
    return Room(roster=request.param)


def haki(room: Room, *names: str) -> list[make.Person]:
    """As many as there are names, each on a seat of one organisation."""
    ngo, found = make.ngo("Haki"), []
    for name in names:
        who = make.person(name)
        seat = make.keep(Seat(ngo_id=ngo.id, caucus_id=room.caucus.id, holder_id=who.id, since=clock.now()))
        found.append(make.member(room.caucus, who, room.group, seat_id=seat.id))
    return found


def come(one: Meeting, *people: make.Person) -> None:
    for who in people:
        say(one, who, COMING, filled=AGREED)


def opened(one: Meeting, room: Room) -> list[Guest]:
    with transaction():
        return list(guests.open_(one, room.by))


def made(one: Meeting, room: Room) -> None:
    with transaction():
        guests.make(one, room.by)


def test_whom_the_places_of_their_organisation_keep_waiting_is_not_on_it_though_there_is_room(room):
    one, people = meeting(room.caucus, places=9, places_each=2), haki(room, "Ada", "Ben", "Chi")
    come(one, *people, seated(room, "Dan", "Andina"), seated(room, "Eve"))
    made(one, room)
    assert opened(one, room) == [Guest("Ada", "Haki"), Guest("Ben", "Haki"), Guest("Dan", "Andina"), Guest("Eve", "")]


def test_who_moves_up_before_it_is_made_is_on_it_and_who_moves_up_afterwards_is_not(room):
    one, (ada, ben, chi) = meeting(room.caucus, places_each=1), haki(room, "Ada", "Ben", "Chi")
    come(one, ada, ben, chi)
    say(one, ada, NOT_COMING)
    made(one, room)
    assert opened(one, room) == [Guest("Ben", "Haki")]
    say(one, ben, NOT_COMING)
    assert opened(one, room) == []


def test_a_smaller_number_takes_nobody_off_it(room):
    one, people = meeting(room.caucus, places_each=2), haki(room, "Ada", "Ben")
    come(one, *people)
    made(one, room)
    with transaction():
        one.places_each = 1
    assert [guest.name for guest in opened(one, room)] == ["Ada", "Ben"]


def test_who_speaks_for_one_organisation_from_outside_is_on_it_with_the_one_they_count_for(room):
    one, [ada] = meeting(room.caucus, places_each=2), haki(room, "Ada")
    speaker = make.person("Speaker")
    make.representative(
        speaker, db.session.get(Seat, db.session.query(Seat.id).filter_by(holder_id=ada.id).scalar()).ngo
    )
    come(one, ada, speaker)
    made(one, room)
    assert opened(one, room) == [Guest("Ada", "Haki"), Guest("Speaker", "Haki")]
    assert len(make.rows(DoorName)) == 2
