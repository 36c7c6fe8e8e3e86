from collections.abc import Callable, Iterator
from contextlib import closing

import pytest

from caucusmail.mailbox import store

Put = Callable[..., int]

LETTER = b"\r\n".join(
    [
        b"From: CaucusMail <notices@caucus.example>",
        b"To: amina@mail.example",
        b"Subject: =?utf-8?q?R=C3=A9union?= at ten",
        b"MIME-Version: 1.0",
        b'Content-Type: multipart/alternative; boundary="b"',
        b"",
        b"--b",
        b"Content-Type: text/plain; charset=utf-8",
        b"",
        b"Confirm here: http://localhost/join/confirm/abc_D-9.",
        b"<b>not bold</b>",
        b"From here on",
        b">From there",
        b"--b",
        b"Content-Type: text/html; charset=utf-8",
        b"",
        b"<p>Confirm</p><script>document.title='broken'</script>",
        b"--b",
        b"Content-Type: text/calendar; method=REQUEST; charset=utf-8",
        b"",
        b"BEGIN:VCALENDAR",
        b"--b",
        b'Content-Type: application/pdf; name="a.pdf"',
        b'Content-Disposition: attachment; filename="../agenda.pdf"',
        b"Content-Transfer-Encoding: base64",
        b"",
        b"JVBERi0=",
        b"--b--",
        b"",
    ]
)


@pytest.fixture(autouse=True)
def empty_mailbox(unit: None) -> Iterator[None]:
    yield
    for path in store.path().parent.glob("mailbox.sqlite3*"):
        path.unlink()


@pytest.fixture
def put() -> Put:
    """Keep a letter as the server would."""

    def keep(raw: bytes = LETTER, to: str = "amina@mail.example", sender: str = "notices@caucus.example") -> int:
        with closing(store.connect()) as connection:
            return store.keep(connection, sender, to.split(), raw)

    return keep
