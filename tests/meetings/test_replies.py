"""What mail programs' calendars reply: the examples of RFC 5546, real ones, and what no program should send."""

import base64
import re
import sys
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from caucusmail.mail import parts
from caucusmail.meetings import replies
from caucusmail.meetings.models import AnswerState
from caucusmail.meetings.replies import Attendee

FOLDED = (
    "BEGIN:VCALENDAR\r\nMETHOD:REPLY\r\nBEGIN:VEVENT\r\nUID:a\\,b@x\r\nSEQUENCE:2\r\nDTSTAMP:20261128T100000Z\r\n"
    'ATTENDEE;CN="Quispe; Rosa";PARTSTAT=\r\n ACCEPTED:MAILTO:rosa@andina.example\r\nCOMMENT:Late\\, sorry\r\n'
    "END:VEVENT\r\nEND:VCALENDAR\r\n"
)


def mail(calendar: str, kind: str = "text/calendar; method=REPLY; charset=utf-8") -> parts.Part:
    coded = base64.b64encode(calendar.encode()).decode()
    text = f"Content-Type: {kind}\r\nContent-Transfer-Encoding: base64\r\n\r\n{coded}\r\n"
    whole = f'Content-Type: multipart/alternative; boundary="bbbbbbbb"\r\n\r\n--bbbbbbbb\r\n\r\nHello\r\n--bbbbbbbb\r\n{text}--bbbbbbbb--\r\n'
    return parts.read(whole.encode())


@pytest.mark.corpora
def test_the_examples_of_the_standard_are_read_as_they_are_meant(corpora: Path):
    text = (corpora / "itip" / "libical-2446.ics").read_text(errors="replace")
    found = [replies.parsed(one) for one in re.findall(r"BEGIN:VCALENDAR.*?END:VCALENDAR", text, re.DOTALL)]
    events = [one for one in found if one.method == "REPLY" and one.uid.startswith("calsrv")]
    states = [(one.sequence, [(who.address, who.partstat) for who in one.attendees]) for one in events]
    assert states == [
        (0, [("B@example.com", "ACCEPTED")]),
        (0, [("C@example.com", "DELEGATED")]),
        (0, [("E@example.com", "ACCEPTED")]),
        (0, [("C@example.com", "DELEGATED")]),
    ]
    assert events[3].comment == "Sorry, I will be out of town at that time."
    assert events[0].stamp == datetime(1997, 6, 12, 19, tzinfo=UTC)
    assert {"REPLY", "REQUEST", "CANCEL", "PUBLISH", "COUNTER", "DECLINECOUNTER", "REFRESH"} <= {
        one.method for one in found
    }


def test_a_reply_is_read_unfolded_and_unescaped():
    found = replies.read(mail(FOLDED))
    assert (found.method, found.uid, found.sequence, found.comment) == ("REPLY", "a,b@x", 2, "Late, sorry")
    assert found.attendees == [Attendee("rosa@andina.example", "ACCEPTED")]
    assert found.stamp == datetime(2026, 11, 28, 10, tzinfo=UTC)
    assert replies.STATES["TENTATIVE"] is AnswerState.MAYBE


@pytest.mark.parametrize(
    ("line", "address"),
    [
        ("ATTENDEE;PARTSTAT=DECLINED:mailto:o%27brien%2Bx@mail.example", "o'brien+x@mail.example"),
        ("ATTENDEE;EMAIL=a@b.example;PARTSTAT=DECLINED:urn:uuid:7", "a@b.example"),
        ("attendee;partstat=declined:Mailto:a@b.example?subject=x", "a@b.example"),
        ("ATTENDEE;PARTSTAT=DECLINED:invalid:nomail", ""),
    ],
)
def test_an_attendee_is_a_mailbox_however_it_is_written(line, address):
    [found] = replies.parsed(f"BEGIN:VCALENDAR\nBEGIN:VEVENT\n{line}\nEND:VEVENT\nEND:VCALENDAR").attendees
    assert found == Attendee(address, "DECLINED")


def test_the_method_may_stand_in_the_header_alone_and_an_attachment_will_do():
    bare = FOLDED.replace("METHOD:REPLY\r\n", "")
    assert replies.read(mail(bare)).method == "REPLY"
    assert replies.read(mail(bare, "text/calendar")) is None
    assert replies.read(mail(FOLDED, "application/ics")).method == "REPLY"
    assert replies.read(mail(FOLDED, "text/plain")) is None


def test_only_the_first_event_counts_and_nothing_within_it():
    alarm = FOLDED.replace("COMMENT", "BEGIN:VALARM\r\nUID:z\r\nEND:VALARM\r\nCOMMENT")
    second = alarm.replace(
        "END:VCALENDAR", "BEGIN:VEVENT\r\nUID:y\r\nATTENDEE:mailto:c@d.example\r\nEND:VEVENT\r\nEND:VCALENDAR"
    )
    found = replies.parsed(second)
    assert (found.uid, len(found.attendees), found.comment) == ("a,b@x", 1, "Late, sorry")


