"""Every kind of invitation that leaves, as it reached the server, understood alike by readers that have nothing in common."""

from dataclasses import replace
from datetime import date, datetime
from pathlib import Path

import pytest

from caucusmail import zones
from caucusmail.announcements import changes
from caucusmail.announcements.changes import Change, ChangeKind
from caucusmail.announcements.composition import Text
from caucusmail.announcements.models import AnnouncementKind
from caucusmail.database import transaction
from caucusmail.directory import visibility
from caucusmail.meetings import places, scheduling, sessions
from caucusmail.meetings.models import MeetingMode
from caucusmail.meetings.sessions import Part, SessionDraft
from tests import make
from tests.announcements import calendars, rooms
from tests.announcements.calendars import Entry
from tests.announcements.rooms import Room
from tests.announcements.test_changes import gone, to_room, told

LONG = "Reparations for everyone; witnesses, victims \\ counsel: " * 3
CHAINS = {"Ada": ["en"], "Élodie": ["fr"], "محمد": ["ar", "fr"]}
TITLES = {
    "en": LONG.strip(),
    "fr": "Réunion de stratégie : réparations, étape n° 2",
    "ar": "اجتماع استراتيجي حول جبر الضرر، الجزء الثاني من ثلاثة أجزاء",
}
TEXTS = {code: Text(title[:60], "…") for code, title in TITLES.items()}

HAGUE, YORK = zones.THE_HAGUE, zones.NEW_YORK
TIMES = {
    "winter": (HAGUE, "2027-11-30T08:15", "2027-11-30T09:15", None),
    "the night before clocks go forward": (HAGUE, "2027-03-28T01:30", "2027-03-28T04:00", None),
    "the hour that comes twice, first pass": (HAGUE, "2027-10-31T02:15", "2027-10-31T02:45", False),
    "the hour that comes twice, second pass": (HAGUE, "2027-10-31T02:15", "2027-10-31T02:45", True),
    "New York is an hour nearer": (YORK, "2027-03-22T10:00", "2027-03-22T11:00", None),
    "New York, clocks go back": (YORK, "2027-11-07T00:30", "2027-11-07T03:00", None),
    "a zone without hours": ("Asia/Kathmandu", "2027-06-01T10:00", "2027-06-01T11:00", None),
    "overnight, over the new year": (YORK, "2027-12-31T22:00", "2028-01-01T01:00", None),
}
CHANGE_WITHIN = ("the night before clocks go forward", "New York, clocks go back")
"""Ruby's library (2.8) fails on every VTIMEZONE that knows of a change after the start."""


@pytest.fixture
def room() -> Room:
    room = rooms.vrwg()
    for name, chain in CHAINS.items():
        make.member(room.caucus, make.person(name, languages=chain), room.group)
    return room


def texts(sink) -> list[str]:
    """The calendar in each letter; the part and the attachment are the same."""
    found = []
    for caught in sink.caught:
        held = [one.get_content() for one in caught.message.walk() if one.get_content_type() == "text/calendar"]
        held = [one.decode() if isinstance(one, bytes) else one for one in held]
        attached = [one.get_content() for one in caught.message.walk() if one.get_content_type() == "application/ics"]
        assert all(one.decode() == text for one, text in zip(attached, held, strict=bool(attached)))
        found += held[:1]
    return found


def agreed(found: list[str], folder: Path, *, ruby: bool = True) -> list[Entry]:
    """What all four understand, one event a text; without Ruby three."""
    files = []
    for number, text in enumerate(found):
        assert all(len(line.encode()) <= 75 for line in text.split("\r\n"))
        files.append(folder / f"{number}.ics")
        files[-1].write_bytes(text.encode())
    read = [calendars.with_icalendar(text) for text in found]
    assert [len(events) for events in read] == [1] * len(found)
    assert [calendars.with_vobject(text) for text in found] == read
    assert not ruby or calendars.with_ruby(files) == read
    for file, [entry] in zip(files, read, strict=True):
        taken = calendars.with_calcurse(file, folder / f"{file.stem}-taken")
        assert taken == [calendars.shown(entry)]
    return [entry for [entry] in read]


