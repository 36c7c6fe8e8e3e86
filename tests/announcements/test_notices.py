"""Notices: that there is something, and where it is read; nothing of it in the mail."""

import re

import pytest

from caucusmail.announcements import changes, reminding, standing
from caucusmail.announcements.changes import Change, ChangeKind
from caucusmail.announcements.choice import Audience
from caucusmail.announcements.composition import Text
from caucusmail.announcements.models import Announcement, AnnouncementKind
from caucusmail.database import db, transaction
from caucusmail.groups.models import Mode
from tests import make
from tests.announcements import rooms, served
from tests.announcements.rooms import Room
from tests.announcements.served import HOUR, MONDAY, row, sent, to

TEXTS = {"en": Text("Strategy", "Bring the *blue* folder."), "fr": Text("Stratégie", "Apportez le dossier bleu.")}


@pytest.fixture(autouse=True)
def relay(app, sink):
    relay = app.extensions["mail"]
    before, relay.port = relay.port, sink.port
    yield sink
    relay.port = before


@pytest.fixture
def room(monkeypatch) -> Room:
    served.at(monkeypatch, MONDAY - HOUR)
    return rooms.vrwg()


def reader(room: Room, **more):
    nat = make.person("Nat", **more)
    served.serve(nat, room, Mode.NOTICE)
    return nat


def invitation(monkeypatch, room) -> int:
    starts = MONDAY.replace(day=2, month=12, tzinfo=None)
    meeting = rooms.meeting(starts=starts, ends=starts + HOUR, zone="UTC", room="K-12", access={"en": "Blue folder."})
    return sent(monkeypatch, room, MONDAY, kind=AnnouncementKind.MEETING, texts=TEXTS, meeting=meeting)


def test_it_names_group_and_subject_and_its_link_shows_the_rest(monkeypatch, room, relay, client):
    nat = reader(room)
    invitation(monkeypatch, room)
    served.drain()
    [letter] = to(relay, nat)
    assert letter.message["Subject"] == "[VRWG] Strategy"
    assert [part.get_content_type() for part in letter.message.walk()] == [
        "multipart/alternative",
        "text/plain",
        "text/html",
    ]
    for word in ("folder", "K-12", "Wednesday", "10:00", "Dec"):
        assert word not in letter.text + letter.html
    assert letter.message["List-Unsubscribe-Post"]
    assert "you are on the email group" in letter.text
    link = re.search(r"http://localhost(/en/read/\S+)", letter.text)
    page = client.get(link[1])
    assert "blue" in page.text
    assert "K-12" in page.text
    assert "to be told only that there is something new" in page.text


def test_others_get_the_whole_letter_and_a_notice_is_in_ones_own_language(monkeypatch, room, relay):
    nat, eve = reader(room, languages=["fr"]), make.person("Eve")
    served.serve(eve, room, Mode.EVERY)
    key = invitation(monkeypatch, room)
    served.drain()
    assert "blue" in to(relay, eve)[0].text
    assert to(relay, nat)[0].message["Subject"] == "[VRWG] Stratégie"
    assert (row(key, nat).language, row(key, eve).language) == ("fr~", "en")


def test_discreet_readers_get_the_discreet_letter_and_no_entry(monkeypatch, room, relay):
    nat = reader(room, discreet=True)
    invitation(monkeypatch, room)
    served.drain()
    [letter] = to(relay, nat)
    assert letter.message["Subject"] == "A message for you"
    assert "text/calendar" not in [part.get_content_type() for part in letter.message.walk()]


def test_a_change_and_a_reminder_are_notices_too(monkeypatch, room, relay):
    nat = reader(room)
    key = invitation(monkeypatch, room)
    served.drain()
    one = db.session.get_one(Announcement, key)
    served.at(monkeypatch, MONDAY + HOUR)
    with transaction():
        changes.tell(one.meeting, Change(ChangeKind.CANCELLED, 0, reason="Closed."), room.by)
    served.drain()
    assert [str(one.message["Subject"]) for one in to(relay, nat)] == ["[VRWG] Strategy", "[VRWG] CANCELLED"]
    assert "Closed" not in to(relay, nat)[1].text


def test_who_reads_on_the_site_is_reminded_by_a_notice(monkeypatch, room, relay):
    nat = reader(room)
    invitation(monkeypatch, room)
    served.drain()
    served.at(monkeypatch, MONDAY + 26 * HOUR)
    with transaction():
        assert reminding.remind_due() == 1
    served.drain()
    last = to(relay, nat)[-1]
    assert str(last.message["Subject"]).startswith("[VRWG] Reminder: ")
    assert "K-12" not in last.text
    assert "Dec" not in last.text


def test_who_is_on_two_groups_is_served_as_the_fuller_of_both(room):
    nat, other = reader(room), Room(slug="water")
    served.serve(nat, other, Mode.EVERY)
    both = rooms.announcement(room.caucus, Audience(caucus_ids=(room.caucus.id, other.caucus.id)))
    [copy] = db.session.execute(standing.copies(standing.question(both, ["en"])))
    assert copy[4] == "en"
    alone = rooms.announcement(room.caucus, Audience(caucus_ids=(room.caucus.id,)), reference="alone")
    [copy] = db.session.execute(standing.copies(standing.question(alone, ["en"])))
    assert copy[4] == "en~"
