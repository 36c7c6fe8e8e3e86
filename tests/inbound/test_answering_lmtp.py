"""A calendar's reply over a real socket: taken at RCPT only where its address is signed, judged, and kept."""

import smtplib

import pytest

from caucusmail.database import db
from caucusmail.inbound import processing
from caucusmail.inbound.models import Received
from caucusmail.mail import organizers
from caucusmail.meetings.models import Answer
from tests import make
from tests.inbound import captures
from tests.inbound.captures import MEANS
from tests.inbound.test_server import Talk, house, port, talk
from tests.meetings.test_queries import meeting

__all__ = ["house", "port", "talk"]
pytestmark = pytest.mark.journey

REPLY = (
    "From: rosa@andina.example\r\nMessage-ID: <1@andina.example>\r\nMIME-Version: 1.0\r\n"
    "Content-Type: text/calendar; method=REPLY\r\n\r\nBEGIN:VCALENDAR\r\nMETHOD:REPLY\r\nBEGIN:VEVENT\r\nUID:{uid}\r\n"
    "DTSTAMP:20261101T100000Z\r\nATTENDEE;PARTSTAT=DECLINED:mailto:rosa@andina.example\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n.\r\n"
)


@pytest.mark.parametrize(("name", "means"), sorted(MEANS.items()))
def test_each_program_sets_its_state_from_the_socket_on(house, port: int, name: str, means: captures.Means) -> None:
    with house.app_context():
        caucus = make.caucus()
        make.coordinator(caucus)
        rosa, one = make.member(caucus, make.person()), meeting(caucus)
        organizer = organizers.mailbox(caucus.slug, one.id, rosa.id)
        raw = captures.filled(name, uid=one.uid, organizer=organizer, attendee=rosa.address, sequence=one.sequence)
        rosa_id, address = rosa.id, rosa.address
    with smtplib.LMTP("127.0.0.1", port) as client:
        assert client.sendmail(address, [organizer], raw) == {}
    with house.app_context():
        processing.turn()
        [received] = make.rows(Received)
        kept = [answer.state.value for answer in make.rows(Answer) if answer.person_id == rosa_id]
        assert (received.outcome, kept) == (means.outcome, [means.state] if means.state else [])
        db.session.rollback()


def test_a_reply_comes_in_and_is_kept_and_a_forged_address_is_refused(house, talk: Talk) -> None:
    with house.app_context():
        caucus = make.caucus("water")
        rosa, one = make.member(caucus, make.person(address="rosa@andina.example")), meeting(caucus)
        organizer, uid = organizers.mailbox(caucus.slug, one.id, rosa.id), one.uid
        rosa_id = rosa.id
    forged = organizer.replace("@", "0@") if not organizer.endswith("0@") else organizer.replace("0@", "1@")
    assert [answer[:3] for answer in talk.data(organizer, forged)] == ["250", "550"]
    talk.send(REPLY.format(uid=uid).encode())
    assert talk.answer().startswith("250")
    with house.app_context():
        processing.turn()
        [kept] = [one for one in make.rows(Answer) if one.person_id == rosa_id]
        assert (kept.state.value, kept.way.value) == ("not-coming", "calendar")
        db.session.rollback()
