"""Reading reports: the marks on the corpora, and what must hold of every message whatever."""

import json
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from caucusmail.mail import reports
from caucusmail.mail.faults import Fault
from caucusmail.mail.reports import Kind
from tests.mail import yardstick
from tests.mail.bombs import BOMBS, FUSE

QMAIL = b"""Return-Path: <>
From: MAILER-DAEMON@relay.example
To: vrwg-bounce+abcdefghij@mail.example
Subject: failure notice

Hi. This is the qmail-send program at relay.example.
I'm afraid I wasn't able to deliver your message to the following addresses.
This is a permanent error; I've given up. Sorry it didn't work out.

<amina@ngo.example>:
192.0.2.1 does not like recipient.
Remote host said: 550 5.1.1 <amina@ngo.example>: user unknown
Giving up on 192.0.2.1.

--- Below this line is a copy of the message.

Return-Path: <vrwg-bounce+abcdefghij@mail.example>
Message-ID: <7.3.0123456789abcdef@mail.example>
Feedback-ID: 3:mail.example
List-Unsubscribe: <https://caucus.example/leave/ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789>
To: amina@ngo.example
"""


@pytest.mark.corpora
@pytest.mark.parametrize("ending", [b"\n", b"\r\n", b"\r"])
def test_the_marks_are_held_whatever_the_line_endings(corpora: Path, ending: bytes):
    found = yardstick.measure(
        (name, yardstick.with_line_endings(raw, ending), expected) for name, raw, expected in yardstick.samples(corpora)
    )
    assert found.crashed == []
    assert found.taken_for_bounces == []
    assert found.against == []
    assert found.right / found.readings >= 0.97
    assert found.exact / found.bounces >= 0.95
    assert len(found.wrong) / found.bounces <= 0.01
    assert found.strict / found.readings >= 0.92


@pytest.mark.corpora
def test_the_marks_do_not_hang_on_the_names_in_the_corpus(corpora: Path):
    found = yardstick.measure(
        (
            name,
            yardstick.elsewhere(raw.decode("latin-1")).encode("latin-1"),
            json.loads(yardstick.elsewhere(json.dumps(expected))),
        )
        for name, raw, expected in yardstick.samples(corpora)
    )
    assert found.crashed == []
    assert found.against == []
    assert found.right / found.readings >= 0.97
    assert found.exact / found.bounces >= 0.95


@pytest.mark.corpora
def test_no_ordinary_message_is_a_report(corpora: Path):
    files = [*(corpora / "ordinary").glob("*.txt"), *(corpora / "mime").rglob("*.eml")]
    assert len(files) > 70
    assert [file.name for file in files if reports.read(file.read_bytes()).kind is Kind.BOUNCE] == []


@pytest.mark.corpora
def test_complaints_are_told_from_reports_about_our_domain(corpora: Path):
    kinds = {file.name: reports.read(file.read_bytes()) for file in sorted((corpora / "complaints").glob("*.eml"))}
    assert {name: (report.kind, report.feedback) for name, report in kinds.items()} == {
        "001.eml": (Kind.COMPLAINT, "abuse"),
        "002.eml": (Kind.COMPLAINT, "abuse"),
        "003.eml": (Kind.AUTHENTICATION, "auth-failure"),
        "004.eml": (Kind.AUTHENTICATION, "auth-failure"),
        "005.eml": (Kind.AUTHENTICATION, "auth-failure"),
    }
    assert kinds["002.eml"].recipients[0].address == "user@example.com"


@pytest.mark.corpora
def test_delayed_is_not_failed(corpora: Path):
    delayed = [
        name
        for name, raw, _expected in yardstick.samples(corpora)
        if b"\naction: delayed" in raw.lower().replace(b"\r", b"")
    ]
    assert len(delayed) >= 6
    for name in delayed:
        assert reports.read((corpora / "bounces" / name).read_bytes()).kind is Kind.DELAY, name


def test_a_report_in_prose_names_recipient_class_status_and_words():
    report = reports.read(QMAIL)
    assert report.kind is Kind.BOUNCE
    (one,) = report.recipients
    assert (one.address, one.fault, one.status) == ("amina@ngo.example", Fault.GONE, "5.1.1")
    assert "user unknown" in one.words


def test_our_own_marks_are_found_in_what_is_returned():
    traces = reports.read(QMAIL).traces
    assert traces.message_ids == ("<7.3.0123456789abcdef@mail.example>",)
    assert traces.feedback_ids == ()  # prose, no part of its own: only what is unmistakable is taken from running text
    assert traces.one_clicks == ("ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789",)
    assert traces.return_paths == ("vrwg-bounce+abcdefghij@mail.example",)