def invited(room: Room, meeting, **more):
    return gone(room, replace(meeting, titles=TITLES), texts=TEXTS, **more)


def test_request_update_cancel_and_reinstated_in_three_languages(room, sink, tmp_path):
    sent = invited(room, rooms.strategy(room="K-12, first floor"))
    held = sent.meeting
    told(sent, to_room(held, "E-04; au 1er étage, à gauche"), room)
    moved = replace(scheduling.draft_of(held), starts=datetime(2027, 12, 1, 9, 15), ends=datetime(2027, 12, 1, 10))
    told(sent, Change(ChangeKind.TIME, changes.newest(held), moved), room)
    told(sent, Change(ChangeKind.CANCELLED, changes.newest(held), reason="The building is closed."), room)
    told(sent, Change(ChangeKind.REINSTATED, changes.newest(held)), room)
    entries = agreed(texts(sink), tmp_path)
    for who in make.rows(make.Person):
        if who.name not in CHAINS:
            continue
        theirs = [one for one in entries if one.attendees == (f"mailto:{who.address}",)]
        assert [(one.method, one.sequence, one.status) for one in theirs] == [
            ("REQUEST", 0, "CONFIRMED"),
            ("REQUEST", 1, "CONFIRMED"),
            ("REQUEST", 2, "CONFIRMED"),
            ("CANCEL", 3, "CANCELLED"),
            ("REQUEST", 4, "CONFIRMED"),
        ]
        assert {one.uid for one in theirs} == {held.uid}
        assert {one.starts for one in theirs} == {1827558900, 1827648900}
        assert TITLES[who.languages[0]] in theirs[0].summary


@pytest.mark.parametrize("name", TIMES)
def test_the_instant_is_the_same_in_every_reader(room, sink, tmp_path, name):
    zone, starts, ends, second = TIMES[name]
    begins, until = (datetime.fromisoformat(one) for one in (starts, ends))
    draft = rooms.meeting(zone=zone, city="" if zone in (HAGUE, YORK) else "Kathmandu", starts=begins, ends=until)
    sent = invited(room, replace(draft, second_hour=second))
    for one in agreed(texts(sink), tmp_path, ruby=name not in CHANGE_WITHIN):
        assert (one.starts, one.ends) == (
            int(sent.meeting.starts_at.timestamp()),
            int(sent.meeting.ends_at.timestamp()),
        )


def test_a_session_split_over_two_cities_is_read_by_each_citys_clock(room, sink, tmp_path):
    parts = [
        Part(date(2027, 12, 6), date(2027, 12, 8), "The Hague", HAGUE),
        Part(date(2027, 12, 13), date(2027, 12, 14), "New York", YORK),
    ]
    with transaction():
        session = sessions.add(SessionDraft({"en": "Assembly"}, parts), visibility.viewer(make.secretary()))
    for day, zone in ((6, HAGUE), (13, YORK)):
        times = {"starts": datetime(2027, 12, day, 10), "ends": datetime(2027, 12, day, 11)}
        invited(room, rooms.meeting(zone=zone, session_id=session.id, **times))
    entries = agreed(texts(sink), tmp_path)
    utc = {datetime.fromtimestamp(one.starts, zones.zone("UTC")).strftime("%d %H:%M") for one in entries}
    assert utc == {"06 09:00", "13 15:00"}


def test_online_only_has_no_room_and_is_on_the_clock_it_was_called_for(room, sink, tmp_path):
    sent = invited(room, rooms.meeting(mode=MeetingMode.ONLINE))
    entries = agreed(texts(sink), tmp_path)
    written = {one.attendees[0].removeprefix("mailto:") for one in entries}
    assert {who.address for who in make.rows(make.Person) if who.name in CHAINS} <= written
    assert sent.kind is AnnouncementKind.MEETING
    for one in entries:
        assert one.location.lower() in {"", "online", "en ligne", places.where(sent.meeting).lower()}
