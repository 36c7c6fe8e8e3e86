"""From the confirmation to a real SMTP server: what arrives is what was frozen, once each."""

import re
from collections.abc import Iterator
from datetime import timedelta
from email import policy
from email.parser import BytesHeaderParser

import icalendar
import pytest
from sqlalchemy import inspect

from caucusmail import clock, zones
from caucusmail.announcements import audience, dispatch, leaving
from caucusmail.announcements.composition import Text
from caucusmail.announcements.models import Announcement, AnnouncementState
from caucusmail.database import db, transaction
from caucusmail.delivery import outgoing
from caucusmail.delivery.models import DeliveryState
from tests import make
from tests.announcements.rooms import Room, confirmed, copies, released, strategy
from tests.sink import Caught, Sink


@pytest.fixture(autouse=True)
def relay(app, sink: Sink) -> Iterator[Sink]:
    relay = app.extensions["mail"]
    before, relay.port = relay.port, sink.port
    yield sink
    relay.port = before


@pytest.fixture
def room():
    room = Room(slug="vrwg", tag="VRWG", names={"en": "Victims' Rights", "fr": "Droits des victimes"})
    for name, chain, zone in (
        ("Achieng", ["en"], "Africa/Nairobi"),
        ("Élodie", ["fr"], "Europe/Paris"),
        ("محمد", ["ar", "fr"], "Africa/Cairo"),
        ("Bishnu", ["en"], "Asia/Kathmandu"),
    ):
        make.member(room.caucus, make.person(name, languages=chain, zone=zone), room.group)
    return room


def drain() -> None:
    while outgoing.turn("w"):
        pass
    db.session.expire_all()


def again(sent: Announcement) -> Announcement:
    """The same row: a turn of the queue lets go of everything in its session."""
    return db.session.get_one(Announcement, inspect(sent).identity[0])


def headers(caught: Caught, name: str) -> list[str]:
    return BytesHeaderParser(policy=policy.default).parsebytes(caught.raw).get_all(name, [])


def begun(sent: Announcement) -> None:
    """Its hold is over, and it was let go."""
    released(sent)
    with transaction():
        leaving.send_due()


@pytest.fixture
def sent(room, relay):
    texts = {
        "en": Text("Strategy meeting", "Dear {{name}}, bring **notes**."),
        "ar": Text("اجتماع استراتيجي", "مرحبا {{name}}"),
    }
    sent = room.drafted(texts=texts, meeting=strategy())
    with transaction():
        dispatch.send_test(sent, room.by)
    drain()
    assert [one.recipients for one in relay.caught] == [[room.by.person.address]] * 2
    assert "TEST: only you got this letter." in relay.caught[0].text
    relay.caught.clear()
    return confirmed(room, again(sent))


def test_what_comes_back_from_an_old_backup_leaves_by_no_turn_before_a_person_has_decided(room, sent, relay):
    with transaction():
        sent.release_at = clock.now() - timedelta(hours=30)
        for one in copies(sent):
            one.due_at = sent.release_at
    outgoing.recover()
    drain()
    with transaction():
        assert leaving.send_due() == 0
    drain()
    assert relay.caught == []
    sent = again(sent)
    assert dispatch.is_late(sent)
    with transaction():
        dispatch.reschedule(sent, room.by)
    released(sent)
    drain()
    assert relay.caught == []
    with transaction():
        assert leaving.send_due() == 1
    drain()
    assert len(relay.caught) == 4


def test_nothing_leaves_before_the_hold_is_over_and_then_one_copy_each(room, sent, relay):
    drain()
    assert relay.caught == []
    released(again(sent))
    with transaction():
        leaving.send_due()
    drain()
    sent = again(sent)
    addresses = [one.recipients for one in relay.caught]
    assert sorted(addresses) == sorted([one.address] for one in copies(sent))
    assert sent.audience_digest == audience.digest(sorted(address.casefold() for [address] in addresses))
    with transaction():
        leaving.send_due()
    assert sent.state is AnnouncementState.SENT
    assert {one.state for one in copies(sent)} == {DeliveryState.ACCEPTED}


