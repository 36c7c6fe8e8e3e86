"""Discreet delivery: no telling word anywhere in what reaches the mailbox, its calendar or its return path; others get all."""

import re
from dataclasses import replace
from datetime import UTC, datetime
from email import message_from_bytes, policy

import icalendar
import pytest

from caucusmail import clock, settings, tokens
from caucusmail.accounts.models import Person
from caucusmail.announcements import changes, farewells, reminding
from caucusmail.announcements.changes import Change, ChangeKind
from caucusmail.announcements.composition import Text
from caucusmail.announcements.editions import Edition
from caucusmail.announcements.models import Announcement
from caucusmail.database import db, transaction
from caucusmail.delivery import held, ledger, tracing
from caucusmail.delivery.ledger import To
from caucusmail.delivery.models import Delivery
from caucusmail.directory import visibility
from caucusmail.groups import membership, news
from caucusmail.groups.models import Subscription
from caucusmail.mail import organizers
from caucusmail.meetings import feeds
from caucusmail.meetings import letters as others
from caucusmail.tokens import Purpose
from tests import make
from tests.announcements import rooms
from tests.announcements.calendars import with_icalendar, with_vobject
from tests.announcements.rooms import Room, copies
from tests.announcements.test_changes import drain, gone, to_room, told
from tests.meetings.test_queries import meeting
from tests.sink import Caught

TELLING = [
    "VRWG",
    "Victims",
    "Rights",
    "Droits",
    "victimes",
    "ICC",
    "CPI",
    "court",
    "cour",
    "prosecutor",
    "procureur",
    "witness",
    "témoin",
    "testimony",
    "reparations",
    "réparations",
    "Rome",
    "statute",
    "statut",
    "Hague",
    "Haye",
    "York",
    "tribunal",
    "justice",
    "war",
    "crimes",
    "torture",
    "genocide",
    "génocide",
    "accountability",
    "impunity",
    "Amina",
    "Okonjo",
    "Andina",
    "Haki",
    "coalition",
    "NGO",
    "ONG",
    "network",
    "réseau",
    "caucus",
    "member",
    "membre",
    "group",
    "groupe",
    "liste",
    "coordinator",
    "coordinatrice",
    "keeper",
    "secretariat",
    "secrétariat",
    "strategy",
    "stratégie",
    "meeting",
    "réunion",
    "agenda",
    "forum",
    "world",
    "K-12",
    "E-04",
    "announcement",
    "annonce",
    "invitation",
    "invited",
    "invité",
    "briefing",
    "assembly",
    "assemblée",
    "session",
    "chair",
    "CaucusMail",
]
"""Words any of which would tell something. The domain the house writes from is nobody's secret: it is taken out first."""

TEXTS = {
    "en": Text(
        "Strategy meeting on reparations", "ICC witnesses: Amina Okonjo speaks for Andina. Bring the Rome Statute."
    ),
    "fr": Text("Réunion de stratégie", "La CPI et les témoins : Amina Okonjo pour Andina."),
}


@pytest.fixture
def room() -> Room:
    room = rooms.vrwg()
    for name, chain, wants in (("Ada", ["en"], True), ("Élodie", ["fr"], True), ("Ben", ["en"], False)):
        person = make.person(name, address=f"{name[0].lower()}@mail.example", languages=chain, discreet=wants)
        make.member(room.caucus, person, room.group)
    return room


@pytest.fixture
def sent(room, sink) -> Announcement:
    return gone(room, rooms.strategy(room="K-12, first floor"), texts=TEXTS)


def decoded(caught: Caught) -> str:
    """The raw bytes, and beside them every header and part as a reader's program shows it."""
    message = message_from_bytes(caught.raw, policy=policy.default)
    parts = [part.get_content() for part in message.walk() if not part.is_multipart()]
    shown = [one.decode() if isinstance(one, bytes) else str(one) for one in parts]
    said = [f"{name}: {value}" for name, value in message.items()]
    whole = "\n".join([caught.raw.decode("latin-1"), *said, *shown, caught.sender])
    whole = re.sub(r"=\r?\n|\r?\n[ \t]", "", whole)
    return re.sub(r"(?i)caucus\.example", "", whole)


