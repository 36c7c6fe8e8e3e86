"""How a name and addresses are found where anybody has written them, and what is put there. Pure.

A name of one word is not searched for: it is too often a word of another meaning, or another person's.
"""

import binascii
import json
import re
import unicodedata
from bisect import bisect_right
from collections.abc import Callable, Iterator, Sequence
from html import escape
from itertools import accumulate
from typing import Any

from caucusmail.privacy import spellings

SHORTEST = 6  # characters of a name that is searched for
_FOLDED = r"(?:\r\n[ \t])?"  # a line of a calendar goes on (RFC 5545, 3.1)
_PIECES = re.compile(rb"=\r\n|=[0-9A-Fa-f]{2}|[^=]+|=")
_MARKS = frozenset("<>*_~`")


class Quoted:
    """What of one person is searched for: their name, if it is no single word, and their addresses."""

    def __init__(self, name: str, addresses: Sequence[str], put_name: str, put: Callable[[str], str]) -> None:
        self.searches_name = len(name.split()) > 1 and len(name) >= SHORTEST
        self._name, self._addresses = name, addresses
        self._surnames = spellings.telling(spellings.words(name)[1]) if self.searches_name else []
        self._quick = list(map(spellings.quick, self._surnames))
        self._keeps_marks = not _MARKS & set(name)
        self._puts = [put_name] * self.searches_name + [put(one) for one in addresses]
        self._pattern, self._octets = self._compiled(""), self._compiled(_FOLDED)

    def _compiled(self, between: str) -> re.Pattern[str]:
        return re.compile("|".join(self._parts(between)) or r"(?!)", re.IGNORECASE)

    def _parts(self, between: str) -> Iterator[str]:
        if self.searches_name:
            yield f"({spellings.pattern(self._name, between)})"
        for one in self._addresses:
            found = between.join(map(_character, one))
            yield rf"((?<![\w.+-]){found}(?![\w-])(?!\.\w))"

    def put(self, text: str) -> str:
        """The text with everything replaced."""
        return self._pattern.sub(self._instead, text)

    def _instead(self, found: re.Match[str]) -> str:
        put = self._puts[(found.lastindex or 1) - 1]
        of_name = self.searches_name and found.lastindex == 1
        return spellings.balanced(found[0], put) if of_name and self._keeps_marks else put

    def put_in(self, value: Any) -> Any:
        """The same, of a text, or of all texts in a list or an object."""
        if isinstance(value, str):
            return self.put(value)
        if isinstance(value, list):
            return [self.put_in(one) for one in value]
        if isinstance(value, dict):
            return {key: self.put_in(one) for key, one in value.items()}
        return value

    def found(self, text: str) -> bool:
        """Whether anything of it stands in the text."""
        return self._pattern.search(text) is not None

    def patterns(self) -> list[str]:
        """For ILIKE with ``|`` as its escape: whatever holds a mention, as text or as JSON, is like one of these."""
        found = [form for one in self._surnames for form in spellings.likes(one)]
        for one in self._addresses:
            forms = [_like(unicodedata.normalize(form, one)) for form in ("NFC", "NFD")]
            found += [*forms, *(json.dumps(form)[1:-1] for form in forms)]
        return list(dict.fromkeys(f"%{form}%" for form in found))

    def perhaps(self, octets: bytes) -> bool:
        """Whether these octets, as text or quoted-printable, may hold a mention: quick, and never wrong with No."""
        text = _flat(octets)
        folded = text if text.isascii() else spellings.quickly(text)
        return any(one in folded for one in self._quick) or any(
            form in text for one in self._addresses for form in _quick_forms(one)
        )

    def found_in(self, octets: bytes) -> bool:
        """Whether anything of it stands in these octets, as text or quoted-printable."""
        return self.perhaps(octets) and self._octets.search(_Read(octets).text) is not None

    def put_octets(self, raw: bytes) -> bytes:
        """Text in quoted-printable, with everything replaced; lines stay short."""
        read, new, end = _Read(raw), b"", 0
        for found in self._octets.finditer(read.text):
            start, stop = read.place(found.start()), read.place(found.end() - 1, after=True)
            new += raw[end:start] + b"=\r\n" + self._instead(found).encode() + b"=\r\n"
            end = stop
        return new + raw[end:]


class _Read:
    """Quoted-printable octets as text, and where each character stands in them."""

    def __init__(self, raw: bytes) -> None:
        self._pieces = [(one.start(), one[0]) for one in _PIECES.finditer(raw) if one[0] != b"=\r\n"]
        read = [_read(piece) for _start, piece in self._pieces]
        self._places = list(accumulate(map(len, read), initial=0))
        self.text = b"".join(read).decode("utf-8", "surrogateescape")

    def place(self, character: int, *, after: bool = False) -> int:
        """Where this character begins in the octets, or ``after`` it."""
        octets = len(self.text[: character + after].encode("utf-8", "surrogateescape")) - after
        number = bisect_right(self._places, octets) - 1
        start, piece = self._pieces[number]
        if len(piece) == 3 and piece.startswith(b"="):
            return start + 3 * after
        return start + octets - self._places[number] + after


def _read(piece: bytes) -> bytes:
    return bytes((int(piece[1:], 16),)) if len(piece) == 3 and piece.startswith(b"=") else piece


def _flat(octets: bytes) -> str:
    """In lower case, without breaks."""
    joined = octets.replace(b"=\r\n", b"").replace(b"\r\n ", b"").replace(b"\r\n\t", b"")
    return binascii.a2b_qp(joined).decode("utf-8", "replace").lower()


def _character(one: str) -> str:
    """One character of an address, in both ways in which Unicode writes it, and as HTML has it."""
    if one == "@":
        return "(?:@|%40)"
    forms = dict.fromkeys([*(unicodedata.normalize(form, one) for form in ("NFC", "NFD")), escape(one)])
    return f"(?:{'|'.join(map(re.escape, forms))})" if len(forms) > 1 else re.escape(one)


def _quick_forms(address: str) -> list[str]:
    forms = [unicodedata.normalize(form, address).lower() for form in ("NFC", "NFD")]
    return list(dict.fromkeys(new for one in forms for new in (one, one.replace("@", "%40"), escape(one))))


def _like(word: str) -> str:
    return re.sub(r"([|%_])", r"|\1", word).replace("@", "%")
