"""Read a message from anywhere into parts, whatever it is made of: never fails, and costs time in proportion to its size.

Structure only, as RFC 5322 and 2046 draw it. No header is understood here beyond what divides and decodes a message,
since understanding is what makes odd messages dear (``email.policy.default`` takes seconds for an address list of 300 kB)
and deep ones fatal (2,000 nested multiparts end Python's recursion). Beyond the limits below the rest is left unread.
"""

import base64
import binascii
import quopri
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from email.header import decode_header, make_header

LARGEST = 512 * 1024  # bytes of a message that are read
LONGEST_TEXT = 64 * 1024  # characters of one part
DEEPEST = 8  # multiparts within multiparts
MOST_PARTS = 40
MOST_HEADERS = 500
LONGEST_HEADER = 4096  # characters

_NAME = re.compile(r"([!-9;-~]{1,80})[ \t]*:[ \t]*(.*)")
_PARAMETER = re.compile(r"""([\w*-]{1,40})[ \t]*=[ \t]*(?:"([^"]{0,200})"|([^\s;"]{1,200}))""")
_ADDRESS = re.compile(r"[^\s<>()\[\]:;,\"@]{1,128}@[^\s<>()\[\]:;,\"@]{1,255}")
_BOUNDARY = re.compile(r"^--([\w'()+,./:=?-]{8,70})$", re.MULTILINE)


@dataclass
class Part:
    """A message or a part of one. ``headers``: names in lower case with unfolded values, in order."""

    headers: list[tuple[str, str]] = field(default_factory=list)
    body: str = ""  # one character for each octet; of what was divided into ``children`` nothing
    children: list["Part"] = field(default_factory=list)

    def get(self, name: str) -> str:
        """The first value of this header, or ""."""
        return next((value for key, value in self.headers if key == name), "")

    def all(self, name: str) -> list[str]:
        """Every value of this header."""
        return [value for key, value in self.headers if key == name]

    @property
    def kind(self) -> str:
        """``text/plain`` and the like, in lower case; text/plain where nothing is said."""
        kind = self.get("content-type").partition(";")[0].strip().lower()
        return kind if "/" in kind else "text/plain"

    @property
    def parameters(self) -> dict[str, str]:
        """Of Content-Type, names in lower case."""
        found = _PARAMETER.findall(self.get("content-type"))
        return {name.lower(): quoted or plain for name, quoted, plain in found}

    def walk(self) -> Iterator["Part"]:
        """This part and all below it, in order."""
        yield self
        for child in self.children:
            yield from child.walk()

    def outside(self) -> Iterator["Part"]:
        """This part and all below it that is not within a returned message."""
        yield self
        if not self.kind.startswith("message/"):
            for child in self.children:
                yield from child.outside()

    def octets(self) -> bytes:
        """The body without its transfer encoding."""
        return _transferred(self.body, self.get("content-transfer-encoding").strip().lower())

    def text(self) -> str:
        """The body decoded: transfer encoding and charset, as far as both can be made out."""
        return _decoded(self.octets(), self.parameters.get("charset", ""))[:LONGEST_TEXT]


def read(raw: bytes, largest: int = LARGEST) -> Part:
    """The message in ``raw``, of which ``largest`` bytes are read; whatever line endings it has, and whatever stands before its
    first header.
    """
    text = raw[:largest].decode("latin-1").replace("\r\n", "\n").replace("\r", "\n").lstrip("\n")
    start = text.find("\n") + 1 or len(text) if text.startswith("From ") else 0  # what mailboxes put between messages
    return _read(text, start, len(text), DEEPEST, [MOST_PARTS])


def head(text: str) -> Part:
    """The header fields that ``text`` begins with, and the rest of it as a body."""
    part, start = _head(text, 0, len(text))
    part.body = text[start:]
    return part