def dsn(action: str, status: str, words: str, recipient: str = "rfc822; amina@ngo.example") -> bytes:
    return (
        "From: postmaster@relay.example\nReturn-Path: <>\nSubject: Delivery status\n"
        'Content-Type: multipart/report; report-type=delivery-status; boundary="b"\n\n'
        "--b\n\nIt did not work.\n--b\nContent-Type: message/delivery-status\n\nReporting-MTA: dns; relay.example\n\n"
        f"Original-Recipient: {recipient}\nFinal-Recipient: rfc822; forwarded@elsewhere.example\n"
        f"Action: {action}\nStatus: {status}\nDiagnostic-Code: smtp; {words}\n\n"
        "--b\nContent-Type: text/rfc822-headers\n\nMessage-ID: <1@mail.example>\nFeedback-ID: 3:mail.example\n\n--b--\n"
    ).encode()


@pytest.mark.parametrize(
    ("action", "kind"),
    [("failed", Kind.BOUNCE), ("delayed", Kind.DELAY), ("delivered", Kind.SUCCESS), ("relayed", Kind.SUCCESS)],
)
def test_the_action_decides_what_a_delivery_report_is(action: str, kind: Kind):
    report = reports.read(dsn(action, "5.1.1", "550 5.1.1 user unknown"))
    assert report.kind is kind
    assert report.recipients[0].addresses == ("amina@ngo.example", "forwarded@elsewhere.example")
    assert report.traces.feedback_ids == ("3:mail.example",)


def test_an_international_address_is_read(  # RFC 6533, 3
):
    report = reports.read(dsn("failed", "5.1.1", "550 5.1.1 no", r"utf-8; am\x{ED}na@ngo.example"))
    assert report.recipients[0].address == "amína@ngo.example"


@pytest.mark.parametrize("header", ["Auto-Submitted: auto-replied", "X-Autoreply: yes", "Precedence: auto_reply"])
def test_an_automatic_answer_is_no_bounce(header: str):
    raw = f"From: amina@ngo.example\nReturn-Path: <>\nSubject: Away\n{header}\n\nI am away. 550 5.1.1 user unknown\n"
    assert reports.read(raw.encode()).kind is Kind.AUTO_REPLY


def test_a_letter_about_a_bounce_is_none():
    raw = b"From: Amina <amina@ngo.example>\nSubject: Undelivered Mail\n\nHello, I got this: <b@c.example>: user unknown\n"
    assert reports.read(raw).kind is Kind.NONE


@pytest.mark.parametrize("bomb", BOMBS)
def test_a_bomb_is_read_to_its_end_and_names_next_to_nobody(bomb: str):
    assert len(reports.read(FUSE + BOMBS[bomb] + b"\r\n\r\n").recipients) <= 1  # what it costs is a line of the bench


@settings(max_examples=150, deadline=None)
@given(st.binary(max_size=2000), st.sampled_from([b"", QMAIL[:300], dsn("failed", "5.1.1", "550 no")[:500]]))
def test_reading_never_fails(noise: bytes, before: bytes):
    assert reports.read(before + noise).kind in Kind


@pytest.mark.corpora
def test_a_report_cut_off_anywhere_is_read_without_a_fault(corpora: Path):
    for number, (_name, raw, _expected) in enumerate(yardstick.samples(corpora)):
        reports.read(raw[: len(raw) * (number % 10) // 10])


def test_a_system_that_says_in_prose_that_it_arrived_reports_no_failure():
    raw = (
        b"From: postmaster@b.example\nReturn-Path: <>\nSubject: Delivery report\n"
        b"Content-Type: multipart/report; report-type=delivery-status; boundary=b\n\n"
        b"--b\n\nYour message was delivered to the following recipient:\n\n<a@b.example>\n--b--\n"
    )
    assert reports.read(raw).kind is Kind.SUCCESS


@pytest.mark.parametrize(
    "subject", ["Automatic reply: News", "Out of office: News", "Auto: News", "R\u00e9ponse automatique : News"]
)
def test_an_automatic_answer_is_known_by_its_subject_too(subject: str):
    assert reports.read(f"From: a@b.example\nSubject: {subject}\n\nI am away.\n".encode()).kind is Kind.AUTO_REPLY


def test_what_exchange_links_behind_a_recipient_is_what_was_written_to():
    words = "Your message to Ada (ada@new.example)<mailto:ada@old.example> couldn't be delivered."
    text = f"""From: postmaster@exchange.example
Content-Type: multipart/report; report-type=delivery-status; boundary=b

--b
Content-Type: text/plain

{words.replace("to Ada (", "to ada@new.example (")}

--b
Content-Type: message/delivery-status

Final-Recipient: rfc822;ada@new.example
Action: failed
Status: 5.1.1

--b--
"""
    [recipient] = reports.read(text.encode()).recipients
    assert (recipient.address, recipient.final) == ("ada@old.example", "ada@new.example")
