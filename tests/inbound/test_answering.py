"""A calendar's reply, from the mail as it comes in to the answer that is kept."""

from datetime import timedelta
from email.utils import format_datetime

import pytest

from caucusmail import clock
from caucusmail.accounts.models import SecondAddress
from caucusmail.announcements.models import Announcement
from caucusmail.database import db, transaction
from caucusmail.delivery.models import Delivery, OutgoingText
from caucusmail.directory.models import RosterPolicy
from caucusmail.inbound.models import Fate, Received
from caucusmail.mail import organizers
from caucusmail.meetings import answers
from caucusmail.meetings.models import Answer, AnswerState, AnswerWay, MeetingState
from tests import make
from tests.announcements.rooms import confirmed, copies, meeting, peopled, ready
from tests.inbound.mails import letter, owed, take


@pytest.fixture
def room():
    return peopled()


@pytest.fixture
def sent(room) -> Announcement:
    """A meeting that Ada, Ben and Chi were told of."""
    made = confirmed(room, ready(room, meeting=meeting(titles={"en": "Strategy"})))
    with transaction():
        made.meeting.state, made.meeting.sequence = MeetingState.CONFIRMED, 1
    return made


@pytest.fixture
def ada(sent) -> make.Person:
    return db.session.get(make.Person, copies(sent)[0].person_id)


def organizer(sent: Announcement, person: make.Person) -> str:
    return organizers.mailbox(sent.caucus.slug, sent.meeting.id, person.id)


def reply(
    sent: Announcement, attendee: str, state: str = "ACCEPTED", *, ago: int = 0, said: str = "", **more: object
) -> bytes:
    """As Outlook.com writes it (no ORGANIZER), sent by a program for a person."""
    values = {"method": "REPLY", "uid": sent.meeting.uid, "sequence": 1} | more
    stamp = f"{clock.now() - timedelta(minutes=ago):%Y%m%dT%H%M%SZ}"
    return (
        f"From: <{attendee}>\r\nDate: {format_datetime(clock.now())}\r\nMessage-ID: <{state}{ago}{values['sequence']}@x.example>\r\n"
        f"Subject: Accepted: Strategy\r\nAuto-Submitted: auto-generated\r\n"
        f"Content-Type: text/calendar; method={values['method']}; charset=utf-8\r\n\r\n"
        f"BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:x\r\nMETHOD:{values['method']}\r\nBEGIN:VEVENT\r\nUID:{values['uid']}\r\n"
        f"SEQUENCE:{values['sequence']}\r\nDTSTAMP:{stamp}\r\nATTENDEE;PARTSTAT={state}:mailto:{attendee}\r\n"
        f"COMMENT:{said}\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n"
    ).encode()


def said() -> list[tuple[int, str, str]]:
    db.session.expire_all()
    return [(one.person_id, one.state.value, one.way.value) for one in make.rows(Answer)]


@pytest.mark.parametrize(
    ("partstat", "state"), [("ACCEPTED", "coming"), ("DECLINED", "not-coming"), ("TENTATIVE", "maybe")]
)
def test_what_a_calendar_answers_is_kept_and_answered_by_nothing(sent, ada, partstat, state):
    letters = len(make.rows(Delivery))
    received = take(reply(sent, ada.address, partstat), organizer(sent, ada).upper(), ada.address)
    assert (received.fate, received.outcome, received.raw) == (Fate.DONE, "answered", b"")
    assert said() == [(ada.id, state, "calendar")]
    assert len(make.rows(Delivery)) == letters


def test_link_and_calendar_make_one_answer_and_the_newer_one_counts(sent, ada):
    take(reply(sent, ada.address, "ACCEPTED", ago=5), organizer(sent, ada), ada.address)
    with transaction():
        answers.answer(sent.meeting, ada, AnswerState.NOT_COMING, AnswerWay.LINK)
    assert take(reply(sent, ada.address, "TENTATIVE", ago=3), organizer(sent, ada)).outcome == "stale-answer"
    assert said() == [(ada.id, "not-coming", "link")]


def test_what_is_older_by_sequence_or_by_stamp_is_stale(sent, ada):
    take(reply(sent, ada.address, "DECLINED", ago=5), organizer(sent, ada))
    for raw in (reply(sent, ada.address, "ACCEPTED", sequence=0), reply(sent, ada.address, "ACCEPTED", ago=9)):
        received = take(raw, organizer(sent, ada))
        assert (received.fate, received.outcome) == (Fate.DONE, "stale-answer")
    assert said() == [(ada.id, "not-coming", "calendar")]


