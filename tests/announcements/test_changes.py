"""A room, a time, a cancellation: told to the same people, old and new, with the calendar following."""

from dataclasses import replace
from datetime import datetime, timedelta

import icalendar
import pytest
from sqlalchemy import select

from caucusmail import clock
from caucusmail.accounts.models import Person
from caucusmail.announcements import changes, dispatch, leaving
from caucusmail.announcements.changes import Change, ChangeKind
from caucusmail.announcements.composition import Text
from caucusmail.announcements.models import Announcement, AnnouncementKind, AnnouncementState
from caucusmail.database import db, transaction
from caucusmail.delivery import outgoing
from caucusmail.delivery.models import DeliveryState, Lane, OutgoingMessage
from caucusmail.directory import visibility
from caucusmail.errors import NotAllowed
from caucusmail.groups import membership
from caucusmail.meetings import scheduling
from caucusmail.meetings.agenda import Item, Speaker
from caucusmail.meetings.models import Meeting, MeetingState
from caucusmail.meetings.scheduling import MeetingIsOff
from tests import make
from tests.announcements import rooms
from tests.announcements.rooms import Room, copies

TEXTS = {"en": Text("Strategy meeting", "Bring notes."), "fr": Text("Réunion de stratégie", "Apportez vos notes.")}


@pytest.fixture
def room() -> Room:
    room = rooms.vrwg()
    for name, chain in (("Ada", ["en"]), ("Élodie", ["fr"]), ("محمد", ["ar", "fr"])):
        make.member(room.caucus, make.person(name, languages=chain), room.group)
    return room


@pytest.fixture
def sent(room, sink) -> Announcement:
    """An announced meeting whose letters have left."""
    return gone(room, rooms.strategy(room="K-12, first floor"))


def gone(room: Room, meeting, **more) -> Announcement:
    made = begun(room, meeting, **more)
    drain()
    return db.session.get_one(Announcement, made)


def begun(room: Room, meeting, **more) -> int:
    values = {"kind": AnnouncementKind.MEETING, "texts": TEXTS, "meeting": meeting} | more
    made = rooms.confirmed(room, rooms.ready(room, **values))
    rooms.released(made)
    with transaction():
        leaving.send_due()
    return made.id


def drain() -> None:
    while outgoing.turn("w"):
        pass
    db.session.expire_all()


def to_room(meeting: Meeting, room: str, **more) -> Change:
    draft = replace(scheduling.draft_of(meeting), room=room, room_by=None)
    return Change(ChangeKind.ROOM, changes.newest(meeting), draft, **more)


def told(sent: Announcement, change: Change, room: Room) -> Announcement | None:
    with transaction():
        made = changes.tell(sent.meeting, change, room.by)
    key = made.id if made else None
    drain()
    return db.session.get(Announcement, key) if key else None


def letters(sink, word: str) -> list:
    """What arrived with this word in its subject."""
    return [one for one in sink.caught if word in str(one.message["Subject"])]


def entry(caught):
    part = next(one for one in caught.message.walk() if one.get_content_type() == "text/calendar")
    calendar = icalendar.Calendar.from_ical(part.get_content())
    return calendar, calendar.walk("VEVENT")[0]


def test_a_room_change_reaches_the_same_people_old_and_new_and_their_calendars(room, sent, sink):
    before = {one.address for one in copies(sent)}
    made = told(sent, to_room(sent.meeting, "E-04"), room)
    assert {one.address for one in copies(made)} == before
    assert {one.state for one in copies(made)} == {DeliveryState.ACCEPTED}
    assert made.kind is AnnouncementKind.CHANGE
    assert db.session.get_one(OutgoingMessage, made.message_id).lane is Lane.URGENT
    [english] = letters(sink, "ROOM CHANGED: E-04")
    assert english.text.startswith("Room changed: E-04\r\n  was: K-12, first floor\r\n\r\nStrategy meeting: Tuesday")
    assert str(english.message["Subject"]).startswith("[VRWG] ROOM CHANGED: E-04, Tue")
    assert "<del><bdi>K-12, first floor</bdi></del>" in english.message.get_body(("html",)).get_content()
    assert len(letters(sink, "SALLE")) == 2
    calendar, event = entry(english)
    assert (calendar["METHOD"], event["SEQUENCE"], event["UID"]) == ("REQUEST", 1, sent.meeting.uid)
    assert str(event["LOCATION"]).startswith("room E-04, World Forum")


