"""store(): keep a message; then, and only then, 250."""

import re
from hashlib import sha256
from typing import Any

from sqlalchemy.dialects import postgresql, sqlite

from caucusmail import clock, database
from caucusmail.database import db
from caucusmail.inbound.models import Fate, Received
from caucusmail.mail import parts

LARGEST = 10 * 1024 * 1024  # bytes
QUEUE = "process"

_ENDINGS = re.compile(rb"\r\n|\r|\n")


def store(sender: str, recipient: str, raw: bytes) -> bool:
    """Keep one message for one recipient in the caller's transaction; whether it is new.

    Line endings are made what they should be, so that no later program sees an end where we saw none. The transaction
    is on the disk when its commit returns, whatever the database is told for other work. Wakes the queue ``process``.
    """
    whole = normalised(raw)
    head, _blank, body = whole.partition(b"\r\n\r\n")
    message_id = parts.read(head[: parts.LARGEST] + b"\r\n\r\n").get("message-id")
    same = body if message_id else whole  # a server that hands it over again may add a line above
    database.flush_at_commit()
    insert: Any = postgresql.insert if db.engine.dialect.name == "postgresql" else sqlite.insert
    statement = insert(
        Received
    ).values(
        at=clock.now(),
        recipient=_plain(recipient)[:320],
        sender="" if sender == "<>" else _plain(sender)[:320],  # the null path: nobody wrote it (RFC 5321, 4.5.5)
        message_id=_plain(message_id)[:255],
        body_hash=sha256(same).hexdigest(),
        raw=whole,
        fate=Fate.WAITING,
        attempts=0,
        outcome="",
        detail="",
    )
    new = db.session.scalar(statement.on_conflict_do_nothing().returning(Received.id))
    database.wake(QUEUE)
    return new is not None


def normalised(raw: bytes) -> bytes:
    """``raw`` with CRLF line endings and no bare CR or LF (RFC 5321, 2.3.8)."""
    return _ENDINGS.sub(b"\r\n", raw)


def _plain(value: str) -> str:
    """What a text column of every database takes: no surrogates, no NUL."""
    return value.encode("utf-8", "replace").decode().replace("\0", "")
