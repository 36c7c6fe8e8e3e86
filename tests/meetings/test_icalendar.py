import json
import re
from datetime import UTC, datetime, timedelta

import icalendar as library
import pytest

from caucusmail import clock, zones
from caucusmail.delivery import filling
from caucusmail.delivery.models import Delivery
from caucusmail.meetings import icalendar
from caucusmail.meetings.icalendar import Words
from caucusmail.meetings.models import Meeting, MeetingKind, MeetingMode, MeetingState

ATTENDEE = filling.attendee(Delivery(address="ada@mail.example"))
STAMP = datetime(2026, 11, 23, 14, 5, 6, 700, tzinfo=UTC)


def meeting(starts: str, zone: str, *, hours: float = 1, second: bool | None = None, **more) -> Meeting:
    wall = datetime.fromisoformat(starts)
    begins = zones.instant(wall, zone, second=second)
    ends = begins + timedelta(hours=hours)
    values = {
        "uid": "abc@caucus.example",
        "sequence": 0,
        "state": MeetingState.DRAFT,
        "zone": zone,
        "starts": wall,
        "ends": ends.astimezone(zones.zone(zone)).replace(tzinfo=None),
        "starts_at": begins,
        "ends_at": ends,
        "public": False,
        "kind": MeetingKind.STRATEGY,
        "mode": MeetingMode.IN_PERSON,
        "agenda": [],
        "made_at": clock.now(),
    }
    return Meeting(**values | more)


def written(subject: Meeting, **words) -> str:
    said = Words(**{"summary": "Strategy"} | words)
    return icalendar.request(subject, said, STAMP, icalendar.organizer("VRWG", "vrwg-owner@caucus.example"), ATTENDEE)


def by_hand(text: str) -> dict[str, list[tuple[str, str]]]:
    """A second reader, written for these tests alone: component path to (name with parameters, value), unfolded."""
    assert text.endswith("END:VCALENDAR\r\n")
    assert "\n" not in text.replace("\r\n", "")
    for line in text.split("\r\n"):
        assert len(line.encode()) <= 75, line
    path: list[str] = []
    found: dict[str, list[tuple[str, str]]] = {}
    for line in re.sub("\r\n[ \t]", "", text).removesuffix("\r\n").split("\r\n"):
        name, _colon, value = line.partition(":")
        if name == "BEGIN":
            path.append(value)
        elif name == "END":
            assert path.pop() == value
        else:
            found.setdefault("/".join(path), []).append((name, value))
    assert not path
    return found


def event(text: str) -> dict[str, str]:
    rows = by_hand(text)["VCALENDAR/VEVENT"]
    assert len({name.partition(";")[0] for name, _value in rows}) == len(rows), "a property stands twice"
    return {name.partition(";")[0]: value for name, value in rows}


@pytest.mark.parametrize(
    ("starts", "zone"),
    [
        ("2027-03-17T09:00", zones.NEW_YORK),
        ("2027-03-13T09:00", zones.NEW_YORK),
        ("2027-03-15T09:00", zones.NEW_YORK),
        ("2027-03-29T09:00", zones.THE_HAGUE),
        ("2027-11-01T09:00", zones.THE_HAGUE),
        ("2027-11-03T10:00", zones.NEW_YORK),
        ("2027-11-08T10:00", zones.NEW_YORK),
        ("2027-11-30T08:15", zones.THE_HAGUE),
        ("2028-02-29T08:15", "Asia/Kathmandu"),
        ("2027-02-20T10:00", "Africa/Casablanca"),
        ("2027-06-01T10:00", "Africa/Kampala"),
        ("2027-04-04T02:15", "Australia/Lord_Howe"),
    ],
)
def test_the_rules_in_the_file_give_the_same_instant_as_ours(starts, zone):
    subject = meeting(starts, zone, second=False)
    text = written(subject)
    parsed = library.Calendar.from_ical(text)
    [entry] = parsed.walk("VEVENT")
    assert entry["DTSTART"].params["TZID"] == zone
    assert entry.start == subject.starts_at
    assert entry.end == subject.ends_at
    assert by_its_rules(text, event(text)["DTSTART"]) == subject.starts_at


def by_its_rules(text: str, local: str) -> datetime:
    """RFC 5545, 3.6.5: the observance with the latest onset not after the local time."""
    rules, current = [], {}
    for line in re.sub("\r\n[ \t]", "", text).split("\r\n"):
        name, _colon, value = line.partition(":")
        if line in ("BEGIN:STANDARD", "BEGIN:DAYLIGHT"):
            current = {}
            rules.append(current)
        current.setdefault(name, value)
    assert len(rules) >= 1
    onset = [one for one in rules if one["DTSTART"] <= local]
    offset = max(onset, key=lambda one: one["DTSTART"])["TZOFFSETTO"]
    sign = -1 if offset[0] == "-" else 1
    shift = timedelta(hours=int(offset[1:3]), minutes=int(offset[3:5])) * sign
    return datetime.strptime(local, "%Y%m%dT%H%M%S").replace(tzinfo=UTC) - shift


def test_the_zone_has_both_changes_of_the_year_with_onsets_before_the_change():
    text = written(meeting("2027-11-30T08:15", zones.THE_HAGUE))
    onsets = [value for name, value in by_hand(text)["VCALENDAR/VTIMEZONE/DAYLIGHT"] if name == "DTSTART"]
    assert "20270328T020000" in onsets
    onsets = [value for name, value in by_hand(text)["VCALENDAR/VTIMEZONE/STANDARD"] if name == "DTSTART"]
    assert "20271031T030000" in onsets
    assert len(text) < 2500


