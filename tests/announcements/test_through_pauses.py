"""What comes through a pause because its reader wants it to: urgent announcements, and meetings they come to that are off or move."""

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import select

from caucusmail.announcements import audience, changes
from caucusmail.announcements.changes import Change, ChangeKind
from caucusmail.announcements.models import Announcement, AnnouncementKind, AudienceGap, LeftOut
from caucusmail.database import db, transaction
from caucusmail.delivery.models import DeliveryState
from caucusmail.groups import membership, pauses, undo
from caucusmail.groups.models import Mode
from caucusmail.meetings import answers, scheduling
from caucusmail.meetings.models import AnswerState, AnswerWay
from tests import make
from tests.announcements import rooms, served
from tests.announcements.served import HOUR, MONDAY, row, sent, to


@pytest.fixture
def eve(vrwg):
    """She gets every letter; so does somebody else, so that nothing goes to nobody."""
    eve, other = make.person("Eve"), make.person("Other")
    for person in (eve, other):
        served.serve(person, vrwg, Mode.EVERY)
    return eve


def away(monkeypatch, person, moment, *lets: str):
    served.at(monkeypatch, moment)
    with transaction():
        return pauses.pause(person, None, None, None, by=person, lets=lets)


def invited(monkeypatch, vrwg, person, state: AnswerState | None = AnswerState.COMING) -> Announcement:
    """To a meeting in three weeks, and what ``person`` answered."""
    starts = (MONDAY + timedelta(days=21)).replace(tzinfo=None)
    meeting = rooms.meeting(starts=starts, ends=starts + HOUR, zone="UTC", room="K-12")
    key = sent(monkeypatch, vrwg, MONDAY, kind=AnnouncementKind.MEETING, meeting=meeting)
    served.drain()
    if state is not None:
        with transaction():
            answers.answer(db.session.get_one(Announcement, key).meeting, person, state, AnswerWay.PAGE)
    return db.session.get_one(Announcement, key)


def told(vrwg, one: Announcement, kind: ChangeKind) -> int:
    meeting, draft = one.meeting, None
    if kind is ChangeKind.ROOM:
        draft = replace(scheduling.draft_of(meeting), room="E-04", room_by=None)
    if kind is ChangeKind.ACCESS:
        draft = replace(scheduling.draft_of(meeting), access={"en": "Bring your passport."})
    with transaction():
        made = changes.tell(meeting, Change(kind, changes.newest(meeting), draft), vrwg.by)
    assert made is not None
    key = made.id
    served.drain()
    return key


def gap(key: int, person) -> LeftOut | None:
    where = (AudienceGap.announcement_id == key, AudienceGap.person_id == person.id)
    return db.session.scalar(select(AudienceGap.reason).where(*where))


@pytest.mark.parametrize(
    ("lets", "urgent", "comes"), [("urgent", True, True), ("urgent", False, False), ("coming", True, False)]
)
def test_urgent_announcements_come_if_they_were_let_through(monkeypatch, vrwg, eve, relay, lets, urgent, comes):
    away(monkeypatch, eve, MONDAY - HOUR, lets)
    key = sent(monkeypatch, vrwg, MONDAY, urgent=urgent)
    served.drain()
    assert len(to(relay, eve)) == comes
    assert gap(key, eve) is (None if comes else LeftOut.PAUSED)


def test_the_letter_and_the_list_say_that_it_came_in_spite_of_a_pause(monkeypatch, vrwg, eve, relay):
    away(monkeypatch, eve, MONDAY - HOUR, "urgent")
    key = sent(monkeypatch, vrwg, MONDAY, urgent=True)
    served.drain()
    assert "you wanted to hear of this in your pause too" in to(relay, eve)[0].text
    listed = audience.people(db.session.get_one(Announcement, key), rooms.STAFF, find="Eve").rows
    assert [one.why[-1] for one in listed] == ["in spite of a pause, as they asked"]
    [other] = [one for one in relay.caught if one.message["To"].startswith("Other ")]
    assert "in your pause" not in other.text


