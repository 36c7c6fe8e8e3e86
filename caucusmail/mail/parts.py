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
    body: str = ""  # one character for each octet
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


def read(raw: bytes) -> Part:
    """The message in ``raw``; whatever line endings it has, and whatever stands before its first header."""
    text = raw[:LARGEST].decode("latin-1").replace("\r\n", "\n").replace("\r", "\n").lstrip("\n")
    if text.startswith("From "):  # the line that mailboxes put between messages
        text = text.partition("\n")[2]
    return _read(text, DEEPEST, [MOST_PARTS])


def head(text: str) -> Part:
    """The header fields that ``text`` begins with, and the rest of it as a body."""
    lines = text.split("\n")
    part, end = Part(), len(lines)
    for place, line in enumerate(lines):
        named = _NAME.match(line)
        if line[:1] in (" ", "\t") and part.headers and line.strip():
            name, value = part.headers[-1]
            part.headers[-1] = (name, f"{value} {line.strip()}"[:LONGEST_HEADER])
        elif named and len(part.headers) < MOST_HEADERS:
            part.headers.append((named[1].lower(), named[2].strip()[:LONGEST_HEADER]))
        else:
            end = place
            break
    rest = lines[end:]
    part.body = "\n".join(rest[1:] if rest and not rest[0].strip() else rest)
    return part


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


def _read(text: str, deeper: int, left: list[int]) -> Part:
    part = head(text)
    if deeper <= 0:
        return part
    boundary = part.parameters.get("boundary", "") or _guessed(part.body)
    if part.kind.startswith("multipart/") and boundary:
        for piece in _pieces(part.body, boundary):
            if left[0] <= 0:
                break
            left[0] -= 1
            part.children.append(_read(piece, deeper - 1, left))
    elif part.kind in ("message/rfc822", "message/global") and part.body.strip():
        inner = part.text() if part.get("content-transfer-encoding").strip().lower() == "base64" else part.body
        part.children.append(_read(inner.lstrip("\n"), deeper - 1, left))
    return part


def _guessed(body: str) -> str:
    """The boundary that a multipart uses without having declared it: its first line that looks like one."""
    found = _BOUNDARY.search(body[:4096])
    return found[1] if found else ""


def _pieces(body: str, boundary: str) -> Iterator[str]:
    """What stands between the lines of a boundary; what stands before the first comes first, if it says anything."""
    opening, closing = f"--{boundary}", f"--{boundary}--"
    piece: list[str] = []
    outside, seen = True, False
    for line in body.split("\n"):
        stripped = line.rstrip()
        if stripped in (opening, closing):
            if not outside:
                yield "\n".join(piece)
            piece, outside, seen = [], stripped == closing, True
        elif not outside or not seen:
            piece.append(line)
    if not outside or (not seen and piece):
        yield ("" if seen else "\n") + "\n".join(piece)


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