def test_an_invitation_has_what_mail_programs_ask_for():
    text = written(meeting("2027-11-30T08:15", zones.THE_HAGUE))
    top = dict(by_hand(text)["VCALENDAR"])
    assert (top["METHOD"], top["VERSION"], top["CALSCALE"]) == ("REQUEST", "2.0", "GREGORIAN")
    found = event(text)
    assert found["UID"] == "abc@caucus.example"
    assert found["SEQUENCE"] == "0"
    assert found["DTSTAMP"] == "20261123T140506Z"
    assert found["STATUS"] == "CONFIRMED"
    assert found["ORGANIZER"] == "mailto:vrwg-owner@caucus.example"
    assert found["ATTENDEE"] == "mailto:ada@mail.example"
    assert text.count("ATTENDEE") == 1
    assert found["CLASS"] == "PRIVATE"
    [line] = [name for name, _value in by_hand(text)["VCALENDAR/VEVENT"] if name.startswith("ATTENDEE")]
    assert line == "ATTENDEE;CUTYPE=INDIVIDUAL;ROLE=REQ-PARTICIPANT;PARTSTAT=NEEDS-ACTION;RSVP=TRUE"


def test_a_cancelled_meeting_says_so_twice_as_calendars_need_it():
    text = written(meeting("2027-11-30T08:15", zones.THE_HAGUE, state=MeetingState.CANCELLED, sequence=3))
    assert (dict(by_hand(text)["VCALENDAR"])["METHOD"], event(text)["STATUS"], event(text)["SEQUENCE"]) == (
        "CANCEL",
        "CANCELLED",
        "3",
    )


def test_an_hour_that_comes_twice_is_written_in_utc_since_programs_differ_in_which_they_take():
    subject = meeting("2027-10-31T02:30", zones.THE_HAGUE, second=True)
    assert event(written(subject))["DTSTART"] == "20271031T013000Z"
    first = meeting("2027-10-31T02:30", zones.THE_HAGUE, second=False)
    assert event(written(first))["DTSTART"] == "20271031T003000Z"


@pytest.mark.parametrize(
    "text",
    [
        "Réunion de stratégie, mardi; suite \\ fin",
        "اجتماع استراتيجي " * 12,
        "会议" * 60,
        "🕊️" * 40,
        "BEGIN:VEVENT\nATTENDEE:mailto:spy@evil.example\nEND:VEVENT",
        'a\\nb;c,d:e"f',
    ],
)
def test_any_text_comes_back_as_it_was_and_no_line_breaks_out(text):
    raw = written(meeting("2027-11-30T08:15", zones.THE_HAGUE), summary=text, location=text, description=text)
    [entry] = library.Calendar.from_ical(raw).walk("VEVENT")
    assert [str(entry[name]) for name in ("SUMMARY", "LOCATION", "DESCRIPTION")] == [text] * 3
    found = event(raw)
    assert re.sub(r"\\(.)", lambda one: "\n" if one[1] in "nN" else one[1], found["SUMMARY"]) == text
    assert [value for name, value in by_hand(raw)["VCALENDAR/VEVENT"] if name.startswith("ATTENDEE")] == [
        "mailto:ada@mail.example"
    ]


def test_naughty_strings_survive_as_titles(corpora):
    for text in json.loads((corpora / "strings" / "naughty-strings.json").read_text()):
        raw = written(meeting("2027-11-30T08:15", zones.THE_HAGUE), summary=text)
        assert event(raw)["ATTENDEE"] == "mailto:ada@mail.example"
        assert len(library.Calendar.from_ical(raw).walk("VEVENT")) == 1


def test_a_file_from_the_site_invites_nobody_and_says_who_calls_it():
    text = icalendar.snapshot(
        meeting("2027-11-30T08:15", "UTC", public=True),
        Words("Open day", open=True),
        STAMP,
        "VRWG, https://x.example/contact",
    )
    assert not any(word in text for word in ("ATTENDEE", "ORGANIZER", "METHOD"))
    assert event(text)["CONTACT"] == "VRWG\\, https://x.example/contact"
    assert "VTIMEZONE" not in text
    assert (event(text)["DTSTART"], event(text)["CLASS"]) == ("20271130T081500Z", "PUBLIC")


@pytest.mark.parametrize("words", [Words("Busy", placeless=True), Words("Open day")])
def test_whatever_is_for_one_reader_is_private_however_public_its_meeting_is(words):
    one, lines = (
        meeting("2027-11-30T08:15", zones.THE_HAGUE, public=True, changed_at=STAMP),
        (icalendar.organizer("", "a@b.example"), ATTENDEE),
    )
    entries = [
        icalendar.request(one, words, STAMP, *lines),
        icalendar.farewell(one, words, STAMP, 1, *lines),
        icalendar.feed(icalendar.About("My calendar"), [icalendar.Entry(one, words)]),
    ]
    assert [event(text)["CLASS"] for text in entries] == ["PRIVATE"] * 3


def test_what_is_open_is_public_only_of_a_public_meeting():
    for public, found in ((True, "PUBLIC"), (False, "PRIVATE")):
        one = meeting("2027-11-30T08:15", zones.THE_HAGUE, public=public, changed_at=STAMP)
        text = icalendar.feed(icalendar.About("All"), [icalendar.Entry(one, Words("Open day", open=True))])
        assert event(text)["CLASS"] == found
