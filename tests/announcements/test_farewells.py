"""Who has left finds the meeting taken out of their calendar; who comes back is invited again, with a higher SEQUENCE."""

import pytest
from sqlalchemy import select

from caucusmail.announcements.models import Announcement, MeetingFarewell
from caucusmail.database import db, transaction
from caucusmail.delivery import suppression
from caucusmail.directory.models import Ngo, NgoState
from caucusmail.groups import membership, undo
from caucusmail.groups.models import GroupKind
from caucusmail.meetings.models import Answer, AnswerState
from tests import make
from tests.announcements import rooms
from tests.announcements.joining import entries, goer, invited, person, taken_out, three
from tests.announcements.rooms import Room
from tests.announcements.test_changes import entry, gone, letters, to_room, told
from tests.meetings.test_answers import COMING, say, waiting

LEFT_AT, AFTER = "2027-11-21T10:00", "2027-11-21T10:11"


@pytest.fixture
def at(monkeypatch):
    return goer(monkeypatch)


@pytest.fixture
def room(at) -> Room:
    return three()


@pytest.fixture
def sent(room, sink) -> Announcement:
    return gone(room, rooms.strategy(room="K-12, first floor"))


def leave(room, name: str):
    who = person(name)
    with transaction():
        return membership.leave_caucus(who, room.caucus, by=who)


def test_who_leaves_gets_a_cancellation_of_their_own_and_nobody_else_does(at, room, sent, sink):
    at(LEFT_AT)
    leave(room, "Ada")
    assert taken_out() == 0  # it may have been a slip
    at(AFTER)
    assert (taken_out(), taken_out()) == (1, 0)
    [letter] = letters(sink, "No longer in your calendar")
    calendar, event = entry(letter)
    assert (calendar["METHOD"], event["STATUS"], event["SEQUENCE"], event["UID"]) == (
        "CANCEL",
        "CANCELLED",
        1,
        sent.meeting.uid,
    )
    assert str(event["ATTENDEE"]).removeprefix("mailto:") == person("Ada").address
    invitation = next(
        one for one in sink.caught if "TEST" not in str(one.message["Subject"]) and one.recipients == letter.recipients
    )
    assert event["ORGANIZER"] == entry(invitation)[1]["ORGANIZER"]
    assert "have left since" in letter.text
    assert "K-12" not in letter.text + str(calendar.to_ical())
    assert sent.meeting.sequence == 0


def test_coming_back_brings_the_invitation_with_a_higher_sequence_and_changes_follow(at, room, sent, sink):
    at(LEFT_AT)
    step = leave(room, "Ada")
    at(AFTER)
    taken_out()
    with transaction():
        undo.take_back(step)
    assert (invited(), invited(), taken_out()) == (1, 0, 0)
    told(sent, to_room(sent.meeting, "E-04"), room)
    assert entries(sink, "Ada") == [("REQUEST", 0), ("CANCEL", 1), ("REQUEST", 2), ("REQUEST", 3)]
    assert entries(sink, "Chi") == [("REQUEST", 0), ("REQUEST", 3)]
    assert make.rows_by(MeetingFarewell, MeetingFarewell.person_id) == []


def test_leaving_again_ends_it_again(at, room, sent, sink):
    at(LEFT_AT)
    step = leave(room, "Ada")
    at(AFTER)
    taken_out()
    with transaction():
        undo.take_back(step)
    invited()
    leave(room, "Ada")
    at("2027-11-21T11:00")
    taken_out()
    assert entries(sink, "Ada")[-2:] == [("REQUEST", 2), ("CANCEL", 3)]


def test_a_leaving_that_is_taken_back_at_once_is_told_to_nobody(at, room, sent):
    at(LEFT_AT)
    step = leave(room, "Ada")
    with transaction():
        undo.take_back(step)
    at(AFTER)
    assert (taken_out(), invited()) == (0, 0)


def test_coming_back_counts_also_where_newcomers_are_not_invited(at, room, sink):
    gone(room, rooms.strategy(invites_newcomers=False))
    at(LEFT_AT)
    step = leave(room, "Ada")
    at(AFTER)
    assert taken_out() == 1
    with transaction():
        undo.take_back(step)
    assert invited() == 1


def declined(room, sent):
    say(sent.meeting, person("Ada"), AnswerState.NOT_COMING)
    leave(room, "Ada")


def suppressed(room, sent):
    leave(room, "Ada")
    with transaction():
        suppression.suppress(person("Ada").address, "complained")


def only_the_group(room, sent):
    make.group(room.caucus, local_part="vrwg-talk", kind=GroupKind.DISCUSSION)
    with transaction():
        membership.subscribe(person("Ada"), room.caucus)
        membership.leave_groups(person("Ada"), [room.group.id], by=person("Ada"))


def keeps_it(room, sent):
    make.coordinator(room.caucus, person("Ada"))
    leave(room, "Ada")


def pauses(room, sent):
    rooms.paused(room, person("Ada"))


@pytest.mark.parametrize("step", [declined, suppressed, only_the_group, keeps_it, pauses])
def test_who_declined_cannot_be_reached_or_still_belongs_is_left_alone(at, room, sent, step):
    at(LEFT_AT)
    step(room, sent)
    at(AFTER)
    assert taken_out() == 0


def test_the_people_of_an_organisation_that_lapsed_are_taken_out_until_it_is_renewed(at, room, sink):
    rooms.seated(room, "Dee", "Green Valley")
    gone(room, rooms.strategy(room="K-12"))
    at(LEFT_AT)
    with transaction():
        ngo = db.session.scalars(select(Ngo)).one()
        ngo.state = NgoState.LAPSED
    assert taken_out() == 1
    [letter] = letters(sink, "No longer in your calendar")
    assert "the membership of your organisation has lapsed since" in letter.text
    with transaction():
        ngo.state = NgoState.VERIFIED
    assert invited() == 1
    assert entries(sink, "Dee") == [("REQUEST", 0), ("CANCEL", 1), ("REQUEST", 2)]


def test_their_answer_goes_and_who_waits_has_the_place(at, room, sink):
    held = gone(room, rooms.strategy(places=1)).meeting
    for name in ("Ada", "Chi"):
        say(held, person(name), COMING)
    assert waiting(held, person("Chi")) == [1]
    at(LEFT_AT)
    leave(room, "Ada")
    at(AFTER)
    taken_out()
    assert waiting(held, person("Chi")) == [None]
    assert [one.person_id for one in make.rows(Answer)] == [person("Chi").id]


def test_what_is_over_is_left_as_it_was(at, room, sent):
    leave(room, "Ada")
    at("2027-11-30T07:16")
    assert taken_out() == 0
