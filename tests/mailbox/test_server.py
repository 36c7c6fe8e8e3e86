import smtplib
import sqlite3
from collections.abc import Iterator

import pytest

from caucusmail.mailbox import store
from caucusmail.mailbox.server import Mailbox
from tests.sink import AnyPort


@pytest.fixture
def port() -> Iterator[int]:
    connection = store.connect()
    controller = AnyPort(Mailbox(connection), hostname="127.0.0.1", port=0, enable_SMTPUTF8=True)
    controller.start()
    yield int(controller.port)
    controller.stop()
    connection.close()


def test_a_letter_taken_with_250_is_kept_byte_by_byte(port: int) -> None:
    raw = b"Subject: Hello\r\n\r\n.leading dot\r\nend\r\n"
    with smtplib.SMTP("127.0.0.1", port) as smtp:
        smtp.sendmail("a@caucus.example", ["b@mail.example", "c@mail.example"], raw)
    (line,) = store.lines("", None, 10)
    kept = store.letter(line.id)
    assert kept is not None
    assert kept.raw == raw
    assert (kept.sender, kept.recipients) == ("a@caucus.example", "b@mail.example c@mail.example")


def test_a_mailbox_that_cannot_write_says_try_again(port: int) -> None:
    other = sqlite3.connect(store.path(), isolation_level=None)
    other.execute("DROP TABLE letters")
    with smtplib.SMTP("127.0.0.1", port) as smtp, pytest.raises(smtplib.SMTPDataError) as refused:
        smtp.sendmail("a@caucus.example", ["b@mail.example"], b"Subject: x\r\n\r\nx\r\n")
    other.close()
    assert refused.value.smtp_code == 451