def _head(text: str, start: int, end: int) -> tuple[Part, int]:
    """The header fields at ``start``, and where the body begins."""
    part = Part()
    while start <= end:
        stop = _line_end(text, start, end)
        line = text[start:stop]
        named = _NAME.match(line)
        if line[:1] in (" ", "\t") and part.headers and line.strip():
            name, value = part.headers[-1]
            if len(value) < LONGEST_HEADER:
                part.headers[-1] = (name, f"{value} {line.strip()}"[:LONGEST_HEADER])
        elif named and len(part.headers) < MOST_HEADERS:
            part.headers.append((named[1].lower(), named[2].strip()[:LONGEST_HEADER]))
        else:
            return part, start if line.strip() else stop + 1
        start = stop + 1
    return part, start


def _line_end(text: str, start: int, end: int) -> int:
    found = text.find("\n", start, end)
    return found if found >= 0 else end


def words(value: str) -> str:
    """A header's value for people: encoded words (RFC 2047) decoded, as far as that can be done cheaply."""
    read = _decoded(value[:1000].encode("latin-1", "replace"), "")
    try:
        return " ".join(str(make_header(decode_header(read))).split())
    except (ValueError, LookupError):  # HeaderParseError is a ValueError
        return read


def address(value: str) -> str:
    """The one address in a From header, or ""."""
    found = _ADDRESS.findall(value[:1000])
    return found[-1] if found else ""


def _read(text: str, start: int, end: int, deeper: int, left: list[int]) -> Part:
    """The part at these places of ``text``, which is never copied as a whole."""
    part, start = _head(text, start, end)
    boundary = (
        (part.parameters.get("boundary", "") or _guessed(text[start : min(end, start + 4096)])) if deeper > 0 else ""
    )
    if part.kind.startswith("multipart/") and boundary:
        for inside, outside in _pieces(text, start, end, boundary):
            if left[0] <= 0:
                break
            left[0] -= 1
            part.children.append(_read(text, inside, outside, deeper - 1, left))
    if not part.children:
        part.body = text[start:end]
    if deeper > 0 and part.kind in ("message/rfc822", "message/global") and part.body.strip():
        encoded = part.get("content-transfer-encoding").strip().lower() == "base64"
        inner = (part.text() if encoded else part.body).lstrip("\n")
        part.children.append(_read(inner, 0, len(inner), deeper - 1, left))
    return part


def _guessed(body: str) -> str:
    """The boundary that a multipart uses without having declared it: its first line that looks like one."""
    found = _BOUNDARY.search(body)
    return found[1] if found else ""


def _pieces(text: str, start: int, end: int, boundary: str) -> Iterator[tuple[int, int]]:
    """Where the pieces stand between the lines of a boundary; all of it where there is no such line."""
    edge, inside, seen = f"--{boundary}", -1, False
    place = text.find(edge, start, end)
    while place >= 0:
        after = place + 1
        if place == start or text[place - 1] == "\n":
            after = _line_end(text, place, end)
            line = text[place:after].rstrip()
            if line in (edge, f"{edge}--"):
                if inside >= 0:
                    yield inside, max(inside, place - 1)
                inside, seen = (after + 1 if line == edge else -1), True
        place = text.find(edge, after, end)
    if inside >= 0 or not seen:
        yield (inside, max(inside, end)) if seen else (start - 1, end)  # no header of its own: a blank line first


def _transferred(body: str, encoding: str) -> bytes:
    octets = body.encode("latin-1", "replace")
    if encoding == "base64":
        try:
            return base64.b64decode(re.sub(rb"[^A-Za-z0-9+/]", b"", octets) + b"==")
        except (binascii.Error, ValueError):
            return octets
    return quopri.decodestring(octets) if encoding == "quoted-printable" else octets


def _decoded(octets: bytes, charset: str) -> str:
    for name in (charset, "utf-8"):
        try:
            return octets.decode(name or "utf-8")
        except (LookupError, ValueError):
            continue
    return octets.decode("latin-1")
