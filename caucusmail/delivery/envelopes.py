"""What an envelope asks of the server, and whether it can be said at all (RFC 5321, 4.1.2; RFC 6531); pure."""

import re
from collections.abc import Collection
from dataclasses import dataclass
from typing import Protocol

_PATH = re.compile("[^\x00- <>\x7f-\xa0\u2028\u2029\ud800-\udfff]+")


@dataclass(frozen=True)
class Extensions:
    """What the server offered after EHLO, as far as we use it."""

    pipelining: bool = False
    eight_bit: bool = False
    utf8: bool = False

    @classmethod
    def of(cls, keywords: Collection[str]) -> "Extensions":
        """From the keywords of the answer to EHLO, lower case."""
        return cls("pipelining" in keywords, "8bitmime" in keywords, "smtputf8" in keywords)


class Copy(Protocol):
    """One person's letter: its envelope, and its bytes with CRLF line ends."""

    envelope_from: str
    envelope_to: str
    raw: bytes


def needs_utf8(copy: Copy) -> bool:
    """Whether its envelope asks for SMTPUTF8 (RFC 6531)."""
    return not (copy.envelope_to.isascii() and copy.envelope_from.isascii())


def speakable(copy: Copy) -> bool:
    """Whether its addresses can stand in a command: nothing in them can end it or begin a parameter."""
    return bool(_PATH.fullmatch(copy.envelope_from) and _PATH.fullmatch(copy.envelope_to))
