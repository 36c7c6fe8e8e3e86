"""The list for a door: who agreed is on it, it is made once, opened three times at most, and gone after the day."""

from datetime import UTC, datetime, timedelta

import pytest
import time_machine

from caucusmail import clock, zones
from caucusmail.announcements import given_up
from caucusmail.audit.models import AuditEntry
from caucusmail.database import db, transaction
from caucusmail.delivery.models import OutgoingText
from caucusmail.directory import affiliation, queries, visibility
from caucusmail.directory.models import RosterPolicy
from caucusmail.errors import NotFound
from caucusmail.meetings import forgetting, guests, needs, personal
from caucusmail.meetings.models import Answer, DoorList, DoorName, Meeting, MeetingMode, MeetingState
from caucusmail.meetings.needs import Needs
from tests import letters, make
from tests.announcements.rooms import Room, seated
from tests.meetings.test_answers import COMING, MAYBE, NOT_COMING, say
from tests.meetings.test_forgetting import over
from tests.meetings.test_queries import meeting
from tests.privacy.ruled import forgotten

AGREED = Needs(on_door_list=True)


@pytest.fixture
def room() -> Room:
    return Room(roster=RosterPolicy.HIDDEN)


@pytest.fixture
def held(room) -> Meeting:
    """Ada and Ben agreed to be on its list; Chi comes, and did not."""
    one = meeting(room.caucus, 3)
    say(one, seated(room, "Ada", "Haki"), COMING, filled=AGREED)
    say(one, seated(room, "Ben"), COMING, filled=AGREED)
    say(one, seated(room, "Chi", "Andina"), COMING)
    return one


def who(name: str):
    return db.session.query(make.Person).filter_by(name=name).one()


def made(one: Meeting, room: Room) -> DoorList:
    with transaction():
        return guests.make(one, room.by)


def opened(one: Meeting, by) -> list[str]:
    with transaction():
        return [guest.name for guest in guests.open_(one, by)]


def verbs() -> list[str]:
    return [entry.verb for entry in make.rows(AuditEntry) if entry.verb.startswith("meeting.door")]


def test_on_it_is_who_comes_has_a_place_and_agreed_with_their_organisation(room):
    one = meeting(room.caucus, places=2)
    for name, state, filled in (
        ("Ada", COMING, AGREED),
        ("Chi", COMING, Needs()),
        ("Waits", COMING, AGREED),
        ("May", MAYBE, AGREED),
        ("Cannot", NOT_COMING, AGREED),
    ):
        say(one, seated(room, name, f"{name} Society"), state, filled=filled)
    made(one, room)
    with transaction():
        assert guests.open_(one, room.by) == [guests.Guest("Ada", "Ada Society")]


def test_a_second_request_is_refused_and_says_who_made_it_and_when(held, room):
    made(held, room)
    other = visibility.viewer(make.coordinator(room.caucus))
    with pytest.raises(guests.MadeAlready, match=f"made by {room.by.person.name} on .* once"):
        guests.make(held, other)
    assert len(make.rows(DoorList)) == 1


def test_nothing_in_the_rows_or_the_journal_names_anybody(held, room):
    made(held, room)
    opened(held, room.by)
    rows = repr([(one.sealed, one.id) for one in make.rows(DoorName)]) + repr(
        [(entry.reason, entry.detail) for entry in make.rows(AuditEntry)]
    )
    assert [name for name in ("Ada", "Ben", "Haki") if name in rows] == []


def test_it_is_opened_three_times_by_whoever_keeps_the_group_and_no_fourth(held, room):
    made(held, room)
    other = visibility.viewer(make.coordinator(room.caucus))
    for by in (room.by, other, room.by):
        assert opened(held, by) == ["Ada", "Ben"]
    with pytest.raises(guests.NotToBeOpened):
        guests.open_(held, other)
    assert verbs() == ["meeting.door-list-made", *["meeting.door-list-opened"] * guests.MOST_OPENINGS]