def test_each_copy_is_its_readers_own(room, sent, relay):
    begun(sent)
    drain()
    sent = again(sent)
    by_name = {one.name: relay.to(one.address)[0] for one in copies(sent)}
    assert len({str(one.message["Message-ID"]) for one in relay.caught}) == 4
    assert len({one.sender for one in relay.caught}) == 4
    for name, caught in by_name.items():
        others = [one.address for one in copies(sent) if one.name != name]
        assert not any(address.encode() in caught.raw for address in others)
        for header in (
            "From",
            "To",
            "Subject",
            "Date",
            "Message-ID",
            "Reply-To",
            "List-Id",
            "List-Unsubscribe",
            "List-Unsubscribe-Post",
            "Content-Language",
        ):
            assert len(headers(caught, header)) == 1, header
        assert all(len(line) <= 998 for line in caught.raw.split(b"\r\n"))
        assert str(caught.message["From"]) in (
            '"Victims\' Rights (CaucusMail)" <vrwg@caucus.example>',
            '"Droits des victimes (CaucusMail)" <vrwg@caucus.example>',
        )
        assert re.fullmatch(r"<http://localhost/leave/[\w-]+>", str(caught.message["List-Unsubscribe"]))
        assert str(caught.message["List-Id"]).endswith("<vrwg.caucus.example>")
    assert by_name["Achieng"].text.startswith("Strategy meeting: Tuesday 30 November 2027")
    assert "10:15–11:15 in Nairobi (your time)" in by_name["Achieng"].text
    assert "13:00–14:00 in Kathmandu (your time)" in by_name["Bishnu"].text
    assert "Dear Bishnu, bring **notes**." in by_name["Bishnu"].text
    assert "mardi 30 novembre 2027" in by_name["Élodie"].text
    assert "Dear Élodie, bring" in by_name["Élodie"].text
    assert "مرحبا محمد" in by_name["محمد"].text
    assert str(by_name["محمد"].message["Subject"]).startswith("اجتماع")
    assert str(by_name["محمد"].message["Content-Language"]) == "ar"


def test_the_invitation_arrives_in_the_alternative_last_and_attached_naming_one_attendee(room, sent, relay):
    begun(sent)
    drain()
    sent = again(sent)
    for one in copies(sent):
        [caught] = relay.to(one.address)
        message = caught.message
        assert message.get_content_type() == "multipart/mixed"
        alternative, attached = message.iter_parts()
        kinds = [part.get_content_type() for part in alternative.iter_parts()]
        assert kinds == ["text/plain", "text/html", "text/calendar"]
        part = list(alternative.iter_parts())[-1]
        assert part.get_param("method") == "REQUEST"
        text = part.get_content()
        assert attached.get_content().decode().replace("\r\n", "\n") == text.replace("\r\n", "\n")
        unfolded = re.sub("\n[ \t]", "", text.replace("\r\n", "\n"))
        assert re.findall("^ATTENDEE.*mailto:(.*)$", unfolded, re.M) == [one.address]
        assert all(len(line.encode()) <= 75 for line in text.splitlines())
        [entry] = icalendar.Calendar.from_ical(text).walk("VEVENT")
        assert (entry["UID"], entry["SEQUENCE"]) == (sent.meeting.uid, 0)
        assert entry.start == sent.meeting.starts_at
        assert entry["DTSTART"].params["TZID"] == zones.THE_HAGUE


def test_stopping_in_the_middle_lets_nothing_more_leave(room, sent, relay):
    released(sent)
    with transaction():
        leaving.send_due()
    assert outgoing.turn("w", limit=2) == 2
    with transaction():
        assert dispatch.stop(again(sent), room.by) == 2
    drain()
    assert len(relay.caught) == 2
    states = [one.state for one in copies(again(sent))]
    assert states.count(DeliveryState.ACCEPTED) == states.count(DeliveryState.WITHDRAWN) == 2


def test_what_was_undone_never_leaves(room, sent, relay):
    released(sent)
    with transaction():
        dispatch.undo(sent, room.by)
    drain()
    assert relay.caught == []
