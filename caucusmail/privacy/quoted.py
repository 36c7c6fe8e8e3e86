"""How a name and addresses are found where anybody has written them, and what is put there. Pure.

A name of one word is not searched for: it is too often a word of another meaning, or another person's.
"""

import json
import re
import unicodedata
from collections.abc import Callable, Iterable, Iterator, Sequence
from html import escape
from typing import Any

SHORTEST = 6  # characters of a name that is searched for
_BREAK = rb"(?:=\r\n|\r\n )?"  # a soft break (RFC 2045, 6.7), a folded line of a calendar (RFC 5545, 3.1)
_BLANK = rb"(?:[ \t]|=20|=09|=\r\n|\r\n[ \t]?|=0D=0A)+"


class Quoted:
    """What of one person is searched for: their name, if it is no single word, and their addresses."""

    def __init__(self, name: str, addresses: Sequence[str], put_name: str, put: Callable[[str], str]) -> None:
        words = name.split()
        self.searches_name = len(words) > 1 and len(name) >= SHORTEST
        self._needles = [words] * self.searches_name + [[one] for one in addresses]
        self._puts = [put_name] * self.searches_name + [put(one) for one in addresses]
        self._pattern = re.compile("|".join(self._parts(addresses, words)) or r"(?!)", re.IGNORECASE)
        self._octets = re.compile(
            b"|".join(b"(" + _BLANK.join(map(_of_octets, words)) + b")" for words in self._needles) or rb"(?!)",
            re.IGNORECASE,
        )

    def _parts(self, addresses: Sequence[str], words: Sequence[str]) -> Iterator[str]:
        if self.searches_name:
            yield r"((?<!\w)" + r"\s+".join(map(_either, words)) + r"(?!\w))"
        for one in addresses:
            found = _either(one).replace("@", "(?:@|%40)")
            yield rf"((?<![\w.+-]){found}(?![\w-])(?!\.\w))"

    def put(self, text: str) -> str:
        """The text with everything replaced."""
        return self._pattern.sub(lambda found: self._puts[(found.lastindex or 1) - 1], text)

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
        """For LIKE with ``|`` as its escape: whatever holds a mention, as text or as JSON, is like one of these."""
        forms = [form for words in self._needles for form in _cases(words)]
        escaped = [[json.dumps(word)[1:-1] for word in form] for form in forms]
        return list(dict.fromkeys("%" + "%".join(map(_like, form)) + "%" for form in [*forms, *escaped]))

    def perhaps(self, flat: bytes) -> bool:
        """Whether these octets, lower case and without soft breaks, may hold a mention: quick, and never wrong with No."""
        return any(all(any(form in flat for form in _forms(word)) for word in words) for words in self._needles)

    def put_octets(self, raw: bytes) -> bytes:
        """Text in quoted-printable, with everything replaced; lines stay short."""
        return self._octets.sub(
            lambda found: b"=\r\n" + self._puts[(found.lastindex or 1) - 1].encode() + b"=\r\n", raw
        )


def _either(word: str) -> str:
    """A pattern for both ways in which Unicode writes it."""
    forms = dict.fromkeys(unicodedata.normalize(form, word) for form in ("NFC", "NFD"))
    return f"(?:{'|'.join(map(re.escape, forms))})"


def _cases(words: Sequence[str]) -> Iterable[Sequence[str]]:
    """SQLite knows upper and lower case of ASCII alone."""
    for form in (str, str.lower, str.upper, str.title):
        yield [unicodedata.normalize("NFC", form(word)) for word in words]


def _like(word: str) -> str:
    return re.sub(r"([|%_])", r"|\1", word).replace("@", "%")


def _forms(word: str) -> list[bytes]:
    """As it may stand in a letter: as it is, or as quoted-printable, as text or HTML; lower case."""
    found = []
    for text in dict.fromkeys([word.lower(), word.upper(), word.title(), word, escape(word).lower()]):
        octets = text.encode()
        found += [octets.lower(), b"".join(_octet(one) for one in octets).lower()]
    return list(dict.fromkeys(found))


def _octet(one: int) -> bytes:
    return bytes((one,)) if one < 127 and one != ord("=") else b"=%02X" % one


def _of_octets(word: str) -> bytes:
    return _BREAK.join(_of_character(one) for one in word)


def _of_character(one: str) -> bytes:
    forms = [one.lower(), one.upper(), *([escape(one), "&#39;"] if escape(one) != one else [])]
    forms += ["%40"] if one == "@" else []
    return b"(?:" + b"|".join(_of_form(form) for form in dict.fromkeys(forms)) + b")"


def _of_form(form: str) -> bytes:
    return _BREAK.join(b"(?:" + re.escape(bytes((one,))) + b"|=%02X)" % one for one in form.encode())
