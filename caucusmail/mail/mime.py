"""The parts of a letter (RFC 2045, 2046): bodies, a file that goes with it, and what holds them together."""

import re
from base64 import encodebytes
from collections.abc import Iterator
from dataclasses import dataclass

_MIXED = re.compile(rb'(?i)content-type: multipart/mixed; boundary="([^"\r\n]+)"')


@dataclass(frozen=True)
class Attachment:
    """A file, the same for all who get the letter. Its name is ours: letters of ASCII, figures, dashes and one dot."""

    name: str
    media_type: str
    content: bytes


def part(content_type: str, body: bytes, more: str = "", encoding: str = "quoted-printable") -> bytes:
    """One part; ``body`` is encoded already, ``more`` a further header line."""
    lines = [f"Content-Type: {content_type}", f"Content-Transfer-Encoding: {encoding}", *([more] if more else [])]
    return "\r\n".join(lines).encode("ascii") + b"\r\n\r\n" + body + b"\r\n"


def attachment(one: Attachment) -> bytes:
    """A file as a part: in base64, lines of 76 octets (RFC 2045, 6.8)."""
    body = encodebytes(one.content).replace(b"\n", b"\r\n").removesuffix(b"\r\n")
    shown = f'Content-Disposition: attachment; filename="{one.name}"'
    return part(f'{one.media_type}; name="{one.name}"', body, shown, "base64")


def multipart(kind: str, boundary: str, inside: list[bytes]) -> bytes:
    """Several parts as one."""
    edge = b"--" + boundary.encode()
    head = f'Content-Type: multipart/{kind}; boundary="{boundary}"\r\n\r\n'.encode()
    return head + b"".join(edge + b"\r\n" + one for one in inside) + edge + b"--\r\n"


def around_files(head: bytes, body: bytes) -> list[bytes]:
    """The body of a letter of ours in pieces, of which each second one is a file in base64; joined they are ``body``."""
    found, pieces = _MIXED.search(head), [b""]
    for one in _at_edges(body, b"--" + found[1]) if found else [body]:
        if b"\r\nContent-Transfer-Encoding: base64\r\n" in one[: one.find(b"\r\n\r\n") + 2]:
            pieces += [one, b""]
        else:
            pieces[-1] += one
    return pieces


def _at_edges(body: bytes, edge: bytes) -> Iterator[bytes]:
    start = 0
    while (end := body.find(edge, start + 1)) > 0:
        yield body[start:end]
        start = end
    yield body[start:]
