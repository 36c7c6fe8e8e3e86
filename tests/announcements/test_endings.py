"""Whoever is erased has meetings ahead taken out of their calendar, by letters that say nothing else and are forgotten."""

import pytest

from caucusmail.announcements import endings
from caucusmail.database import db, transaction
from caucusmail.delivery import forgetting
from caucusmail.meetings.models import Answer
from tests import make
from tests.announcements import rooms
from tests.announcements.joining import entries, goer, person, three
from tests.announcements.test_changes import drain, entry, gone, letters
from tests.meetings.test_answers import NOT_COMING, say
from tests.privacy.erased import erase


@pytest.fixture
def at(monkeypatch):
    return goer(monkeypatch)


@pytest.fixture
def room(at):
    return three()


def test_each_entry_ends_by_the_organizer_that_the_calendar_knows_and_says_nothing(room, sink):
    sent = gone(room, rooms.strategy(room="K-12, first floor"))
    ada = person("Ada")
    address = ada.address
    assert endings.entries(ada) == [sent.meeting]
    erase(ada)
    drain()
    [letter] = letters(sink, "An entry leaves your calendar")
    calendar, event = entry(letter)
    assert (calendar["METHOD"], event["STATUS"], event["SEQUENCE"], event["UID"]) == (
        "CANCEL",
        "CANCELLED",
        1,
        sent.meeting.uid,
    )
    assert letter.recipients == [address]
    assert str(event["ATTENDEE"]) == f"mailto:{address}"
    invitation = next(one for one in sink.caught if one.recipients == [address] and one is not letter)
    assert event["ORGANIZER"] == entry(invitation)[1]["ORGANIZER"]
    told = letter.text + calendar.to_ical().decode()
    assert [word for word in ("Ada", "K-12", sent.meeting.titles["en"]) if word in told] == []
    with transaction():
        assert forgetting.forget_left() == 2
    db.session.expire_all()
    assert [row.address for row in make.rows(endings.Delivery) if row.message.kind == endings.KIND] == [""]


def test_who_asked_for_discreet_letters_gets_the_end_from_the_same_nobody(room, sink):
    with transaction():
        person("Ada").discreet = True
    gone(room, rooms.strategy())
    address = person("Ada").address
    erase(person("Ada"))
    drain()
    [letter] = letters(sink, "An entry leaves your calendar")
    _calendar, event = entry(letter)
    invitation = next(one for one in sink.caught if one.recipients == [address] and one is not letter)
    assert event["ORGANIZER"] == entry(invitation)[1]["ORGANIZER"]
    assert "VRWG" not in str(letter.message)
    assert "vrwg" not in str(letter.message)
    assert "TZID" not in entry(letter)[0].to_ical().decode()  # it would tell in which city


def test_what_was_declined_is_over_or_was_never_sent_is_left_alone(at, room, sink):
    sent = gone(room, rooms.strategy())
    with transaction():
        say(sent.meeting, person("Ada"), NOT_COMING)
    assert endings.entries(person("Ada")) == []
    assert endings.entries(make.person()) == []
    assert len(make.rows(Answer)) == 1
    at("2027-12-02T10:00")
    assert endings.entries(person("Chi")) == []
    assert entries(sink, "Chi") == [("REQUEST", 0)]