def telling(caught: Caught) -> set[str]:
    text = re.sub(r"/(read|my|leave)/[\w-]+|leave\+[\w-]+|boundary=\S+|--[0-9a-f]{24}\S*", "", decoded(caught))
    return {word for word in TELLING if re.search(rf"(?i)(?<![a-z]){re.escape(word)}(?![a-z])", text)}


def of(sink, name: str) -> list[Caught]:
    """What reached the mailbox of this person, but for tests."""
    return [one for one in sink.caught if f"{name[0].lower()}@mail.example" in one.recipients]


def test_there_are_sixty_telling_words():
    assert len(set(TELLING)) >= 60


@pytest.mark.parametrize("name", ["Ada", "Élodie"])
def test_no_telling_word_is_in_invitation_change_cancellation_or_reminder(room, sent, sink, name):
    told(sent, to_room(sent.meeting, "E-04"), room)
    told(sent, Change(ChangeKind.CANCELLED, changes.newest(sent.meeting), reason="The ICC is closed."), room)
    told(sent, Change(ChangeKind.REINSTATED, changes.newest(sent.meeting)), room)
    theirs = of(sink, name)
    assert len(theirs) == 4
    for one in theirs:
        assert telling(one) == set()
        names = [header.lower() for header in one.message]
        assert [header for header in names if header.startswith("list-")] == [
            "list-unsubscribe",
            "list-unsubscribe-post",
        ]
        assert "reply-to" not in names


def test_others_in_the_same_send_get_the_usual_copy(room, sent, sink):
    [usual] = of(sink, "Ben")
    assert {"VRWG", "Victims", "ICC", "Amina", "K-12", "CaucusMail"} <= telling(usual)
    assert "List-Id" in usual.message
    assert str(usual.message["Subject"]).startswith("[VRWG]")


@pytest.mark.parametrize("comes_in", [False, True])
def test_the_calendar_gets_a_busy_block_that_every_reader_understands(room, sink, monkeypatch, comes_in):
    monkeypatch.setattr(settings, "_current", replace(settings.current(), mail_comes_in=comes_in))
    sent = gone(room, rooms.strategy(room="K-12, first floor"), texts=TEXTS)
    [letter] = of(sink, "Ada")
    assert telling(letter) == set()
    text = next(one for one in letter.message.walk() if one.get_content_type() == "text/calendar").get_content()
    [entry] = with_icalendar(text)
    assert [entry] == with_vobject(text)
    assert (entry.method, entry.uid, entry.sequence) == ("REQUEST", sent.meeting.uid, 0)
    assert (entry.summary, entry.location, "TZID" in text) == ("Busy", "", False)
    assert entry.starts == int(sent.meeting.starts_at.timestamp())
    [event] = icalendar.Calendar.from_ical(text).walk("VEVENT")
    assert not {"DESCRIPTION", "URL", "LOCATION"} & set(event)
    assert "CN" not in event["ORGANIZER"].params
    mailbox = entry.organizer.removeprefix("mailto:")
    if comes_in:
        assert organizers.read(mailbox)[0] == sent.meeting.id
    else:
        assert mailbox == "notices@caucus.example"


def test_the_link_shows_what_others_read_and_stops_when_old_links_do(room, sent, sink):
    [letter] = of(sink, "Ada")
    token = re.search(r"/en/read/([\w-]+)", letter.text)[1]
    found = held.by_token(token)
    assert found.subject.startswith("[VRWG]")
    assert not [words for words in ("Amina Okonjo speaks for Andina", "K-12") if words not in found.text]
    with transaction():
        db.session.get_one(Person, copies(sent)[0].person_id).settings_version += 1
    with pytest.raises(tokens.BadToken):
        held.by_token(token)


def test_one_click_still_leaves(client, room, sent, sink):
    [letter] = of(sink, "Ada")
    address = re.search(r"<http://[^/]+(/leave/[^>]+)>", str(letter.message["List-Unsubscribe"]))[1]
    assert client.post(address, data={"List-Unsubscribe": "One-Click"}).status_code == 200
    db.session.expire_all()
    assert copies(sent)[0].person_id not in {one.person_id for one in make.rows(Subscription)}


