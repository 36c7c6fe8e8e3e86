"""Letters as octets: ours, whose words are replaced so that what has yet to leave says nothing; and mail that came in.

Mail that came in is its writer's, in whatever encoding: one that mentions the person is sealed as a whole and lies empty.
"""

import re
from collections.abc import Iterator
from email import message_from_bytes, policy
from email.header import decode_header, make_header
from email.message import EmailMessage
from typing import Any

from sqlalchemy import func, select

from caucusmail.database import db
from caucusmail.delivery.models import OutgoingText
from caucusmail.inbound import passing_on
from caucusmail.inbound.handling import Outcome
from caucusmail.inbound.models import Fate, Received
from caucusmail.mail import compiled, mime
from caucusmail.privacy import sealed
from caucusmail.privacy.protection_models import Protection
from caucusmail.privacy.quoted import Quoted

AT_ONCE = 200
_SUBJECT = re.compile(rb"(?im)^(subject:[ \t]*)([^\r\n]*(?:\r\n[ \t][^\r\n]*)*)")
_HOLE = re.compile(rb"(\x02[a-z_]+\|[tmhx]\x03)")
_END = b"\r\n\r\n"


def reword(protection: Protection, search: Quoted) -> dict[str, int]:
    """Replace the mentions in our letters, and take away mail that came in with any; how many of each."""
    ours: Any = OutgoingText.__table__.c.raw
    came: Any = Received.__table__.c.raw
    return {
        "letters": sealed.replace(protection, ours, _ours(search)),
        "incoming": sealed.replace(protection, came, _incoming(search)),
    }


def _ours(search: Quoted) -> Iterator[tuple[int, bytes, bytes]]:
    rows = select(OutgoingText.id, OutgoingText.raw).where(func.length(OutgoingText.raw) > 0).order_by(OutgoingText.id)
    for key, raw in db.session.execute(rows.execution_options(yield_per=AT_ONCE)):
        new = reworded(raw, search)
        if new != raw:
            yield key, raw, new


def reworded(raw: bytes, search: Quoted) -> bytes:
    """One of our letters without a mention; the same octets if there is none."""
    head, end, body = raw.partition(_END)
    pieces = mime.around_files(head, body)
    for place, piece in enumerate(pieces[::2]):  # a file's octets may look like words, and are none
        if search.perhaps(piece.replace(b"=\r\n", b"").replace(b"\r\n ", b"").lower()):
            pieces[2 * place] = search.put_octets(piece)
    if b"=?" in head or search.perhaps(head):
        head = _SUBJECT.sub(lambda found: found[1] + _header(found[2], search), head)
        head = search.put(head.decode("latin-1")).encode("latin-1")
    return head + end + b"".join(pieces)


def _header(value: bytes, search: Quoted) -> bytes:
    pieces = _HOLE.split(value)
    return b"".join(piece if place % 2 else _piece(piece, search) for place, piece in enumerate(pieces))


def _piece(piece: bytes, search: Quoted) -> bytes:
    text = str(make_header(decode_header(piece.decode("ascii", "replace").replace("\r\n", ""))))
    new = search.put(text)
    return piece if new == text else compiled.header_text(new)


def _incoming(search: Quoted) -> Iterator[tuple[int, bytes, bytes]]:
    columns = (Received.id, Received.raw, Received.outcome)
    rows = select(*columns).where(Received.fate != Fate.WAITING, func.length(Received.raw) > 0).order_by(Received.id)
    for key, raw, outcome in db.session.execute(rows.execution_options(yield_per=AT_ONCE)):
        held = outcome == Outcome.HELD.value
        if search.found(passing_on.words(raw)) if held else mentioned(raw, search):
            yield key, raw, b""


def mentioned(raw: bytes, search: Quoted) -> bool:
    """Whether a mail program would show a mention in this message, in whatever encoding."""
    if search.found_in(raw):
        return True
    message = message_from_bytes(raw, policy=policy.default)
    return any(search.found(text) for text in _texts(message))


def _texts(message: Any) -> Iterator[str]:
    assert isinstance(message, EmailMessage)
    for part in message.walk():
        yield from (str(value) for _name, value in part.items())
        if part.get_content_maintype() in ("text", "message") and not part.is_multipart():
            octets = part.get_payload(decode=True)
            yield octets.decode("utf-8", "replace") if isinstance(octets, bytes) else ""
