"""Two members write to each other by mail, over real sockets, and neither learns the other's address."""

import re
import smtplib

import pytest

from caucusmail.database import db
from caucusmail.delivery import outgoing
from caucusmail.directory.models import Shown
from caucusmail.inbound import processing
from caucusmail.mail import mailboxes
from tests import photos
from tests.directory.correspondents import choose, two
from tests.inbound.test_server import house, port
from tests.sink import Caught, Sink

__all__ = ["house", "port"]
pytestmark = pytest.mark.journey

TRACES = (
    "Received: from [10.9.8.7] (laptop-of-{name})\r\nUser-Agent: Mutt/9\r\nX-Mailer: Mutt/9\r\nX-Originating-IP: 10.9.8.7\r\n"
    "Date: Sun, 29 Nov 2026 06:12:00 +0545\r\nMessage-ID: <{number}@laptop-of-{name}>\r\n"
)
TELLING = ("10.9.8.7", "laptop-of", "Mutt", "+0545", "Received", "X-Mailer", "X-Originating-IP", "User-Agent")


def sent_on(house) -> None:
    """Judge what came in, and send what is owed."""
    with house.app_context():
        processing.turn()
        outgoing.turn("test")
        db.session.rollback()


def answered(caught: Caught, own: str, name: str, number: int, words: str) -> bytes:
    """What a mail program makes of an answer to ``caught``."""
    quoted = "".join(f"> {one}\r\n" for one in caught.text.splitlines())
    head = f"From: {name} <{own}>\r\nTo: {caught.message['Reply-To']}\r\nSubject: Re: {caught.message['Subject']}\r\n"
    said = f"{words}\r\n\r\nOn Sun, 29 Nov 2026 06:00 +0545, somebody <{own}> wrote:\r\n{quoted}"
    return (TRACES.format(name=name, number=number) + head + "\r\n" + said).encode()


def test_a_letter_and_its_answer(house, port: int) -> None:
    sink = Sink()
    sink.start()
    with house.app_context():
        house.extensions["mail"].port = sink.port
        found = two("peace")
        ada, vega, mailbox = found.ada.person.address, found.vega.person.address, found.mailbox
        name = found.to.name
    client = house.test_client()
    house.config["WTF_CSRF_ENABLED"] = False

    def by_mail(sender: str, recipient: str, raw: bytes) -> None:
        with smtplib.LMTP("127.0.0.1", port) as server:
            assert server.sendmail(sender, [recipient], raw) == {}
        sent_on(house)
        asked = sink.to(sender)[-1]
        path = re.search(r"https?://[^/\s]+(/\S*letter-to-member/\S+)", asked.text)
        assert path, asked.text
        page = client.get(path[1])
        subject = re.search(r'name="subject"[^>]*value="([^"]*)"', page.text)
        words = re.search(r"<textarea[^>]*>\s*([^<]*)</textarea>", page.text)
        assert subject, page.text
        assert words, page.text
        assert client.post(path[1], data={"subject": subject[1], "text": words[1]}).status_code == 303
        with house.app_context():
            outgoing.turn("test")
            db.session.rollback()

    first = (
        TRACES.format(name="ada", number=1) + f"From: Ada <{ada}>\r\nTo: {mailbox}\r\nSubject: Room\r\n\r\nWhich?\r\n"
    )
    by_mail(ada, mailbox, first.encode())
    got = sink.to(vega)[-1]
    assert "> Which?" in got.text
    assert mailboxes.token_of(got.message["Reply-To"])

    by_mail(vega, got.message["Reply-To"], answered(got, vega, "halima", 2, "Room 4."))
    back = sink.to(ada)[-1]
    assert "> Room 4." in back.text
    assert "Which?" not in back.text
    assert f"{name}, of peace caucus, answers you" in back.text
    assert back.message["Reply-To"].lower() == mailbox

    for caught, others in ((got, (ada,)), (back, (vega, "Halima", "Canary"))):
        whole = caught.raw.decode() + caught.text + caught.html + str(caught.message.items())
        assert [trace for trace in (*TELLING, *others) if trace in whole] == []
        assert caught.message["Date"].endswith("+0000")
        assert caught.message["Message-ID"].endswith("@caucus.example>")
    sink.stop()


def test_a_photo_arrives_without_where_and_when_it_was_taken(house, port: int) -> None:
    sink = Sink()
    sink.start()
    house.config["WTF_CSRF_ENABLED"] = False
    with house.app_context():
        house.extensions["mail"].port = sink.port
        found = two("photos")
        ada, vega, mailbox = found.ada.person.address, found.vega.person.address, found.mailbox
    large = photos.photo(4032, 3024, orientation=6, quality=100)
    padded = large + bytes(4 * 1024 * 1024 - len(large))  # as phones put a second picture behind the first
    whole = photos.as_apple(ada, photos.part(padded), photos.part(photos.photo(800, 600, orientation=8)))
    with smtplib.LMTP("127.0.0.1", port) as server:
        assert server.sendmail(ada, [mailbox], whole) == {}
    sent_on(house)
    path = re.search(r"https?://[^/\s]+(/\S*letter-to-member/\S+)", sink.to(ada)[-1].text)
    assert path
    answer = house.test_client().post(path[1], data={"subject": "Room", "text": "Look.", "pictures": ["1", "2"]})
    assert answer.status_code == 303
    sent_on(house)
    got = sink.to(vega)[-1]
    files = [(one.get_filename(), one.get_content_type()) for one in got.message.iter_attachments()]
    assert files == [("picture-1.jpg", "image/jpeg"), ("picture-2.jpg", "image/jpeg")]
    pictures = [one.get_content() for one in got.message.iter_attachments()]
    assert [photos.opened(one).size for one in pictures] == [(1600, 1200), (800, 600)]
    for one in pictures:
        assert photos.corners(photos.opened(one)) == ["red", "green", "blue", "yellow"]
        assert dict(photos.opened(one).getexif()) == {}
        assert [trace for trace in photos.TELLING if trace in one] == []
    shown = got.raw.decode() + got.text + got.html
    assert [trace for trace in ("Canary Phones", "iPhone", "IMG_", "+0300", "+254", ada) if trace in shown] == []
    sink.stop()


def test_a_mailbox_that_takes_none_is_refused_like_one_that_never_was(house, port: int) -> None:
    with house.app_context():
        found = two("water")
        mailbox = found.mailbox
        choose(found.vega, Shown.PSEUDONYM, reachable=False)
    with smtplib.LMTP("127.0.0.1", port) as server:
        server.ehlo("mx.example")
        server.mail("a@a.example")
        closed = server.rcpt(mailbox)
        nobodys = server.rcpt(mailboxes.address("water", "0" * 20))
    assert closed == nobodys
    assert closed[0] == 550