@pytest.mark.parametrize(
    ("state", "kind", "comes"),
    [
        (AnswerState.COMING, ChangeKind.CANCELLED, True),
        (AnswerState.COMING, ChangeKind.ROOM, True),
        (AnswerState.COMING, ChangeKind.ACCESS, False),
        (AnswerState.NOT_COMING, ChangeKind.CANCELLED, False),
        (AnswerState.MAYBE, ChangeKind.CANCELLED, False),
        (None, ChangeKind.CANCELLED, False),
    ],
)
def test_who_said_that_they_come_hears_that_it_is_off_or_elsewhere(monkeypatch, vrwg, eve, relay, state, kind, comes):
    one = invited(monkeypatch, vrwg, eve, state)
    away(monkeypatch, eve, MONDAY + HOUR, "coming")
    before = len(to(relay, eve))
    key = told(vrwg, db.session.get_one(Announcement, one.id), kind)
    assert len(to(relay, eve)) - before == comes
    assert gap(key, eve) is (None if comes else LeftOut.PAUSED)


def test_without_the_exception_a_pause_holds_even_that_back(monkeypatch, vrwg, eve, relay):
    one = invited(monkeypatch, vrwg, eve)
    away(monkeypatch, eve, MONDAY + HOUR, "urgent")
    key = told(vrwg, db.session.get_one(Announcement, one.id), ChangeKind.CANCELLED)
    assert gap(key, eve) is LeftOut.PAUSED


@pytest.mark.parametrize(("lets", "state"), [(("urgent",), DeliveryState.QUEUED), ((), DeliveryState.WITHDRAWN)])
def test_what_lies_ready_when_the_pause_begins_follows_the_same_rule(monkeypatch, vrwg, eve, relay, lets, state):
    served.at(monkeypatch, MONDAY)
    key = rooms.confirmed(vrwg, rooms.ready(vrwg, urgent=True)).id
    away(monkeypatch, eve, MONDAY, *lets)
    assert row(key, eve).state is state


def test_leaving_withdraws_it_all_the_same(monkeypatch, vrwg, eve, relay):
    away(monkeypatch, eve, MONDAY - HOUR, "urgent")
    served.at(monkeypatch, MONDAY)
    key = rooms.confirmed(vrwg, rooms.ready(vrwg, urgent=True)).id
    assert row(key, eve).state is DeliveryState.QUEUED
    with transaction():
        membership.leave_caucus(eve, vrwg.caucus, by=eve)
    assert row(key, eve).state is DeliveryState.WITHDRAWN


def test_exceptions_end_with_the_pause_and_come_back_with_its_undo(monkeypatch, vrwg, eve):
    away(monkeypatch, eve, MONDAY - HOUR, "urgent", "coming")
    with transaction():
        step = pauses.resume(eve, None, by=eve)
    [place] = pauses.queries.subscriptions(eve)
    assert (place.lets_urgent, place.lets_coming) == (False, False)
    with transaction():
        undo.take_back(step)
    [place] = pauses.queries.subscriptions(eve)
    assert (place.lets_urgent, place.lets_coming) == (True, True)
    with transaction():
        left = membership.leave_caucus(eve, vrwg.caucus, by=eve)
    with transaction():
        undo.take_back(left)
    [place] = pauses.queries.subscriptions(eve)
    assert (place.lets_urgent, place.lets_coming, place.paused_from) == (True, True, MONDAY - HOUR)


def test_the_check_before_sending_counts_who_lets_it_through(monkeypatch, vrwg, eve):
    away(monkeypatch, eve, MONDAY - HOUR, "urgent")
    assert audience.estimate(rooms.ready(vrwg, urgent=True)).total == 2
    assert audience.estimate(rooms.ready(vrwg)).left_out == {LeftOut.PAUSED: 1}
