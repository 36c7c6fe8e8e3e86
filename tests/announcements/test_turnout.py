"""Who comes, in numbers: what keepers of an open and of a hidden group see."""

from datetime import timedelta

import pytest

from caucusmail.announcements import turnout
from caucusmail.announcements.turnout import Counts
from caucusmail.database import db, transaction
from caucusmail.directory import queries, visibility
from caucusmail.directory.models import RosterPolicy, Seat
from caucusmail.errors import NotFound
from caucusmail.meetings.models import MeetingState
from tests import make
from tests.announcements.rooms import Room, confirmed, meeting, ready, seated
from tests.meetings.test_answers import COMING, MAYBE, NOT_COMING, say
from tests.statements import counted


def asked(room: Room, **more):
    """A meeting that everybody in the room was told of."""
    sent = confirmed(room, ready(room, meeting=meeting(titles={"en": "Strategy"}, **more)))
    with transaction():
        sent.meeting.state = MeetingState.CONFIRMED
    return sent.meeting


def numbers(counts: Counts) -> tuple:
    return tuple(counts.all)


def test_of_a_group_whose_roster_is_seen_every_organisation_and_region_is_counted():
    room = Room(roster=RosterPolicy.MEMBERS)
    one, two = seated(room, "Ada", "Haki"), seated(room, "Ben", "Andina")
    alone, silent = seated(room, "Chi"), seated(room, "Dan", "Silent")
    held = asked(room, places=1)
    for who, state in ((one, COMING), (two, COMING), (alone, MAYBE)):
        say(held, who, state)
    found = turnout.turnout(held, room.by)
    assert numbers(found.total) == (2, 0, 1, 1)
    assert found.waiting == 1
    assert [(name, numbers(counts)) for name, counts in found.organisations] == [
        ("Andina", (1, 0, 0, 0)),
        ("Haki", (1, 0, 0, 0)),
        ("", (0, 0, 1, 0)),
    ]
    assert [(names.get("en"), numbers(counts)) for names, counts in found.regions] == [
        ("Africa", (2, 0, 0, 1)),
        (None, (0, 0, 1, 0)),
    ]
    assert silent.name == "Dan"


def test_who_answers_without_having_been_written_to_is_counted_too():
    room = Room(roster=RosterPolicy.MEMBERS)
    seated(room, "Ada")
    held = asked(room)
    say(held, seated(room, "Late"), NOT_COMING)
    assert numbers(turnout.turnout(held, room.by).total) == (0, 1, 0, 1)


def test_of_a_hidden_group_there_are_totals_only_rounded_and_never_of_fewer_than_five():
    room = Room(roster=RosterPolicy.HIDDEN)
    people = [seated(room, f"P{number}", f"NGO {number}") for number in range(40)]
    held = asked(room)
    for who in people[:4]:
        say(held, who, COMING)
    assert turnout.turnout(held, room.by).total is None
    for number, who in enumerate(people[4:30]):
        say(held, who, MAYBE if number < 3 else NOT_COMING)
    found = turnout.turnout(held, room.by)
    assert (found.hidden, found.organisations, found.regions, found.waiting) == (True, [], [], 0)
    assert numbers(found.total) == (None, 20, None, 10)


def test_two_looks_at_a_hidden_group_with_one_answer_between_them_see_the_same():
    room = Room(roster=RosterPolicy.HIDDEN)
    people = [seated(room, f"P{number}") for number in range(25)]
    held = asked(room)
    before, since = None, 0
    for who in people:
        say(held, who, COMING)
        since += 1
        total = turnout.turnout(held, room.by).total
        after = total and (total.coming, total.not_coming, total.maybe)
        if after != before:
            assert since >= 5
            before, since = after, 0
    assert before == (20, 0, 0)


def test_the_number_of_statements_does_not_grow_with_the_answers():
    room = Room(roster=RosterPolicy.MEMBERS)
    people = [seated(room, f"P{number}", f"NGO {number}") for number in range(8)]
    held = asked(room)
    say(held, people[0], COMING)
    with counted() as few:
        turnout.turnout(held, room.by)
    for who in people:
        say(held, who, COMING)
    with counted() as many:
        turnout.turnout(held, room.by)
    assert len(few) == len(many) <= 9


def test_nobody_but_keepers_and_the_secretariat_sees_it():
    room = Room()
    held = asked_alone(room)
    for who in (make.member(room.caucus), make.coordinator(make.caucus())):
        with pytest.raises(NotFound):
            turnout.turnout(held, visibility.viewer(who))
    assert turnout.turnout(held, visibility.viewer(make.secretary())).total is None


def asked_alone(room: Room):
    seated(room, "Ada")
    held = asked(room)
    db.session.expire_all()
    return held


@pytest.mark.parametrize("roster", [RosterPolicy.MEMBERS, RosterPolicy.HIDDEN])
def test_other_times_are_listed_and_of_a_hidden_group_without_a_number(roster):
    room = Room(roster=roster)
    seated(room, "Dan")
    held = asked(room)
    another = (held.starts_at + timedelta(hours=2), held.ends_at + timedelta(hours=2))
    for name in ("Ada", "Ben"):
        say(held, seated(room, name), MAYBE, proposed=another)
    say(held, seated(room, "Chi"), MAYBE, proposed=(held.starts_at, held.ends_at))
    [found] = turnout.turnout(held, room.by).proposals
    assert (found.starts_at, found.ends_at) == another
    assert found.number == (None if roster is RosterPolicy.HIDDEN else 2)


def test_who_waits_for_a_place_of_their_organisation_is_counted_where_the_roster_is_seen_and_only_there():
    for roster, number in ((RosterPolicy.MEMBERS, 1), (RosterPolicy.HIDDEN, 0)):
        room = Room(roster=roster)
        ada, ben = seated(room, "Ada", "Haki"), make.person("Ben")
        place = queries.affiliation(ada, room.caucus)
        seat = make.keep(Seat(ngo_id=place.seat.ngo_id, caucus_id=room.caucus.id, since=place.since))
        make.member(room.caucus, ben, room.group, seat_id=seat.id)
        held = asked(room, places=9, places_each=1)
        for who in (ada, ben):
            say(held, who, COMING)
        found = turnout.turnout(held, room.by)
        assert (found.waiting, found.kept_waiting) == (number, number)


def test_who_speaks_for_an_organisation_from_outside_the_group_is_counted_with_it_as_for_places():
    room = Room(roster=RosterPolicy.MEMBERS)
    ada, speaker, torn = seated(room, "Ada", "Haki"), make.person("Speaker"), make.person("Torn")
    haki = queries.affiliation(ada, room.caucus).seat.ngo
    for who, ngo in ((speaker, haki), (torn, haki), (torn, make.ngo("Andina"))):
        make.representative(who, ngo)
    held = asked(room, places=9, places_each=1)
    for who in (ada, speaker, torn):
        say(held, who, COMING)
    found = turnout.turnout(held, room.by)
    assert [(name, numbers(counts)) for name, counts in found.organisations] == [
        ("Haki", (2, 0, 0, 0)),
        ("", (1, 0, 0, 0)),
    ]
    assert next((names.get("en"), numbers(counts)) for names, counts in found.regions) == ("Africa", (2, 0, 0, 0))
    assert (found.waiting, found.kept_waiting) == (1, 1)