def test_moved_then_cancelled_then_reinstated_calendars_follow_each_time(room, sent, sink):
    later = replace(
        scheduling.draft_of(sent.meeting), starts=datetime(2027, 11, 30, 9, 15), ends=datetime(2027, 11, 30, 10)
    )
    told(sent, Change(ChangeKind.TIME, 0, later), room)
    told(sent, Change(ChangeKind.CANCELLED, changes.newest(sent.meeting), reason="The building is closed."), room)
    assert sent.meeting.state is MeetingState.CANCELLED
    told(sent, Change(ChangeKind.REINSTATED, changes.newest(sent.meeting)), room)
    ada = [one for one in sink.caught if str(one.message["To"]).startswith("Ada ")]
    entries = [
        entry(one) for one in ada if any(part.get_content_type() == "text/calendar" for part in one.message.walk())
    ]
    assert [(calendar["METHOD"], event["SEQUENCE"], event["STATUS"]) for calendar, event in entries[-4:]] == [
        ("REQUEST", 0, "CONFIRMED"),
        ("REQUEST", 1, "CONFIRMED"),
        ("CANCEL", 2, "CANCELLED"),
        ("REQUEST", 3, "CONFIRMED"),
    ]
    assert len({event["UID"] for _calendar, event in entries[-4:]}) == 1
    [cancelled] = letters(sink, "CANCELLED")
    assert "The building is closed." in cancelled.text
    assert "Agenda" not in cancelled.text


def test_how_to_get_in_is_told_without_touching_calendars(room, sent, sink):
    draft = replace(scheduling.draft_of(sent.meeting), access={"en": "Bring your passport."})
    told(sent, Change(ChangeKind.ACCESS, 0, draft), room)
    [letter] = letters(sink, "HOW TO GET IN")
    assert "Bring your passport." in letter.text
    assert "text/calendar" not in [part.get_content_type() for part in letter.message.walk()]
    assert sent.meeting.sequence == 0


def test_an_authors_own_words_take_the_place_of_the_usual_ones_in_their_language(room, sent, sink):
    told(sent, to_room(sent.meeting, "E-04", words={"en": "Use the *north* door."}), room)
    [english] = letters(sink, "ROOM CHANGED")
    assert "Use the *north* door." in english.text
    assert all("north" not in one.text for one in letters(sink, "SALLE"))


def test_who_left_is_not_told_and_who_came_later_was_never_invited(room, sent, sink):
    ada = db.session.scalars(select(Person).where(Person.name == "Ada")).one()
    with transaction():
        membership.leave_caucus(ada, room.caucus, by=ada)
    make.member(room.caucus, make.person("Zoé"), room.group)
    made = told(sent, to_room(sent.meeting, "E-04"), room)
    assert {one.name for one in copies(made)} == {"Élodie", "محمد"}


def test_when_everybody_has_left_the_meeting_changes_and_nobody_is_written_to(room, sent, sink):
    for person in [one for one in make.rows(Person) if one.name in ("Ada", "Élodie", "محمد")]:
        with transaction():
            membership.leave_caucus(person, room.caucus, by=person)
    drain()
    before = len(sink.caught)
    assert told(sent, to_room(sent.meeting, "E-04"), room) is None
    assert (sent.meeting.room, len(sink.caught)) == ("E-04", before)


def some_gone(room: Room, share: int) -> Announcement:
    """An invitation of which so many copies have left, and the others have not."""
    made = begun(room, rooms.strategy(room="K-12"))
    while len(served(db.session.get_one(Announcement, made))) < share:
        outgoing.turn("w", limit=1)
        db.session.expire_all()
    return db.session.get_one(Announcement, made)


def served(sent: Announcement) -> set[str]:
    return {one.address for one in copies(sent) if one.state is DeliveryState.ACCEPTED}


@pytest.mark.parametrize("share", [0, 1, 3])
def test_while_the_invitation_leaves_nobody_gets_what_is_no_more(room, sink, share):
    sent = some_gone(room, share)
    had, everybody = served(sent), {one.address for one in copies(sent)}
    assert len(had) == share
    told(sent, to_room(sent.meeting, "E-04"), room)
    about = [one for one in sink.caught if "TEST" not in str(one.message["Subject"]) and "E-04" in one.text]
    changed = {one.recipients[0] for one in about if "E-04" in str(one.message["Subject"])}
    whole = {one.recipients[0] for one in about if "K-12" not in one.text}
    assert changed == had
    assert whole == everybody - had
    assert len(about) == len(everybody)


def test_of_two_who_change_it_the_second_is_shown_what_the_first_did(room, sent):
    first, second = to_room(sent.meeting, "E-04"), to_room(sent.meeting, "E-05")
    told(sent, first, room)
    with pytest.raises(changes.Overtaken), transaction():
        changes.tell(sent.meeting, second, room.by)
    assert sent.meeting.room == "E-04"


def test_what_is_already_so_is_told_to_nobody(room, sent, sink):
    before = len(sink.caught)
    with pytest.raises(changes.NothingChanged), transaction():
        changes.tell(sent.meeting, to_room(sent.meeting, "K-12, first floor"), room.by)
    drain()
    assert len(sink.caught) == before


