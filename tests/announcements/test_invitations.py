"""The organizer of each reader's invitation."""

from dataclasses import replace

import icalendar
import pytest

from caucusmail import settings
from caucusmail.announcements import letters
from caucusmail.mail import organizers
from tests import make
from tests.announcements.rooms import STAFF, strategy, vrwg


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
