"""What stays when a government changes its clocks: told to whoever was sent the meeting, with calendars following."""

from datetime import UTC, datetime

import pytest

from caucusmail.announcements import clocks
from caucusmail.announcements.changes import Overtaken
from caucusmail.announcements.clocks import Stays
from caucusmail.announcements.models import Announcement
from caucusmail.database import db, transaction
from caucusmail.directory import visibility
from caucusmail.errors import NotAllowed
from caucusmail.meetings.models import MeetingState
from tests import doctored, make
from tests.announcements import rooms
from tests.announcements.test_changes import drain, entry, gone, letters

JULY = {"starts": datetime(2027, 7, 20, 15), "ends": datetime(2027, 7, 20, 16)}


@pytest.fixture
def room():
    room = rooms.vrwg()
    make.member(room.caucus, make.person("Ada", zone="Africa/Nairobi"), room.group)
    return room


@pytest.fixture
def sent(room, sink, monkeypatch) -> Announcement:
    made = gone(room, rooms.meeting(**JULY))
    doctored.without_summer_time(monkeypatch)
    return made


def answered(sent, stays: Stays, room) -> None:
    with transaction():
        assert clocks.answer(sent.meeting, stays, room.by) is not None
    drain()


def test_the_hour_stays_and_everybody_is_told_what_moves(room, sent, sink):
    answered(sent, Stays.WALL, room)
    [letter] = letters(sink, "CLOCKS CHANGED")
    assert "The hour in the city of the meeting stays as announced" in letter.text.replace("\r\n", " ")
    assert "was: Tue 20 Jul 2027, 13:00 UTC" in letter.text
    assert "15:00–16:00 in The Hague" in letter.text
    assert "17:00–18:00 in Nairobi" in letter.text
    calendar, event = entry(letter)
    assert (calendar["METHOD"], event["SEQUENCE"]) == ("REQUEST", 1)
    assert event["DTSTART"].dt.replace(tzinfo=None) == JULY["starts"]
    [offset] = {one["TZOFFSETTO"].td.total_seconds() for one in calendar.walk("STANDARD")}
    assert offset == 3600  # the rules in the file are the new ones


def test_the_moment_stays_and_everybody_is_told_the_new_hour(room, sent, sink):
    answered(sent, Stays.WORLD, room)
    [letter] = letters(sink, "NEW TIME")
    assert "14:00–15:00 in The Hague" in letter.text
    assert "16:00–17:00 in Nairobi" in letter.text
    assert sent.meeting.starts_at == datetime(2027, 7, 20, 13, tzinfo=UTC)
    assert entry(letter)[1]["SEQUENCE"] == 1


def test_of_two_answers_the_second_comes_too_late(room, sent):
    answered(sent, Stays.WALL, room)
    with pytest.raises(Overtaken), transaction():
        clocks.answer(sent.meeting, Stays.WORLD, room.by)
    assert db.session.get_one(Announcement, sent.id).meeting.starts == JULY["starts"]


def test_nobody_else_answers(room, sent):
    with pytest.raises(NotAllowed):
        clocks.answer(sent.meeting, Stays.WALL, visibility.viewer(make.member(room.caucus)))


@pytest.mark.parametrize(("stays", "wall", "hour"), [(Stays.WALL, 15, 14), (Stays.WORLD, 14, 13)])
def test_of_a_draft_nobody_is_told(room, monkeypatch, stays, wall, hour):
    draft = room.drafted(meeting=rooms.meeting(**JULY))
    doctored.without_summer_time(monkeypatch)
    with transaction():
        assert clocks.answer(draft.meeting, stays, room.by) is None
    one = draft.meeting
    assert (one.state, one.sequence, one.tzdata) == (MeetingState.DRAFT, 0, doctored.NEXT)
    assert (one.starts.hour, one.starts_at.hour) == (wall, hour)
