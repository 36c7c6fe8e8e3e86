"""The LMTP server over a real socket, with a database of its own."""

import asyncio
import contextlib
import re
import shutil
import smtplib
import socket
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text

from caucusmail.app import House
from caucusmail.audit import heartbeats
from caucusmail.database import db
from caucusmail.inbound import intake, server
from caucusmail.inbound.models import Received
from tests import another, make, settings_for

pytestmark = pytest.mark.journey
MAIL = b"Message-ID: <1@a.example>\r\nSubject: x\r\n\r\nbody\r\n"


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    folder = tmp_path_factory.mktemp("lmtp")
    with another.house(settings_for.testing(f"sqlite:///{folder / 'house.sqlite3'}", folder)) as house:
        with house.app_context():
            make.caucus("vrwg")
        yield house


@pytest.fixture
def port(house: House) -> Iterator[int]:
    """The server, in a thread; an empty table."""
    with house.app_context():
        db.session.execute(text("DELETE FROM received"))
        db.session.commit()
    loop = asyncio.new_event_loop()
    thread = threading.Thread(target=loop.run_forever)
    thread.start()

    async def begin() -> Any:
        return await loop.create_server(lambda: server.protocol(house.app_context), "127.0.0.1", 0)

    listening = asyncio.run_coroutine_threadsafe(begin(), loop).result()
    yield int(listening.sockets[0].getsockname()[1])
    loop.call_soon_threadsafe(listening.close)
    loop.call_soon_threadsafe(loop.stop)
    thread.join()


def kept(house: House) -> list[tuple[str, bytes]]:
    with house.app_context():
        db.session.rollback()
        return [(row.recipient, row.raw) for row in make.rows(Received)]


class Talk:
    """One conversation, line by line."""

    def __init__(self, port: int) -> None:
        self._socket = socket.create_connection(("127.0.0.1", port), timeout=30)
        self._file = self._socket.makefile("rb")
        assert self.answer().startswith("220")

    def answer(self) -> str:
        """The next whole reply; "" if they hung up."""
        while True:
            line = self._file.readline().decode()
            if line[3:4] != "-":
                return line.strip()

    def say(self, line: str) -> str:
        self.send(line.encode() + b"\r\n")
        return self.answer()

    def send(self, octets: bytes) -> None:
        self._socket.sendall(octets)

    def data(self, *recipients: str) -> list[str]:
        """Everything up to the content; the answers to RCPT."""
        self.say("LHLO mx.example")
        self.say("MAIL FROM:<>")
        answers = [self.say(f"RCPT TO:<{recipient}>") for recipient in recipients]
        assert self.say("DATA").startswith("354")
        return answers

    def close(self) -> None:
        self._file.close()
        self._socket.close()


@pytest.fixture
def talk(port: int) -> Iterator[Talk]:
    made = Talk(port)
    yield made
    made.close()


def test_there_is_one_reply_for_each_accepted_recipient_in_order(house: House, talk: Talk) -> None:
    answers = talk.data("postmaster@caucus.example", "nobody@caucus.example", "vrwg-owner@caucus.example")
    assert [answer[:3] for answer in answers] == ["250", "550", "250"]
    talk.send(MAIL + b".\r\n")
    assert [talk.answer()[:3], talk.answer()[:3]] == ["250", "250"]
    assert talk.say("NOOP").startswith("250")
    assert [recipient for recipient, _raw in kept(house)] == ["postmaster@caucus.example", "vrwg-owner@caucus.example"]


def test_only_lhlo_opens_a_conversation(talk: Talk) -> None:  # RFC 2033, 4.1
    assert talk.say("HELO mx.example").startswith("500")
    assert talk.say("EHLO mx.example").startswith("500")
    assert talk.say("LHLO mx.example").startswith("250")


def test_an_ordinary_client_is_served(house: House, port: int) -> None:
    with smtplib.LMTP("127.0.0.1", port) as client:
        refused = client.sendmail("a@a.example", ["postmaster@caucus.example", "nobody@caucus.example"], MAIL)
    assert {address: code for address, (code, _words) in refused.items()} == {"nobody@caucus.example": 550}
    assert kept(house) == [("postmaster@caucus.example", MAIL)]


@pytest.mark.parametrize(
    "end",
    [
        b"\n.\n",
        b"\n.\r\n",
        b"\r.\r",
        b"\r.\r\n",
        b"\r\n.\r",
        b"\r\n.\n",
        b"\n.\r",
        b"\r\n\0.\r\n",
        b"\r\n.\0\r\n",
        b"\r\0\n.\r\0\n",
    ],
)
def test_no_other_end_of_a_message_is_taken_for_one(house: House, talk: Talk, end: bytes) -> None:
    talk.data("postmaster@caucus.example")
    inner = b"MAIL FROM:<x@y.example>\r\nRCPT TO:<abuse@caucus.example>\r\nDATA\r\nsmuggled\r\n"
    talk.send(MAIL + b"one" + end + inner + b".\r\n")
    assert talk.answer().startswith("250")
    assert talk.say("NOOP").startswith("250")
    [(recipient, raw)] = kept(house)
    assert recipient == "postmaster@caucus.example"
    assert b"smuggled" in raw
    assert not re.search(rb"(?<!\r)\n|\r(?!\n)", raw)


