"""Where the embedded mailbox keeps what it was handed: an SQLite file of its own, read and written by two processes.

Every statement is a transaction of its own (autocommit); WAL lets the page read while the server writes.
"""

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path

from caucusmail import clock, settings

SCHEMA = """
CREATE TABLE IF NOT EXISTS letters (
    id INTEGER PRIMARY KEY, at TEXT NOT NULL, sender TEXT NOT NULL, recipients TEXT NOT NULL,
    subject TEXT NOT NULL, raw BLOB NOT NULL
);
"""


@dataclass(frozen=True)
class Line:
    """One letter in the list."""

    id: int
    at: datetime
    sender: str  # of the envelope
    recipients: str  # of the envelope, separated by spaces
    subject: str


@dataclass(frozen=True)
class Kept(Line):
    """One letter with its bytes, as they came."""

    raw: bytes

    @property
    def message(self) -> EmailMessage:
        """Parsed; a broken message gives what can be read of it."""
        return message_from_bytes(self.raw, policy=policy.default)


def path() -> Path:
    """The file."""
    return Path(settings.current().instance) / "mailbox.sqlite3"


def connect() -> sqlite3.Connection:
    """A connection to the file, made with its table if it is not there."""
    connection = sqlite3.connect(path(), timeout=15, isolation_level=None, check_same_thread=False)
    connection.execute("PRAGMA journal_mode=WAL")
    connection.execute("PRAGMA synchronous=NORMAL")
    connection.execute(SCHEMA)
    return connection


def subject_of(raw: bytes) -> str:
    """The subject in words; never fails, whatever the bytes."""
    try:
        return str(message_from_bytes(raw, policy=policy.default).get("Subject", ""))[:300]
    except (
        ValueError,
        LookupError,
        TypeError,
        AttributeError,
        IndexError,
    ):  # the parser's own faults on hostile headers
        return ""


def keep(connection: sqlite3.Connection, sender: str, recipients: list[str], raw: bytes) -> int:
    """Keep one letter; its number."""
    row = (clock.now().isoformat(), sender, " ".join(recipients), subject_of(raw), raw)
    cursor = connection.execute(
        "INSERT INTO letters (at, sender, recipients, subject, raw) VALUES (?, ?, ?, ?, ?)", row
    )
    return int(cursor.lastrowid or 0)


def _line(row: tuple[int, str, str, str, str]) -> Line:
    return Line(row[0], datetime.fromisoformat(row[1]).astimezone(UTC), *row[2:])


def _pattern(wanted: str) -> str:
    escaped = wanted.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
    return f"%{escaped}%"


def lines(wanted: str, before: int | None, limit: int) -> list[Line]:
    """The newest letters first, those whose recipients or subject hold ``wanted``, with a number below ``before``."""
    where, values = "id < ?", [str(before if before is not None else 2**62)]
    if wanted:
        where += " AND (recipients LIKE ? ESCAPE '\\' OR subject LIKE ? ESCAPE '\\')"
        values += [_pattern(wanted)] * 2
    sql = f"SELECT id, at, sender, recipients, subject FROM letters WHERE {where} ORDER BY id DESC LIMIT ?"  # noqa: S608 - both halves are ours
    with closing(connect()) as connection:
        return [_line(row) for row in connection.execute(sql, [*values, limit])]


def count() -> int:
    """How many letters there are."""
    with closing(connect()) as connection:
        return int(connection.execute("SELECT count(*) FROM letters").fetchone()[0])


def letter(number: int) -> Kept | None:
    """One letter."""
    sql = "SELECT id, at, sender, recipients, subject, raw FROM letters WHERE id = ?"
    with closing(connect()) as connection:
        row = connection.execute(sql, [number]).fetchone()
    if row is None:
        return None
    line = _line(row[:5])
    return Kept(line.id, line.at, line.sender, line.recipients, line.subject, row[5])


def everything() -> Iterator[Kept]:
    """Every letter, the oldest first, one at a time."""
    number = 0
    sql = "SELECT id, at, sender, recipients, subject, raw FROM letters WHERE id > ? ORDER BY id LIMIT 100"
    with closing(connect()) as connection:
        while rows := connection.execute(sql, [number]).fetchall():
            for row in rows:
                line = _line(row[:5])
                yield Kept(line.id, line.at, line.sender, line.recipients, line.subject, row[5])
            number = rows[-1][0]


def as_mbox(letter: Kept) -> bytes:
    """One letter in the mbox format, variant *mboxrd*: every ``>*From `` at the start of a line gets one more ``>``."""
    head = f"From {letter.sender or 'MAILER-DAEMON'} {letter.at.strftime('%a %b %e %H:%M:%S %Y')}\n".encode()
    body = [
        b">" + line if line.lstrip(b">").startswith(b"From ") else line
        for line in letter.raw.replace(b"\r\n", b"\n").rstrip(b"\n").split(b"\n")
    ]
    return head + b"\n".join(body) + b"\n\n"
