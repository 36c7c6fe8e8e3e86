"""Each reader's invitation: its organizer, and that it tells of nobody else."""

import re
from dataclasses import replace
from email import message_from_bytes, policy

import icalendar
import pytest

from caucusmail import clock, settings
from caucusmail.announcements import letters
from caucusmail.delivery import filling
from caucusmail.delivery.models import OutgoingText
from caucusmail.directory.models import RosterPolicy
from caucusmail.mail import organizers
from tests import make
from tests.announcements.rooms import STAFF, Room, confirmed, copies, ready, seated, strategy, vrwg


@pytest.fixture
def room():
    return vrwg()


def test_where_mail_comes_in_each_reader_replies_to_a_mailbox_of_their_own(room, monkeypatch):
    monkeypatch.setattr(settings, "_current", replace(settings.current(), mail_comes_in=True))
    sent = room.drafted(meeting=strategy())
    found = []
    for person in (make.person(), make.person()):
        text = letters.preview(sent, person, by=STAFF).ics
        assert max(len(line.encode()) for line in text.splitlines()) <= 75
        [entry] = icalendar.Calendar.from_ical(text).walk("VEVENT")
        assert entry["ORGANIZER"].params["SENT-BY"] == "mailto:vrwg@caucus.example"
        assert entry["ORGANIZER"].params["CN"] == "Victims' Rights"
        found.append(str(entry["ORGANIZER"]).removeprefix("mailto:"))
    assert [organizers.read(one) for one in found] == [(sent.meeting.id, 0)] * 2  # a preview is nobody's copy


def decoded(raw: bytes) -> str:
    """Headers and every part, as a reader's program shows them; calendars unfolded."""
    message = message_from_bytes(raw, policy=policy.default)
    parts = [part.get_content() for part in message.walk() if not part.is_multipart()]
    shown = [one.decode() if isinstance(one, bytes) else str(one) for one in parts]
    return "\n".join([*(str(value) for value in message.values()), *shown]).replace("\r\n ", "").replace("\n ", "")


def test_no_letter_of_a_hidden_group_tells_anything_of_another_member(monkeypatch):
    monkeypatch.setattr(settings, "_current", replace(settings.current(), mail_comes_in=True))
    room = Room(roster=RosterPolicy.HIDDEN)
    for number in range(30):
        seated(room, f"Canaryname{number:02}x", f"Canaryngo{number:02}x")
    rows = copies(confirmed(room, ready(room, meeting=strategy())))
    assert len(rows) == 30
    [text] = [one for one in make.rows(OutgoingText) if one.message_id == rows[0].message_id]
    version, organizer_of = filling.Version(text.words, text.raw), set()
    for row in rows:
        letter = decoded(version.letter(row, clock.now()))
        assert letter.count("ATTENDEE;") == 2  # in the part and in the attachment, the same one
        assert row.address in letter
        for other in rows:
            if other is not row:
                assert other.address not in letter
                assert other.name not in letter
        assert "Canaryngo" not in letter
        organizer_of |= set(re.findall(r"mailto:(\S+-answer\+\S+@\S+)", letter))
    read = {organizers.read(one) for one in organizer_of}
    assert {person_id for _meeting, person_id in read} == {row.person_id for row in rows}