def test_added_dots_are_taken_off(house: House, talk: Talk) -> None:
    talk.data("postmaster@caucus.example")
    talk.send(b"Subject: x\r\n\r\n..one\r\n...two\r\nthree.\r\n.\r\n")
    assert talk.answer().startswith("250")
    assert kept(house)[0][1] == b"Subject: x\r\n\r\n.one\r\n..two\r\nthree.\r\n"


def test_the_null_path_names_nobody(house: House, port: int) -> None:  # RFC 5321, 4.5.5
    with smtplib.LMTP("127.0.0.1", port) as client:
        client.sendmail("", ["postmaster@caucus.example"], MAIL)
    with house.app_context():
        db.session.rollback()
        assert [row.sender for row in make.rows(Received)] == [""]


def test_what_is_too_large_is_refused_once_for_each_recipient_and_the_next_is_served(house: House, talk: Talk) -> None:
    assert talk.say("LHLO mx.example").startswith("250")
    assert talk.say(f"MAIL FROM:<a@a.example> SIZE={intake.LARGEST + 1}").startswith("552")
    talk.data("postmaster@caucus.example", "abuse@caucus.example")
    for _piece in range(intake.LARGEST // 2**20 + 1):
        talk.send(b"x" * 2**20)  # one line
    talk.send(b"\r\n.\r\n")
    assert [talk.answer()[:3], talk.answer()[:3]] == ["552", "552"]
    talk.data("postmaster@caucus.example")
    talk.send(MAIL + b".\r\n")
    assert talk.answer().startswith("250")
    assert len(kept(house)) == 1


def test_a_line_longer_than_any_rule_allows_is_kept_whole(house: House, talk: Talk) -> None:
    talk.data("postmaster@caucus.example")
    line = b"y" * 300_000
    talk.send(b"Subject: x\r\n\r\n" + line + b"\r\n.\r\n")
    assert talk.answer().startswith("250")
    assert kept(house)[0][1].endswith(line + b"\r\n")


def test_a_message_handed_over_again_after_a_lost_250_is_one(house: House, port: int) -> None:
    for _time in range(2):
        with smtplib.LMTP("127.0.0.1", port) as client:
            client.sendmail("a@a.example", ["postmaster@caucus.example"], MAIL)
    assert len(kept(house)) == 1


def test_who_hangs_up_before_the_dot_has_handed_over_nothing(house: House, port: int) -> None:
    made = Talk(port)
    made.data("postmaster@caucus.example")
    made.send(MAIL)
    made.close()
    with smtplib.LMTP("127.0.0.1", port) as client:
        client.noop()
    assert kept(house) == []


@contextlib.contextmanager
def without_tables(house: House) -> Iterator[None]:
    """The database is there, and cannot serve."""
    file = Path(house.config["SQLALCHEMY_DATABASE_URI"].removeprefix("sqlite:///"))
    with house.app_context():
        db.session.remove()
        db.engine.dispose()
    away = file.with_suffix(".away")
    for one in file.parent.glob(file.name + "*"):
        shutil.move(one, one.with_name(one.name.replace(file.name, away.name)))
    try:
        yield
    finally:
        with house.app_context():
            db.session.remove()
            db.engine.dispose()
        for one in file.parent.glob(file.name + "*"):
            one.unlink()
        for one in file.parent.glob(away.name + "*"):
            shutil.move(one, one.with_name(one.name.replace(away.name, file.name)))


def test_our_own_fault_is_451_at_rcpt_and_after_the_dot_and_nothing_is_lost(house: House, talk: Talk) -> None:
    talk.data("postmaster@caucus.example", "abuse@caucus.example")
    with without_tables(house):
        talk.send(MAIL + b".\r\n")
        assert [talk.answer()[:3], talk.answer()[:3]] == ["451", "451"]
        talk.say("MAIL FROM:<>")
        assert talk.say("RCPT TO:<vrwg@caucus.example>").startswith("451")
    talk.say("RSET")
    talk.data("postmaster@caucus.example")
    talk.send(MAIL + b".\r\n")
    assert talk.answer().startswith("250")
    assert len(kept(house)) == 1


def test_it_says_that_it_is_at_work_and_outlives_a_database_that_is_away(house: House) -> None:
    with without_tables(house):
        server.beat(house.app_context)
    server.beat(house.app_context)
    with house.app_context():
        db.session.rollback()
        assert heartbeats.trouble(heartbeats.INCOMING) == ""


def test_a_hundred_recipients_are_enough(talk: Talk) -> None:
    talk.say("LHLO mx.example")
    talk.say("MAIL FROM:<>")
    answers = [talk.say("RCPT TO:<postmaster@caucus.example>")[:3] for _number in range(server.MOST_RECIPIENTS + 1)]
    assert answers[-2:] == ["250", "452"]
