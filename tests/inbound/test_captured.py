"""Replies as Outlook, Exchange, Outlook.com, Gmail, Apple, Thunderbird and others write them: each sets the right state."""

from datetime import timedelta

import pytest

from caucusmail import clock
from caucusmail.announcements.models import Announcement
from caucusmail.database import db, transaction
from caucusmail.delivery.models import DeliveryState, OutgoingText
from caucusmail.directory.models import RosterPolicy
from caucusmail.mail import organizers
from caucusmail.meetings import personal
from caucusmail.meetings.models import Answer, MeetingState
from tests import letters, make
from tests.announcements.rooms import confirmed, copies, meeting, peopled, ready
from tests.inbound import captures
from tests.inbound.captures import MEANS, Means
from tests.inbound.mails import owed, take


@pytest.fixture
def sent() -> Announcement:
    """A meeting that Ada, Ben and Chi were told of."""
    room = peopled()
    made = confirmed(room, ready(room, meeting=meeting(titles={"en": "Strategy"})))
    with transaction():
        made.meeting.state, made.meeting.sequence = MeetingState.CONFIRMED, 1
        made.caucus.roster = RosterPolicy.MEMBERS
    return made


@pytest.fixture
def ada(sent) -> make.Person:
    return db.session.get(make.Person, copies(sent)[0].person_id)


def captured(sent: Announcement, person: make.Person, name: str, **more) -> tuple[bytes, str, str]:
    mailbox = organizers.mailbox(sent.caucus.slug, sent.meeting.id, person.id)
    values = {"uid": sent.meeting.uid, "organizer": mailbox, "attendee": person.address, "sequence": 1}
    return captures.filled(name, **values | more), mailbox, person.address


def said() -> list[tuple[int, str]]:
    db.session.expire_all()
    return [(one.person_id, one.state.value) for one in make.rows(Answer)]


def told() -> list[str]:
    """The words of each letter that those who keep the group got."""
    rows = owed("inbound/said") + owed("directory/question")
    return [letters.text(letters.to(row.address)[-1]) for row in rows]


def test_every_file_has_its_meaning():
    assert {one.stem for one in captures.FOLDER.glob("*.eml")} == set(MEANS)


@pytest.mark.parametrize(("name", "means"), sorted(MEANS.items()))
def test_each_sets_the_state_that_its_sender_chose(sent, ada, name, means: Means):
    raw, mailbox, sender = captured(sent, ada, name)
    received = take(raw, mailbox, sender)
    assert (received.outcome, said()) == (means.outcome, [(ada.id, means.state)] if means.state else [])
    written = told()
    assert len(written) == bool(means.words or means.proposed)
    for text in written:
        assert means.words in text
        assert means.proposed in text
        assert ("Nothing has changed" in text) is bool(means.proposed)


@pytest.mark.parametrize(
    "name", ["outlook-com-accepted", "gmail-accepted", "thunderbird-tentative", "exchange-counter"]
)
def test_none_of_them_counts_when_it_is_older_forged_or_about_another_meeting(sent, ada, name):
    ben = db.session.get(make.Person, copies(sent)[1].person_id)
    take(*captured(sent, ada, "zimbra-declined"))
    before = said()
    raw, mailbox, _sender = captured(sent, ada, name, at=clock.now() - timedelta(minutes=5))
    assert take(raw, mailbox).outcome == "stale-answer"
    assert take(captured(sent, ada, name, sequence=0)[0], mailbox).outcome == "stale-answer"
    assert take(captured(sent, ada, name, attendee=ben.address)[0], mailbox).outcome == "refused-answer"
    assert take(captured(sent, ada, name, uid="other@x.example")[0], mailbox).outcome == "refused-answer"
    assert said() == before
    assert told() == []


def test_who_answers_with_an_invitation_of_another_member_is_refused_whatever_it_names(sent, ada):
    ben = db.session.get(make.Person, copies(sent)[1].person_id)
    raw, mailbox, _sender = captured(sent, ada, "outlook-com-accepted")
    forged = raw.replace(f"Rosa Quispe <{ada.address}>".encode(), f"Ben <{ben.address}>".encode())
    received = take(forged, mailbox, ben.address)
    assert (received.outcome, received.detail) == ("refused-answer", "sent by another member")
    assert said() == []


def test_of_a_hidden_group_keepers_read_the_words_and_not_whose_they_are(sent, ada):
    with transaction():
        sent.caucus.roster = RosterPolicy.HIDDEN
    take(*captured(sent, ada, "exchange-counter"))
    [text] = told()
    assert "My train is late." in text
    assert "11:00–12:00" in text
    assert ada.name not in text
    assert "They may come" not in text
    assert ada.address not in text


def test_of_an_open_group_they_read_whose_they_are(sent, ada):
    take(*captured(sent, ada, "gmail-declined-note"))
    [text] = told()
    assert f"{ada.name} answered" in text
    assert "They cannot come." in text


def test_who_proposes_and_says_no_more_stands_by_what_they_said(sent, ada):
    take(*captured(sent, ada, "gmail-accepted"))
    _raw, mailbox, sender = captured(sent, ada, "exchange-counter")
    plain = captures.filled(
        "thunderbird-counter-declined", uid=sent.meeting.uid, organizer=mailbox, attendee=sender, sequence=1
    ).replace(b"PARTSTAT=DECLINED;", b"")
    assert take(plain, mailbox, sender).outcome == "answered"
    assert said() == [(ada.id, "coming")]
    [kept] = make.rows(Answer)
    assert kept.proposed_starts_at is not None
    take(*captured(sent, ada, "gmail-accepted", at=clock.now() + timedelta(minutes=1)))
    db.session.expire_all()
    assert make.rows(Answer)[0].proposed_starts_at is None


def test_five_notes_a_day_are_enough(sent, ada):
    for number in range(7):
        raw, mailbox, sender = captured(sent, ada, "gmail-declined-note", at=clock.now() + timedelta(seconds=number))
        take(raw.replace(b"-0002@", f"-1{number}@".encode()), mailbox, sender)
    assert len(owed("inbound/said")) == 5


def test_a_note_about_a_meeting_that_is_off_still_reaches_them(sent, ada):
    with transaction():
        sent.meeting.state = MeetingState.CANCELLED
    assert take(*captured(sent, ada, "outlook-com-accepted")).outcome == "closed-answer"
    assert take(*captured(sent, ada, "gmail-declined-note")).outcome == "passed-on"
    assert said() == []


def test_who_is_erased_takes_their_notes_with_them(sent, ada):
    take(*captured(sent, ada, "gmail-declined-note"))
    [row] = owed("inbound/said")
    with transaction():
        personal.erase(ada)
    db.session.expire_all()
    assert row.state is DeliveryState.WITHDRAWN
    assert not any(b"Ill, sorry" in text.raw for text in make.rows(OutgoingText))