def test_a_bounce_comes_back_to_a_path_that_names_nothing_and_is_known(room, sent, sink):
    [letter] = of(sink, "Ada")
    assert letter.sender.startswith("notices-bounce+")
    assert tracing.by_return_path(letter.sender).address == "a@mail.example"


def test_the_reminder_is_discreet_too_and_can_be_read(room, sink, monkeypatch):
    def it_is(text: str) -> None:
        moment = datetime.fromisoformat(text).replace(tzinfo=UTC)
        monkeypatch.setattr(clock, "now", lambda: moment)

    it_is("2027-11-20T10:00")
    gone(room, rooms.strategy(room="K-12, first floor"), texts=TEXTS)
    it_is("2027-11-29T12:00")
    with transaction():
        assert reminding.remind_due() == 3
    drain()
    _invitation, reminder = of(sink, "Ada")
    assert telling(reminder) == set()
    found = held.by_token(re.search(r"/en/read/([\w-]+)", reminder.text)[1])
    assert "K-12" in found.text
    assert "K-12" in of(sink, "Ben")[-1].text


def test_who_left_and_who_comes_later_are_told_discreetly_too(room, sent, sink):
    ada = next(one for one in make.rows(Person) if one.name == "Ada")
    with transaction():
        membership.leave_caucus(ada, room.caucus, by=ada)
    before = len(of(sink, "Ada"))
    with transaction():
        assert farewells._owe(sent.meeting, [ada.id], clock.now()) == 1
        news.tell(room.group, new=True)
        for row in make.rows(Delivery):
            row.due_at = min(row.due_at, clock.now())
    drain()
    theirs = of(sink, "Ada")[before:]
    assert [telling(one) for one in theirs] == [set()] * len(theirs)
    [farewell] = [one for one in theirs if b"text/calendar" in one.raw]
    text = next(one for one in farewell.message.walk() if one.get_content_type() == "text/calendar").get_content()
    [entry] = with_icalendar(text)
    assert (entry.method, entry.status, entry.summary) == ("CANCEL", "CANCELLED", "Busy")
    told_of_group = [of(sink, name)[-1] for name in ("Élodie", "Ben")]
    assert [telling(one) == set() for one in told_of_group] == [True, False]


def test_letters_of_the_house_itself_are_discreet_for_them_and_their_words_are_kept(room, sink):
    ada, ben = (next(one for one in make.rows(Person) if one.name == name) for name in ("Ada", "Ben"))
    held_meeting = meeting(room.caucus)
    with transaction():
        for person in (ada, ben):
            ledger.enqueue(others.place(person, held_meeting), To(person.address, person.name, person.id, person.zone))
    drain()
    [letter], [usual] = of(sink, "Ada"), of(sink, "Ben")
    assert telling(letter) == set()
    assert "waiting list" in usual.text
    row = next(one for one in make.rows(Delivery) if one.person_id == ada.id)
    found = held.by_token(tokens.sign(Purpose.READ, row.id, row.settings_version))
    assert "waiting list" in found.text
    with pytest.raises(tokens.BadToken):
        held.by_token(tokens.sign(Purpose.READ, row.id, row.settings_version + 1))


def test_their_own_feed_is_busy_and_nothing_else(room, sent, sink):
    ada, ben = (next(one for one in make.rows(Person) if one.name == name) for name in ("Ada", "Ben"))
    shown = feeds.own(visibility.viewer(ada)).text
    assert "SUMMARY:Busy" in shown
    assert not [
        word for word in ("VRWG", "Victims", "K-12", "Hague", "CaucusMail", "meetings/", "TZID") if word in shown
    ]
    assert "VRWG" in feeds.own(visibility.viewer(ben)).text


def test_the_key_of_a_discreet_edition_names_what_it_holds_back():
    one = Edition.of("en+fr!")
    assert (one.version, one.frame, one.discreet, one.key) == ("en", "fr", True, "en+fr!")
    assert [each.key for each in Edition.needed(["fr!", "en"])] == ["fr", "fr!", "en"]