def calls(text: str) -> int:
    """How many calls reading it takes."""
    counted = [0]

    def count(_frame, event: str, _argument) -> None:
        counted[0] += event in ("call", "c_call")

    before = sys.getprofile()
    sys.setprofile(count)
    try:
        found = replies.parsed(text)
    finally:
        sys.setprofile(before)
    assert len(found.attendees) <= replies.MOST_ATTENDEES
    return counted[0]


@pytest.mark.parametrize(
    ("before", "again", "after"),
    [
        ("", "BEGIN:VCALENDAR\n", ""),
        ("BEGIN:VEVENT\nATTENDEE", ";X=y", ":mailto:a@b"),
        ("", "ATTENDEE:mailto:a@b.example\n", ""),
        ("BEGIN:VCALENDAR\n", "\n ", ""),
        ("", "END:VCALENDAR\n", ""),
        ("", ":", ""),
    ],
)
def test_what_is_deep_long_or_endless_takes_work_in_proportion_to_its_length(before, again, after):
    short, long = (calls(before + again * times + after) for times in (1_000, 4_000))
    assert long < 5 * short + 100


@pytest.mark.parametrize(
    "line", ["SEQUENCE:-1", "SEQUENCE:x", "SEQUENCE:²", "DTSTAMP:yesterday", "DTSTAMP:20261301", "DTSTAMP:"]
)
def test_what_makes_no_sense_is_left_out(line):
    found = replies.parsed(f"BEGIN:VCALENDAR\nBEGIN:VEVENT\n{line}\nUID:u\nEND:VEVENT\nEND:VCALENDAR")
    assert (found.sequence, found.stamp, found.uid) == (None, None, "u")


@given(
    st.lists(
        st.sampled_from(
            [
                "BEGIN:",
                "END:",
                "VEVENT",
                "VCALENDAR",
                "ATTENDEE;",
                "PARTSTAT=",
                "\n",
                " ",
                '"',
                ":",
                "DTSTAMP:",
                "9",
                "\\",
                "\x00",
                "é",
            ]
        ),
        max_size=60,
    )
)
def test_nothing_that_comes_makes_it_fail(pieces):
    replies.parsed("".join(pieces))
    replies.read(parts.read("".join(pieces).encode()))


@pytest.mark.parametrize(
    ("lines", "hours"),
    [
        ("DTSTART:20271130T071500Z\nDTEND:20271130T081500Z", ("07:15", "08:15")),
        ("DTSTART:20271130T081500\nDURATION:PT1H", ("07:15", "08:15")),  # on the meeting's own clock
        ("DTSTART;TZID=Eastern Standard Time:20271130T081500\nDURATION:PT1H", ("13:15", "14:15")),
        ("DTSTART;TZID=/mozilla.org/20050126_1/Asia/Kathmandu:20271130T130000\nDURATION:PT1H", ("07:15", "08:15")),
        ("DTSTART;TZID=tzone://Microsoft/Utc:20271130T071500\nDURATION:PT1H", ("07:15", "08:15")),
        ("DTSTART;TZID=Customized Time Zone:20271130T071500\nDURATION:PT1H", None),
        ("DTSTART;VALUE=DATE:20271130\nDURATION:P1D", None),
        ("DTSTART:20271130T071500Z", None),
        ("DTSTART:20271130T071500Z\nDTEND:20271130T071500Z", None),
        ("DTSTART:20271130T071500Z\nDURATION:P99999999999D", None),
        ("DTSTART:99991231T235959\nDURATION:PT1H", None),
    ],
)
def test_a_proposed_time_is_read_in_its_zone_or_not_at_all(lines, hours):
    text = f"BEGIN:VCALENDAR\nMETHOD:COUNTER\nBEGIN:VEVENT\n{lines}\nEND:VEVENT\nEND:VCALENDAR"
    found = replies.parsed(text).proposed("Europe/Amsterdam")
    assert (found and tuple(f"{at.astimezone(UTC):%H:%M}" for at in found)) == hours


@pytest.mark.parametrize(
    "name",
    ["Quispe, Rosa", 'Rosa "R" Quispe', "Rosa: Andina", '"Rosa', "rosa@andina.example;", "Quispe\\, Rosa", "Rosa Ñ"],
)
def test_a_name_that_is_badly_written_does_not_hide_the_answer(name):
    line = f"ATTENDEE;CN={name};PARTSTAT=ACCEPTED:MAILTO:rosa@andina.example"
    [found] = replies.parsed(f"BEGIN:VCALENDAR\nBEGIN:VEVENT\n{line}\nEND:VEVENT\nEND:VCALENDAR").attendees
    assert (found.address, found.partstat) == ("rosa@andina.example", "ACCEPTED")
