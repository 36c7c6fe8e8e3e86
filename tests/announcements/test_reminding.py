"""Reminders: one for each meeting and person, by day, to who was told and still belongs; nothing that is no longer true."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import insert
from sqlalchemy.exc import IntegrityError

from caucusmail import clock
from caucusmail.accounts import preferences
from caucusmail.accounts.models import Person
from caucusmail.announcements import changes, reminding
from caucusmail.announcements.changes import Change, ChangeKind
from caucusmail.announcements.models import Announcement, MeetingReminder
from caucusmail.database import db, transaction
from caucusmail.delivery.models import Delivery, DeliveryState, OutgoingMessage
from caucusmail.groups import membership
from caucusmail.meetings import answers, scheduling
from caucusmail.meetings.models import AnswerState, AnswerWay
from tests import make
from tests.announcements import rooms
from tests.announcements.rooms import Room
from tests.announcements.test_changes import drain, gone
from tests.statements import counted

DAY_BEFORE = "2027-11-29T07:15"  # 24 hours before the meeting, 08:15 in The Hague, 10:15 in Nairobi


@pytest.fixture
def at(monkeypatch: pytest.MonkeyPatch) -> Callable[[str], None]:
    """``at("2027-11-29T07:15")``: it is then, in UTC."""

    def go(text: str) -> None:
        moment = datetime.fromisoformat(text).replace(tzinfo=UTC)
        monkeypatch.setattr(clock, "now", lambda: moment)

    go("2027-11-20T10:00")
    return go


@pytest.fixture
def room(at) -> Room:
    room = rooms.vrwg()
    who = (("Ada", "en", "Africa/Nairobi"), ("Élodie", "fr", "Europe/Amsterdam"), ("Chi", "en", "America/New_York"))
    for name, language, zone in who:
        make.member(room.caucus, make.person(name, languages=[language], zone=zone), room.group)
    return room


@pytest.fixture
def sent(room, sink) -> Announcement:
    return gone(room, rooms.strategy(room="K-12, first floor"))


def reminded() -> list[str]:
    """Who is written to now, by name."""
    with transaction():
        reminding.remind_due()
    before = {one.id for one in rows() if one.state is DeliveryState.ACCEPTED}
    drain()
    return sorted(one.name for one in rows() if one.state is DeliveryState.ACCEPTED and one.id not in before)


def rows() -> list[Delivery]:
    messages = [one.id for one in make.rows(OutgoingMessage) if one.kind == reminding.KIND]
    return [one for one in make.rows(Delivery) if one.message_id in messages]


def person(name: str) -> Person:
    return db.session.query(Person).filter_by(name=name).one()


def test_each_is_written_to_the_day_before_by_day_where_they_live_and_once(at, sent):
    for moment, names in (
        ("2027-11-29T07:10", []),
        (DAY_BEFORE, ["Ada", "Élodie"]),  # 02:15 in New York
        ("2027-11-29T07:16", []),
        ("2027-11-29T12:59", []),
        ("2027-11-29T13:00", ["Chi"]),
        ("2027-11-29T20:00", []),
        ("2027-11-30T07:14", []),
        ("2027-11-30T09:00", []),
    ):
        at(moment)
        assert reminded() == names, moment
    assert len(make.rows_by(MeetingReminder, MeetingReminder.person_id)) == 3


def test_it_says_when_and_where_in_the_readers_own_language_and_zone_without_a_calendar_part(at, sent, sink):
    at("2027-11-29T13:00")
    reminded()
    letters = {
        str(one.message["To"]).split(" <")[0]: one for one in sink.caught if "eminder" in str(one.message["Subject"])
    }
    french = [one for one in sink.caught if "Rappel" in str(one.message["Subject"])]
    ada = letters["Ada"]
    assert str(ada.message["Subject"]) == "[VRWG] Reminder: Strategy meeting, Tue 30 Nov 08:15, The Hague"
    for words in (
        "Dear Ada,",
        "Tuesday 30 November 2027, 08:15–09:15 in The Hague",
        "10:15–11:15 in Nairobi (your time)",
        "K-12, first floor, World Forum",
        sent.meeting.reference,
        "No letter from us asks for a password.",
    ):
        assert words in ada.text.replace("\r\n ", ""), words
    assert "Your time is that of New York." in letters["Chi"].text
    assert len(french) == 1
    assert "mardi 30 novembre 2027" in french[0].text
    for one in (*letters.values(), *french):
        assert {part.get_content_type() for part in one.message.walk()} <= {
            "multipart/alternative",
            "text/plain",
            "text/html",
        }
        assert one.message["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
        assert one.message["Auto-Submitted"] == "auto-generated"


def test_who_left_paused_or_wants_none_is_not_written_to(at, room, sent):
    with transaction():
        membership.leave_caucus(person("Ada"), room.caucus, by=person("Ada"))
        preferences.change(person("Élodie"), ["fr"], "Europe/Amsterdam", by=None, reminders=False)
    rooms.paused(room, person("Chi"))
    make.member(room.caucus, make.person("Late"), room.group)  # was never told of it
    at("2027-11-29T13:00")
    assert reminded() == []


def test_who_said_that_they_do_not_come_is_not_reminded_and_who_is_unsure_is(at, sent):
    with transaction():
        answers.answer(sent.meeting, person("Ada"), AnswerState.NOT_COMING, AnswerWay.LINK)
        answers.answer(sent.meeting, person("Chi"), AnswerState.MAYBE, AnswerWay.LINK)
    at("2027-11-29T13:00")
    assert reminded() == ["Chi", "Élodie"]


def test_who_was_told_only_within_the_last_day_or_whose_copy_came_back_gets_none(at, room, sent):
    with transaction():
        for one in rooms.copies(sent):
            if one.name == "Ada":
                one.bounced_at = clock.now()
            elif one.name == "Chi":
                one.settled_at = datetime(2027, 11, 29, 12, tzinfo=UTC)
            else:
                one.state, one.settled_at = DeliveryState.FAILED, clock.now()
    at("2027-11-29T13:00")
    assert reminded() == []


def test_of_a_cancelled_meeting_nobody_is_reminded(at, room, sent):
    with transaction():
        changes.tell(sent.meeting, Change(ChangeKind.CANCELLED, 0), room.by)
    at("2027-11-29T13:00")
    assert reminded() == []


def moved(sent: Announcement, room: Room, days: int) -> None:
    draft = scheduling.draft_of(sent.meeting)
    later = replace(draft, starts=draft.starts + timedelta(days=days), ends=draft.ends + timedelta(days=days))
    with transaction():
        changes.tell(sent.meeting, Change(ChangeKind.TIME, 0, replace(later, reply_by=None)), room.by)
    drain()


def test_a_meeting_that_is_moved_is_recalled_before_its_new_time_and_nobody_twice(at, room, sent):
    at(DAY_BEFORE)
    assert reminded() == ["Ada", "Élodie"]
    moved(sent, room, 7)
    at("2027-11-29T13:00")
    assert reminded() == []
    at("2027-12-06T13:00")
    assert reminded() == ["Chi"]


@pytest.mark.parametrize("cancel", [False, True])
def test_a_reminder_that_waits_when_the_meeting_changes_never_leaves(at, room, sent, cancel):
    at(DAY_BEFORE)
    with transaction():
        assert reminding.remind_due() == 2
    if cancel:
        with transaction():
            changes.tell(sent.meeting, Change(ChangeKind.CANCELLED, 0), room.by)
        drain()
    else:
        moved(sent, room, 7)
    assert {(one.state, one.note) for one in rows()} == {(DeliveryState.WITHDRAWN, reminding.OVERTAKEN)}
    assert make.rows_by(MeetingReminder, MeetingReminder.person_id) == []
    at("2027-12-06T13:00")
    assert reminded() == ([] if cancel else ["Ada", "Chi", "Élodie"])


def test_one_that_could_not_leave_before_the_start_is_withdrawn(at, sent):
    at(DAY_BEFORE)
    with transaction():
        reminding.remind_due()
    at("2027-11-30T07:15")
    assert reminded() == []
    assert {one.state for one in rows()} == {DeliveryState.WITHDRAWN}


def test_a_second_reminder_of_a_meeting_has_no_room_in_the_table(at, sent):
    at(DAY_BEFORE)
    reminded()
    [first, *_rest] = make.rows_by(MeetingReminder, MeetingReminder.person_id)
    values = {"message_id": first.message_id, "sequence": 9, "owed_at": clock.now()}
    with pytest.raises(IntegrityError), db.session.begin_nested():
        db.session.execute(
            insert(MeetingReminder).values(meeting_id=first.meeting_id, person_id=first.person_id, **values)
        )


@pytest.mark.parametrize("readers", [1, 25])
def test_a_turn_takes_no_more_statements_for_many_readers(at, sink, readers):
    room = rooms.vrwg()
    for _number in range(readers):
        make.member(room.caucus, None, room.group)
    gone(room, rooms.strategy())
    at(DAY_BEFORE)
    db.session.expunge_all()
    with counted() as statements, transaction():
        assert reminding.remind_due() == readers
    assert len(statements) <= 17