def test_the_others_who_keep_the_group_are_told_of_each_step_and_of_no_name_on_it(held, room):
    other = make.coordinator(room.caucus)
    made(held, room)
    opened(held, room.by)
    told = letters.to(other.address)
    assert [letter["Subject"].partition(":")[0] for letter in told] == [
        "The list for the door is made",
        "The list for the door was opened",
    ]
    assert "opening 1 of 3" in letters.text(told[1])
    assert [name for name in ("Ada", "Ben") if any(name in letters.text(letter) for letter in told)] == []
    assert letters.to(room.by.person.address) == []


def test_where_nobody_else_keeps_the_group_the_secretariat_is_told(held, room):
    noor = make.secretary()
    made(held, room)
    assert len(letters.to(noor.address)) == 1


def test_nobody_else_makes_sees_or_opens_it(held, room):
    made(held, room)
    for person in (make.member(room.caucus), make.coordinator(make.caucus()), make.person()):
        by = visibility.viewer(person)
        for act in (guests.make, guests.open_, guests.of):
            with pytest.raises(NotFound):
                act(held, by)
    assert guests.of(held, visibility.viewer(make.secretary())).openings == 0


def test_who_changes_their_mind_is_off_it_at_once_and_who_agrees_later_is_not_on_it(held, room):
    made(held, room)
    say(held, who("Ada"), COMING, filled=Needs())
    say(held, who("Chi"), COMING, filled=AGREED)
    assert opened(held, room.by) == ["Ben"]
    say(held, who("Ben"), MAYBE)
    assert opened(held, room.by) == []


def test_who_leaves_the_group_or_is_forgotten_is_off_it(held, room):
    made(held, room)
    with transaction():
        affiliation.end(queries.affiliation(who("Ada"), room.caucus), by=who("Ada"))
    with transaction():
        given_up.give_up()
        personal.erase(who("Ben"))
    assert opened(held, room.by) == []


def test_of_nobody_no_list_is_made(room):
    one = meeting(room.caucus)
    say(one, seated(room, "Chi"), COMING)
    with pytest.raises(guests.NobodyAgreed):
        guests.make(one, room.by)
    assert make.rows(DoorList) == []


@pytest.mark.parametrize(
    "more",
    [{"mode": MeetingMode.ONLINE}, {"state": MeetingState.CANCELLED}, {"state": MeetingState.DRAFT}, {"days": -2}],
)
def test_where_nobody_comes_to_a_door_there_is_no_list(room, more):
    one = meeting(room.caucus, **more)
    with pytest.raises(guests.NoDoorListNow):
        guests.make(one, room.by)
    assert guests.why_not(one)


def test_a_cancelled_meeting_opens_it_to_nobody_until_it_takes_place_after_all(held, room):
    made(held, room)
    with transaction():
        held.state = MeetingState.CANCELLED
    with pytest.raises(guests.NoDoorListNow):
        guests.open_(held, room.by)
    with transaction():
        held.state = MeetingState.CONFIRMED
    assert opened(held, room.by) == ["Ada", "Ben"]


@pytest.mark.parametrize(
    ("zone", "ends", "until"),
    [
        (zones.THE_HAGUE, datetime(2027, 11, 30, 8, tzinfo=UTC), datetime(2027, 11, 30, 23, tzinfo=UTC)),
        (zones.THE_HAGUE, datetime(2027, 3, 27, 22, 59, tzinfo=UTC), datetime(2027, 3, 27, 23, tzinfo=UTC)),
        (zones.THE_HAGUE, datetime(2027, 3, 28, 12, tzinfo=UTC), datetime(2027, 3, 28, 22, tzinfo=UTC)),  # 23 hours
        (zones.THE_HAGUE, datetime(2027, 10, 31, 12, tzinfo=UTC), datetime(2027, 10, 31, 23, tzinfo=UTC)),  # 25 hours
        (zones.THE_HAGUE, datetime(2027, 11, 30, 23, tzinfo=UTC), datetime(2027, 11, 30, 23, tzinfo=UTC)),  # midnight
        (zones.NEW_YORK, datetime(2027, 12, 1, 1, tzinfo=UTC), datetime(2027, 12, 1, 5, tzinfo=UTC)),
        ("Asia/Beirut", datetime(2027, 3, 27, 12, tzinfo=UTC), datetime(2027, 3, 27, 22, tzinfo=UTC)),  # no midnight
        ("Asia/Kathmandu", datetime(2027, 11, 30, 12, tzinfo=UTC), datetime(2027, 11, 30, 18, 15, tzinfo=UTC)),
    ],
)
def test_the_day_ends_where_the_meeting_is(room, zone, ends, until):
    one = meeting(room.caucus, zone=zone, starts_at=ends - timedelta(hours=1), ends_at=ends)
    assert guests.until(one) == until


