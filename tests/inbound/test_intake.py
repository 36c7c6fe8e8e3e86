import pytest

from caucusmail.database import transaction
from caucusmail.inbound import intake
from caucusmail.inbound.models import Fate, Received
from tests import make

MAIL = b"Message-ID: <1@a.example>\r\nSubject: x\r\n\r\nbody\r\n"


def store(raw: bytes = MAIL, recipient: str = "postmaster@caucus.example", sender: str = "a@a.example") -> bool:
    with transaction():
        return intake.store(sender, recipient, raw)


def test_a_message_is_kept_as_it_came() -> None:
    assert store()
    [row] = make.rows(Received)
    assert (row.raw, row.message_id, row.fate) == (MAIL, "<1@a.example>", Fate.WAITING)
    assert (row.recipient, row.sender) == ("postmaster@caucus.example", "a@a.example")


def test_handed_over_again_because_our_250_was_lost_it_is_one() -> None:
    assert store()
    assert not store(b"Received: again\r\n" + MAIL)
    assert len(make.rows(Received)) == 1


def test_another_recipient_another_id_or_another_body_is_another_message() -> None:
    assert store()
    assert store(recipient="abuse@caucus.example")
    assert store(MAIL.replace(b"<1@", b"<2@"))
    assert store(MAIL + b"more\r\n")
    assert len(make.rows(Received)) == 4


@pytest.mark.parametrize("end", [b"\n.\n", b"\n.\r\n", b"\r.\r", b"\r\n.\r", b"\r.\r\n", b"\r\n.\n", b"\r\r\n.\r\r\n"])
def test_no_bare_line_end_is_kept(end: bytes) -> None:
    store(MAIL + b"one" + end + b"MAIL FROM:<x@y>\r\n")
    [row] = make.rows(Received)
    assert b"\n" not in row.raw.replace(b"\r\n", b"")
    assert b"\r" not in row.raw.replace(b"\r\n", b"")


@pytest.mark.parametrize(
    "raw", [b"", b"\0\xff\xfe", b"\r\n\r\n", b"Message-ID: " + b"\0" * 300 + b"\xff\r\n\r\n", bytes(range(256)) * 50]
)
def test_what_is_no_message_at_all_is_kept_too(raw: bytes) -> None:
    assert store(raw, "a\udcff\0@caucus.example", "\udcff")
    assert len(make.rows(Received)) == 1


def test_messages_without_an_id_are_told_apart_by_all_of_their_bytes() -> None:
    assert store(b"odd")
    assert store(b"odder")
    assert not store(b"odd")
    assert len(make.rows(Received)) == 2
