from email import message_from_bytes, policy
from email.message import EmailMessage

import pytest

from caucusmail.mailbox import reading
from tests.mailbox.conftest import LETTER


def parsed(raw: bytes) -> EmailMessage:
    return message_from_bytes(raw, policy=policy.default)


def plain(body: bytes, charset: str = "utf-8", more: bytes = b"") -> EmailMessage:
    return parsed(b"Content-Type: text/plain; charset=" + charset.encode() + b"\r\n" + more + b"\r\n" + body)


def test_the_parts_are_numbered_in_order_with_what_they_weigh():
    found = reading.parts(parsed(LETTER))
    assert [(one.number, one.kind, one.name, one.attached) for one in found] == [
        (0, "text/plain", "", False),
        (1, "text/html", "", False),
        (2, "text/calendar", "", False),
        (3, "application/pdf", "../agenda.pdf", True),
    ]
    assert found[3].size == len(b"%PDF-")


def test_a_part_with_a_name_is_an_attachment_though_it_does_not_say_so():
    [part] = reading.parts(parsed(b'Content-Type: text/plain; name="a.txt"\r\n\r\nx'))
    assert (part.name, part.attached) == ("a.txt", True)


def test_an_attached_text_is_not_taken_for_the_letter():
    raw = (
        b"Content-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\nContent-Type: text/plain\r\n"
        b"Content-Disposition: attachment\r\n\r\nattached\r\n--b\r\nContent-Type: text/plain\r\n\r\nwritten\r\n--b--\r\n"
    )
    assert reading.first(parsed(raw), "text/plain") == "written"
    assert reading.first(parsed(raw), "text/html") == ""


@pytest.mark.parametrize(
    ("body", "charset", "read"),
    [
        ("Réunion".encode(), "utf-8", "Réunion"),
        ("Réunion".encode("latin-1"), "iso-8859-1", "Réunion"),
        ("اجتماع".encode("windows-1256"), "windows-1256", "اجتماع"),
        ("Réunion".encode(), "nonsense", "Réunion"),
        (b"R\xe9union", "utf-8", "R\ufffdunion"),
        (b"One\r\nTwo", "us-ascii", "One\nTwo"),
    ],
)
def test_a_text_is_read_by_its_charset_and_what_cannot_be_is_shown_as_such(body: bytes, charset: str, read: str):
    assert reading.first(plain(body, charset), "text/plain") == read


def test_a_text_without_end_is_cut():
    assert len(reading.first(plain(b"x" * (reading.TEXT_LIMIT + 1)), "text/plain")) == reading.TEXT_LIMIT


def test_headers_come_as_they_stand_unfolded_and_fit_a_page():
    found = reading.headers(parsed(b"Subject: =?utf-8?q?R=C3=A9?=\r\n union\r\nX-Raw: \xff\r\nX-Raw: 2\r\n\r\n"))
    assert found[0] == ("Subject", "=?utf-8?q?R=C3=A9?= union")
    assert [name for name, _value in found] == ["Subject", "X-Raw", "X-Raw"]
    assert all(value.encode() for _name, value in found)


def test_a_message_inside_a_message_is_shown_by_its_leaves():
    raw = b"Content-Type: message/rfc822\r\n\r\nSubject: inside\r\nContent-Type: text/plain\r\n\r\nx"
    assert [one.kind for one in reading.parts(parsed(raw))] == ["text/plain"]