@pytest.mark.parametrize("day", [datetime(2027, 3, 28, 12, tzinfo=UTC), datetime(2027, 10, 31, 12, tzinfo=UTC)])
def test_it_opens_to_the_last_second_of_the_day_and_then_no_more_and_is_erased(room, day):
    with time_machine.travel(day - timedelta(days=2), tick=False):
        one = meeting(room.caucus, starts_at=day, ends_at=day + timedelta(hours=1))
        say(one, seated(room, "Ada"), COMING, filled=AGREED)
        made(one, room)
    with time_machine.travel(guests.until(one) - timedelta(seconds=1), tick=False):
        forgotten("door-lists")
        assert opened(one, room.by) == ["Ada"]
    with time_machine.travel(guests.until(one), tick=False):
        with pytest.raises(guests.NoDoorListNow):
            guests.open_(one, room.by)
        forgotten("door-lists")
    assert_gone(one, room)


def assert_gone(one: Meeting, room: Room) -> None:
    db.session.expire_all()
    [kept] = make.rows(DoorList)
    assert (kept.salt, kept.erased_at is not None, make.rows(DoorName)) == (b"", True, [])
    assert [answer.on_door_list for answer in make.rows(Answer)] == [False]
    assert b"Ada" not in b"".join(text.raw for text in make.rows(OutgoingText))
    assert guests.of(one, room.by).erased_at == kept.erased_at
    assert verbs()[-1] == "meeting.door-list-erased"


def test_the_job_erases_once_and_leaves_what_is_to_come(held, room):
    made(held, room)
    with transaction():
        assert guests.erase_due() == 0
    over(held, 2)
    for number in (1, 0):
        with transaction():
            assert guests.erase_due() == number
    assert verbs().count("meeting.door-list-erased") == 1


def test_a_meeting_that_is_moved_takes_its_list_along(held, room):
    made(held, room)
    with transaction():
        held.starts_at, held.ends_at = (at + timedelta(days=2) for at in (held.starts_at, held.ends_at))
    with time_machine.travel(clock.now() + timedelta(days=4)):
        forgotten("door-lists")
        assert opened(held, room.by) == ["Ada", "Ben"]


def test_thirty_days_later_not_even_the_empty_list_is_left(held, room):
    other = make.coordinator(room.caucus)
    made(held, room)
    over(held, 31)
    with transaction():
        forgetting.forget()
    assert (make.rows(DoorList), make.rows(DoorName)) == ([], [])
    assert letters.to(other.address) == []


def test_how_many_agreed_is_told_by_the_rule_of_all_numbers(held, room):
    assert needs.totals(held, room.by) is None
    for number in range(3):
        say(held, seated(room, f"P{number}"), COMING, filled=AGREED)
    assert needs.totals(held, room.by).on_door_list is None


def test_a_person_is_shown_the_lists_they_are_on_and_those_they_made(held, room):
    made(held, room)
    ada, maker = personal.export(who("Ada")), personal.export(room.by.person)
    assert [one["meeting"] for one in ada["door_lists"]] == [held.reference]
    assert (len(ada["door_lists_made"]), len(maker["door_lists"]), len(maker["door_lists_made"])) == (0, 0, 1)


def test_the_letters_that_say_who_opened_it_are_forgotten_with_who_did(held, room):
    other = make.coordinator(room.caucus, make.person("Zoe Canary"))
    made(held, room)
    opened(held, visibility.viewer(other))
    assert b"Zoe Canary" in b"".join(text.raw for text in make.rows(OutgoingText))
    with transaction():
        personal.erase(other)
    db.session.expire_all()
    assert b"Zoe Canary" not in b"".join(text.raw for text in make.rows(OutgoingText))