def test_an_alias_is_credited_to_whose_invitation_it_was(sent, ada):
    take(reply(sent, "ada.at.home@elsewhere.example"), organizer(sent, ada), "ada.at.home@elsewhere.example")
    assert said() == [(ada.id, "coming", "calendar")]
    assert answers.of(sent.meeting, ada).from_address == "a***@elsewhere.example"
    take(reply(sent, ada.address, "TENTATIVE", sequence=2), organizer(sent, ada), ada.address)
    assert answers.of(sent.meeting, ada).from_address == ""
    sent_by = reply(sent, ada.address, "DECLINED", sequence=3).replace(
        f"From: <{ada.address}>".encode(), b"From: <secretary@elsewhere.example>"
    )
    take(sent_by, organizer(sent, ada), "secretary@elsewhere.example")
    assert answers.of(sent.meeting, ada).from_address == "s***@elsewhere.example"
    with transaction():
        answers.answer(sent.meeting, ada, AnswerState.COMING, AnswerWay.LINK)
    assert answers.of(sent.meeting, ada).from_address == ""


def test_a_further_address_of_theirs_is_theirs(sent, ada):
    make.keep(
        SecondAddress(person_id=ada.id, address="a@b.example", address_key="a@b.example", verified_at=clock.now())
    )
    take(reply(sent, "A@b.example"), organizer(sent, ada))
    assert said() == [(ada.id, "coming", "calendar")]


def test_who_names_another_member_is_refused_and_shown(sent, ada):
    other = db.session.get(make.Person, copies(sent)[1].person_id)
    received = take(reply(sent, other.address), organizer(sent, ada), other.address)
    assert (received.fate, received.outcome, received.detail) == (Fate.ASIDE, "refused-answer", "names another member")
    assert said() == []


def test_a_reply_about_another_meeting_is_refused(sent, ada):
    received = take(reply(sent, ada.address, uid="other@x.example"), organizer(sent, ada))
    assert (received.outcome, received.detail) == ("refused-answer", "about another meeting")
    assert said() == []


def test_who_is_no_longer_asked_is_refused(sent):
    stranger = make.person()
    received = take(reply(sent, stranger.address), organizer(sent, stranger))
    assert (received.outcome, received.detail) == ("refused-answer", "not asked any more")


def test_a_cancelled_meeting_takes_no_reply_and_that_is_no_fault(sent, ada):
    with transaction():
        sent.meeting.state = MeetingState.CANCELLED
    received = take(reply(sent, ada.address), organizer(sent, ada))
    assert (received.fate, received.outcome) == (Fate.DONE, "closed-answer")
    assert said() == []


@pytest.mark.parametrize(
    ("method", "partstat"), [("COUNTER", "TENTATIVE"), ("REFRESH", "ACCEPTED"), ("REPLY", "DELEGATED")]
)
def test_what_only_people_can_answer_reaches_those_who_keep_the_group(sent, ada, method, partstat):
    received = take(reply(sent, ada.address, partstat, method=method), organizer(sent, ada), ada.address)
    assert (received.fate, received.outcome) == (Fate.DONE, "passed-on")
    [passed] = owed("directory/question")
    assert passed.person_id != ada.id
    assert said() == []


def test_of_a_hidden_group_it_says_what_was_typed_and_not_what_the_program_writes_of_the_answer(room, sent, ada):
    with transaction():
        room.caucus.roster = RosterPolicy.HIDDEN
    raw = reply(sent, ada.address, "DELEGATED", said="Luz knows the room")
    assert take(raw, organizer(sent, ada), ada.address).outcome == "passed-on"
    [passed] = owed("directory/question")
    words = make.rows(OutgoingText)[-1].raw.decode()
    assert ("> Strategy" in words, "[REPLY] Luz knows the room" in words, "Accepted" in words) == (True, True, False)
    assert passed.person_id != ada.id


def test_a_letter_without_a_calendar_reaches_them_too_and_an_automatic_one_does_not(sent, ada):
    assert take(letter(ada.address), organizer(sent, ada), ada.address).outcome == "passed-on"
    away = letter(ada.address, text="away", Auto_Submitted="auto-replied")
    assert take(away, organizer(sent, ada), ada.address).outcome == "automatic"
    assert len(owed("directory/question")) == 1
    assert len(make.rows(Received)) == 2
