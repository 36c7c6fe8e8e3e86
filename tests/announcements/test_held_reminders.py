"""A reminder that paused by itself is told to those who keep the meeting, and goes on when one of them says so."""

from datetime import UTC, datetime

import pytest

from caucusmail import clock
from caucusmail.announcements import alarms, held_reminders, reminding
from caucusmail.announcements.again import NotPaused
from caucusmail.audit.models import AuditEntry
from caucusmail.database import db, transaction
from caucusmail.delivery import pausing
from caucusmail.delivery.models import Delivery, DeliveryState, OutgoingMessage, Pause
from caucusmail.directory import visibility
from caucusmail.errors import Invalid, NotAllowed
from tests import letters, make
from tests.announcements import rooms
from tests.announcements.test_changes import drain, gone

SAID = "550 5.7.26 mail from <ada.lovelace@mail.example> is not authenticated"


@pytest.fixture
def room(sink, monkeypatch):
    at = {"now": datetime(2027, 11, 20, 10, tzinfo=UTC)}
    monkeypatch.setattr(clock, "now", lambda: at["now"])
    room = rooms.vrwg()
    make.member(room.caucus, make.person("Ada", zone="Africa/Nairobi"), room.group)
    room.meeting = gone(room, rooms.strategy()).meeting
    at["now"] = datetime(2027, 11, 29, 7, 15, tzinfo=UTC)
    with transaction():
        assert reminding.remind_due() == 1
        pausing.pause(reminder().message_id, Pause.POLICY, SAID)
    return room


def reminder() -> Delivery:
    [message] = [one for one in make.rows(OutgoingMessage) if one.kind == reminding.KIND]
    [row] = [one for one in make.rows(Delivery) if one.message_id == message.id]
    return row


def told() -> int:
    with transaction():
        return alarms.tell_of_pauses()


def test_those_who_keep_it_and_the_secretariat_are_told_once_what_to_do(room):
    make.secretary(address="sec@house.example")
    assert (told(), told()) == (2, 0)
    letter = letters.to(room.by.person.address)[-1]
    text = letters.text(letter)
    assert letter["Subject"].startswith("Paused: ")
    assert "The reminder of a meeting of" in text
    assert f"/meetings/{room.meeting.reference}" in text
    assert "flask doctor" in text
    assert "ada.lovelace@" not in text
    [entry] = [one for one in make.rows(AuditEntry) if one.verb == "meeting.reminder-paused"]
    assert (entry.by_id, entry.detail) == (None, {"why": "policy"})


def test_it_goes_on_once_somebody_who_keeps_it_says_why(room, sink):
    drain()
    assert reminder().state is DeliveryState.QUEUED
    assert held_reminders.paused(room.meeting, room.by).why is Pause.POLICY
    with pytest.raises(Invalid), transaction():
        held_reminders.go_on(room.meeting, " ", room.by)
    with pytest.raises(NotAllowed), transaction():
        held_reminders.go_on(room.meeting, "Mended.", visibility.viewer(make.person()))
    with transaction():
        held_reminders.go_on(room.meeting, "Mended.", room.by)
    drain()
    db.session.expire_all()
    assert reminder().state is DeliveryState.ACCEPTED
    assert held_reminders.paused(room.meeting, room.by) is None
    with pytest.raises(NotPaused), transaction():
        held_reminders.go_on(room.meeting, "Mended.", room.by)
