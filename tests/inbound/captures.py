"""Replies in the exact shape in which mail programs write them (``captured/``), filled in for one invitation.

In the files every part stands in the clear; it leaves in the charset and the transfer encoding that its own header names,
and a calendar's lines are folded at 75 octets.
"""

import base64
import quopri
import re
from dataclasses import dataclass
from datetime import datetime
from email.utils import format_datetime
from pathlib import Path

from caucusmail import clock

FOLDER = Path(__file__).parent / "captured"
_PARTS = re.compile(r"(^--[^\n ][^\n]*\n)", re.MULTILINE)


@dataclass(frozen=True)
class Means:
    """What comes of one: the outcome, the answer that is kept, what of it reaches those who keep the group."""

    outcome: str
    state: str = ""
    words: str = ""
    proposed: str = ""  # as it is written to them


MEANS = {
    "apple-mac-accepted": Means("answered", "coming"),
    "delegated": Means("passed-on", words="Luz will come in my place."),
    "exchange-counter": Means(
        "answered", "maybe", "My train is late.", "Tuesday 30 November 2027, 11:00–12:00 in The Hague"
    ),
    "exchange-instances": Means("answered", "not-coming"),
    "exchange-tentative": Means("answered", "maybe"),
    "gmail-accepted": Means("answered", "coming"),
    "gmail-declined-note": Means("answered", "not-coming", "Ill, sorry"),
    "icloud-declined": Means("answered", "not-coming"),
    "one-instance-tentative-signed": Means("answered", "maybe"),
    "outlook-2003-windows-1252": Means("answered", "coming", "“Sí”, vengo – Rosa"),
    "outlook-com-accepted": Means("answered", "coming"),
    "outlook-com-declined-note": Means("answered", "not-coming", "Ese día viajo a Cusco, lo siento."),
    "outlook-winmail": Means("answered", "coming"),
    "sabre-accepted-all-attendees": Means("answered", "coming"),
    "thunderbird-counter-declined": Means(
        "answered",
        "not-coming",
        "Après-midi, s’il vous plaît",
        "Wednesday 1 December 2027, 16:00–17:30 in The Hague",
    ),
    "thunderbird-tentative": Means("answered", "maybe"),
    "yahoo-no-dtstamp": Means("answered", "coming"),
    "zimbra-declined": Means("answered", "not-coming"),
}


def filled(
    name: str, *, uid: str, organizer: str, attendee: str, sequence: int = 0, at: datetime | None = None
) -> bytes:
    """The message ``name``, as it would answer this invitation ``at`` (now)."""
    now = at or clock.now()
    local, _at, domain = attendee.partition("@")
    values = {
        "uid": uid,
        "organizer": organizer,
        "attendee": attendee,
        "attendee_shouted": attendee.upper(),
        "attendee_coded": f"{local.replace('+', '%2B').replace('.', '%2E')}@{domain}",
        "sequence": str(sequence),
        "stamp": f"{now:%Y%m%dT%H%M%SZ}",
        "date": format_datetime(now),
    }
    text = (FOLDER / f"{name}.eml").read_text()
    for key, value in values.items():
        text = text.replace(f"{{{key}}}", value)
    pieces = _PARTS.split(text)
    whole = b"".join(piece.encode() if _PARTS.fullmatch(piece) else _coded(piece) for piece in pieces)
    return re.sub(rb"\r?\n", b"\r\n", whole)


def _coded(piece: str) -> bytes:
    """One header and its body, the body as the header says."""
    head, gap, body = piece.partition("\n\n")
    charset = re.search(r'charset="?([\w-]+)', head)
    encoding = re.search(r"^Content-Transfer-Encoding: *(\S+)", head, re.MULTILINE | re.IGNORECASE)
    if "X-Encoded-Already" in head:
        return piece.encode()
    octets = _folded(body).encode(charset[1] if charset else "utf-8", "strict")
    if encoding and encoding[1] == "base64":
        octets = base64.encodebytes(octets.replace(b"\n", b"\r\n"))
    elif encoding and encoding[1] == "quoted-printable":
        octets = quopri.encodestring(octets)
    return (head + gap).encode() + octets


def _folded(body: str) -> str:
    """RFC 5545, 3.1, without splitting a character."""
    if "BEGIN:VCALENDAR" not in body:
        return body
    lines: list[str] = []
    for line in body.split("\n"):
        while len(line.encode()) > 75:
            cut = 75
            while len(line[:cut].encode()) > 75:
                cut -= 1
            lines.append(line[:cut])
            line = f" {line[cut:]}"
        lines.append(line)
    return "\n".join(lines)
