"""So many places for each organisation, on the pages: set, changed, read, and said to who waits because of it."""

import pytest

from caucusmail import clock
from caucusmail.accounts.models import Person
from caucusmail.database import db, transaction
from caucusmail.directory import queries
from caucusmail.directory.models import RosterPolicy, Seat
from caucusmail.meetings.models import Answer, Meeting
from tests import make
from tests.announcements.rooms import Room, seated
from tests.announcements.test_turnout import asked
from tests.entering import enter
from tests.meetings.test_answers import COMING, say
from tests.web.composing import MEETING, begin, page, save, sending, the
from tests.web.test_changing import change, newest


@pytest.fixture(params=[RosterPolicy.MEMBERS, RosterPolicy.HIDDEN])
def room(request) -> Room:
    return Room(roster=request.param)


def colleagues(room: Room, organisation: str, *names: str) -> list[Person]:
    ngo, found = make.ngo(organisation), []
    for name in names:
        who = make.person(name)
        seat = make.keep(Seat(ngo_id=ngo.id, caucus_id=room.caucus.id, holder_id=who.id, since=clock.now()))
        found.append(make.member(room.caucus, who, room.group, seat_id=seat.id))
    return found


def read(client, held: Meeting, who: Person) -> str:
    enter(client, who)
    return page(client, f"/meetings/{held.reference}")


def test_who_waits_because_of_it_is_told_so_and_nothing_of_who_is_in(client, room):
    ada, ben, chi = colleagues(room, "Haki", "Ada Lovelace", "Ben Okri", "Chi Sun")
    dan = seated(room, "Dan Brown", "Andina")
    held = asked(room, places=9, places_each=2)
    html = read(client, held, chi)
    assert "Each organisation can have 2 places." in html
    assert "already have a place" not in html
    hidden = room.caucus.roster is RosterPolicy.HIDDEN
    assert ("read how many are taken, not by whom" in html) is not hidden
    assert ("read that they are taken, not by whom or how many" in html) is hidden
    for who in (ada, ben, dan, chi):
        say(held, who, COMING)
    html = read(client, held, chi)
    assert "You are number 1 on the waiting list." in html
    taken = (
        "The places of your organisation are taken."
        if hidden
        else "2 people of your organisation already have a place."
    )
    assert f"{taken} Each organisation can have 2 places." in html
    assert ("already have a place" in html) is not hidden
    assert "You move up when one of these places becomes free" in html
    assert not [name for name in ("Lovelace", "Okri", "Dan Brown", "Andina") if name in html]
    html = read(client, held, dan)
    assert "of your organisation already" not in html
    assert "waiting list" not in html


def test_who_waits_for_the_room_alone_reads_nothing_of_their_organisation(client, room):
    ada, ben = colleagues(room, "Haki", "Ada", "Ben")
    held = asked(room, places=1, places_each=1)
    say(held, seated(room, "Dan", "Andina"), COMING)
    say(held, ada, COMING)
    say(held, ben, COMING)
    for who, number in ((ada, 1), (ben, 2)):
        html = read(client, held, who)
        assert f"You are number {number} on the waiting list." in html
        assert "of your organisation already" not in html


def test_keepers_read_the_rule_and_of_an_open_group_how_many_it_keeps_waiting(client, room):
    people = colleagues(room, "Haki", "Ada", "Ben", "Chi", "Dan", "Eve")
    held = asked(room, places=9, places_each=2)
    for who in people:
        say(held, who, COMING)
    enter(client, room.by.person)
    html = page(client, f"/meetings/{held.reference}/answers")
    assert "at most 2 people with a place" in html
    hidden = room.caucus.roster is RosterPolicy.HIDDEN
    assert ("3 people wait because their organisation has all it may have" in html) is not hidden
    assert ("3 people wait for one" in html) is not hidden


def test_strangers_do_not_read_it(client):
    here = Room()
    seated(here, "Ada", "Haki")
    held = asked(here, places_each=2, public=True)
    assert "Of one organisation" in read(client, held, here.by.person)
    assert "Of one organisation" not in read(client, held, make.person())


def test_an_author_sets_it_and_finds_it_again(client, vrwg, ilse):
    url = begin(client, vrwg)
    save(client, url, **MEETING | {"places_each": "2"})
    [held] = make.rows(Meeting)
    assert held.places_each == 2
    assert 'name="places_each"' in page(client, url)
    save(client, url, **MEETING | {"places_each": ""})
    db.session.expire_all()
    assert held.places_each is None


def test_places_for_each_organisation_are_changed_told_old_and_new_and_who_waits_moves_up(client, url, members):
    sending(client, url, accepted=250)
    meeting, ngo = the().meeting, make.ngo("Haki")
    for person in members:
        seat = make.keep(Seat(ngo_id=ngo.id, caucus_id=meeting.caucus_id, holder_id=person.id, since=clock.now()))
        place = queries.affiliation(person, meeting.caucus)
        with transaction():
            place.seat_id = seat.id
    assert change(client, meeting, "room", places_each="1").status_code == 303
    for person in members:
        say(meeting, person, COMING)
    assert sorted(row.has_place for row in make.rows(Answer)) == [False, True]
    answer = change(client, meeting, "room", places_each="2")
    assert "PLACES FOR EACH ORGANISATION CHANGED" in page(client, answer.location)
    html = page(client, f"/meetings/{meeting.reference}")
    assert "<bdi>2 for each organisation</bdi>" in html
    assert "<del><bdi>1 for each organisation</bdi></del>" in html
    db.session.expire_all()
    assert all(row.has_place for row in make.rows(Answer))
    assert newest().meeting.sequence == 0
    refused = change(client, meeting, "room", places_each="61")
    html = refused.get_data(as_text=True)
    assert (refused.status_code, 'href="#places_each"' in html, "<details open>" in html) == (422, True, True)
