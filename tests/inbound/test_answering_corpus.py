"""Every answer among the examples of RFC 2446 (``corpora/itip``), taken as if our invitation had been meant."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import delete

from caucusmail import clock
from caucusmail.database import db, transaction
from caucusmail.inbound import answering
from caucusmail.meetings import replies
from caucusmail.meetings.models import Answer, MeetingState
from tests import make
from tests.announcements.rooms import Room, confirmed, meeting, ready

pytestmark = pytest.mark.corpora

EXPECTED = [
    ("REPLY", "stored", "coming"),
    ("COUNTER", "stored", "maybe"),  # B counters; of the three that A's calendar lists only B is ours
    ("DECLINECOUNTER", "for-people", ""),
    ("REPLY", "for-people", ""),  # delegated
    ("REPLY", "stored", "coming"),  # by who it was delegated to
    ("REPLY", "for-people", ""),  # delegated
    ("COUNTER", "stored", "maybe"),  # about one instance
    ("REPLY", "for-people", ""),  # an ATTENDEE that says nothing
    ("REFRESH", "for-people", ""),
    ("REFRESH", "for-people", ""),
]


def answers(corpora: Path) -> Iterator[str]:
    """Those about events that go from who is asked to who asks, and back."""
    text = (corpora / "itip" / "libical-2446.ics").read_text(errors="replace")
    for one in re.findall(r"BEGIN:VCALENDAR.*?END:VCALENDAR", text, re.DOTALL):
        if re.search(r"METHOD:(REPLY|COUNTER|DECLINECOUNTER|REFRESH)", one) and "BEGIN:VEVENT" in one:
            yield one


def test_the_examples_of_the_standard_set_the_states_they_are_meant_to(corpora: Path):
    room = Room()
    who = [make.member(room.caucus, make.person(address=f"{name}@example.com"), room.group) for name in "BCE"]
    sent = confirmed(room, ready(room, meeting=meeting(titles={"en": "Strategy"})))
    with transaction():
        sent.meeting.state = MeetingState.CONFIRMED
    found = []
    for text in answers(corpora):
        ours = re.sub(r"(?m)^UID:.*", f"UID:{sent.meeting.uid}", text)
        reply = replies.parsed(ours, sent.meeting.uid)
        named = {one.address.lower() for one in reply.attendees}
        person = next((one for one in who if one.address.lower() in named), who[0])
        with transaction():
            taken, _why = answering.take(reply, sent.meeting, person, clock.now())
        kept = {one.person_id: one.state.value for one in make.rows(Answer)}
        found.append((reply.method, taken.value, kept.get(person.id, "") if taken.value == "stored" else ""))
        with transaction():
            db.session.execute(delete(Answer))
    assert found == EXPECTED