def test_a_change_that_overtakes_another_tells_of_both(room, sent, sink):
    with transaction():
        first = changes.tell(sent.meeting, to_room(sent.meeting, "E-04"), room.by)
    now = scheduling.draft_of(sent.meeting)
    later = replace(now, starts=now.starts + timedelta(hours=1), ends=now.ends + timedelta(hours=1))
    made = told(sent, Change(ChangeKind.TIME, changes.newest(sent.meeting), later), room)
    assert {one.state for one in copies(first)} == {DeliveryState.WITHDRAWN}
    assert len(copies(made)) == len(copies(sent))
    [english] = letters(sink, "NEW TIME")
    assert english.text.startswith("Room changed: E-04\r\n  was: K-12, first floor\r\n")
    assert "Time changed: " in english.text
    assert "Everything else stays." in english.text
    assert "Please note the new time." not in english.text


def test_who_read_that_it_is_cancelled_reads_that_it_is_on_again_also_when_it_moves_at_once(room, sent, sink):
    told(sent, Change(ChangeKind.CANCELLED, 0), room)
    with transaction():
        changes.tell(sent.meeting, Change(ChangeKind.REINSTATED, changes.newest(sent.meeting)), room.by)
    told(sent, to_room(sent.meeting, "E-04"), room)
    [english] = letters(sink, "ROOM CHANGED: E-04")
    assert english.text.startswith("It takes place after all")


def test_a_cancellation_tells_of_nothing_else(room, sent, sink):
    with transaction():
        changes.tell(sent.meeting, to_room(sent.meeting, "E-04"), room.by)
    told(sent, Change(ChangeKind.CANCELLED, changes.newest(sent.meeting)), room)
    [english] = letters(sink, "CANCELLED")
    assert "Room changed" not in english.text


def test_a_cancelled_meeting_is_reinstated_and_not_edited(room, sent):
    told(sent, Change(ChangeKind.CANCELLED, 0), room)
    with pytest.raises(MeetingIsOff), transaction():
        changes.tell(sent.meeting, to_room(sent.meeting, "E-04"), room.by)
    assert changes.offered(sent.meeting) == (ChangeKind.REINSTATED,)


def test_nobody_else_changes_it(room, sent):
    with pytest.raises(NotAllowed), transaction():
        changes.tell(sent.meeting, to_room(sent.meeting, "E-04"), visibility.viewer(make.person()))


def test_a_draft_has_nobody_to_tell(room):
    made = rooms.ready(room, kind=AnnouncementKind.MEETING, texts=TEXTS, meeting=rooms.strategy())
    with pytest.raises(changes.NotAnnounced), transaction():
        changes.tell(made.meeting, to_room(made.meeting, "E-04"), room.by)
    assert changes.offered(made.meeting) == ()


def test_over_is_over(room, sent):
    with transaction():
        sent.meeting.starts_at, sent.meeting.ends_at = (clock.now() - timedelta(hours=one) for one in (2, 1))
    assert changes.offered(sent.meeting) == ()


def test_a_stopped_invitation_still_has_its_readers(room, sink):
    sent = some_gone(room, 2)
    with transaction():
        dispatch.stop(sent, room.by)
    db.session.expire_all()
    assert sent.state is AnnouncementState.STOPPED
    had = served(sent)
    change = told(sent, to_room(sent.meeting, "E-04"), room)
    assert {one.address for one in copies(change)} == had


def test_agenda_hosts_and_languages_are_told_old_and_new_and_calendars_stay(room, sent, sink):
    now = scheduling.draft_of(sent.meeting)
    later = (now.agenda[0], Item({"en": "Reparations"}, "08:40", 20, (Speaker("Ada", leads=True),)))
    draft = replace(now, agenda=later, hosts="Legal Aid Network", languages=("en", "ar"))
    made = told(sent, Change(ChangeKind.DETAILS, 0, draft), room)
    assert {one.address for one in copies(made)} == {one.address for one in copies(sent)}
    assert db.session.get_one(OutgoingMessage, made.message_id).lane is Lane.URGENT
    [english] = letters(sink, "DETAILS CORRECTED")
    head = english.text.replace("\r\n", "\n")
    assert head.startswith(
        "Agenda changed: 2. Reparations (08:40, 20 min; led by Ada)\n  was: 2. Reparations\n"
        "Hosts corrected: Legal Aid Network\nLanguages changed: English, Arabic\n  was: English\n\n"
    )
    assert not [part for part in english.message.walk() if part.get_content_type() == "text/calendar"]
    assert sent.meeting.sequence == 0


def test_an_agenda_that_stays_the_same_is_told_to_nobody(room, sent):
    with pytest.raises(changes.NothingChanged):
        told(sent, Change(ChangeKind.DETAILS, 0, scheduling.draft_of(sent.meeting)), room)
