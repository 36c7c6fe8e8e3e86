"""A letter compiled once for each language: a whole RFC 5322 message in which slots are left open.

``compile_letter`` yields bytes; ``fill`` puts one reader's values in, each encoded for the place where it stands:

===== ============================== ==========================================================
mark  place                          encoding
===== ============================== ==========================================================
``t`` plain text, calendar           quoted-printable (RFC 2045, 6.7)
``m`` HTML                           HTML-escaped, then quoted-printable
``h`` a header's text                encoded words where needed (RFC 2047), folded
``x`` a header's URL, id or date     as it is
===== ============================== ==========================================================

Literal text is encoded piece by piece with a soft line break on both sides of each slot, so that filling is joining of
bytes. Every header value passes ``guard``, whatever the interpreter's ``email`` package does (CVE-2024-6923).
"""

import re
from collections.abc import Callable, Mapping, Sequence
from email.header import Header
from functools import lru_cache
from hashlib import sha256

from markupsafe import escape

from caucusmail import languages
from caucusmail.mail import mime
from caucusmail.mail.mime import Attachment
from caucusmail.mail.rendering import Letter
from caucusmail.mail.slots import CLOSE, OPEN, Slot, unmarked

_MARK = re.compile(f"{OPEN}({'|'.join(Slot)}){CLOSE}")
_HOLE = re.compile(rb"\x02([a-z_]+)\|([tmhx])\x03")
_SAFE = frozenset(range(33, 127)) - {ord("=")}
_ATOM = re.compile(r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+")  # RFC 5322, 3.2.3
_PLAIN = re.compile(r"[!-<>-~]+")  # printable, no blank, no "=": what quoted-printable leaves as it is
_SHORT = re.compile("(?!From )[ -<>-~]*[!-<>-~]|")  # the same with blanks inside; mailbox files make ">From" (RFC 4155)
_ENDS = re.compile("[\x00-\x1f\x7f\x85\u2028\u2029\ud800-\udfff]")  # what could end a header line, or is no text
_LINE = 75  # octets of a quoted-printable line before its soft break
_WORD = 66  # characters of an encoded word of a name: beside "List-Id: " within the 76 of RFC 2047, 2
_UNFOLDED = 10_000
_FROM = b"From "


class Injection(ValueError):
    """A value for a header holds what would end the header or begin another one. The copy is not made."""


def guard(value: str) -> str:
    """``value``, if no character in it can end a header line.

    :raises Injection: it holds CR, LF, NUL or another control or line-separating character.
    """
    if _ENDS.search(value):
        raise Injection(f"a control character in a header: {value[:60]!r}")
    return value


def header_text(value: str) -> bytes:
    """Unstructured header text (a subject, a display name), as encoded words where it is not plain ASCII.

    Text that looks like an encoded word itself is encoded too, so that no reader decodes what a stranger wrote.
    """
    guard(value)
    if value.isascii() and "=?" not in value:
        return value.encode("ascii")
    encoded = Header(value, "utf-8", maxlinelen=75, header_name="X" * 12).encode(linesep="\r\n")
    for line in encoded.split("\r\n"):
        guard(line)
    return encoded.encode("ascii")


def mailbox(name: str, address: str) -> str:
    """``"Name" <address>`` for a header, as ASCII text; name and address are guarded (RFC 5322, 3.4)."""
    guard(address)
    if not name:
        return address
    guard(name)
    if name.isascii() and "=?" not in name:
        quoted = name.replace("\\", "\\\\").replace('"', '\\"')
        return _folded([f'"{quoted}"', f"<{address}>"])
    return _folded([*_phrase(name), f"<{address}>"])


def _phrase(name: str) -> list[str]:
    """``name`` as atoms and encoded words (RFC 2047, 5(3)), no word of it cut in two unless it is too long for one.

    White space between two encoded words is not shown, so the second begins with the space; Python's own parser shows
    one more, which is why words that follow each other share an encoded word where they fit.
    """
    found: list[str] = []
    run = ""  # text of the encoded word that is being filled
    for word in name.split():
        if _ATOM.fullmatch(word) and "=?" not in word:
            found, run = [*found, *_encoded_words(run), word], ""
        elif run and len(_encoded_word(f"{run} {word}")) > _WORD:
            found, run = [*found, *_encoded_words(run)], f" {word}"
        else:
            run = f"{run} {word}" if run else word
    return [*found, *_encoded_words(run)]


def _encoded_word(text: str) -> str:
    return Header(text, "utf-8", maxlinelen=_UNFOLDED).encode(splitchars="")


def _encoded_words(text: str) -> list[str]:
    """``text`` as one encoded word, or as several; none if there is no text."""
    found = []
    while text:
        end = len(text)
        while len(_encoded_word(text[:end])) > _WORD:
            end -= 1
        found.append(_encoded_word(text[:end]))
        text = text[end:]
    return found


def _folded(pieces: list[str]) -> str:
    """``pieces`` of a header's value on lines of at most 76 characters where they can be broken."""
    line = " " * len("List-Id:")
    lines: list[str] = []
    for piece in pieces:
        if len(line) + 1 + len(piece) > _LINE and line.strip():
            lines, line = [*lines, line], ""
        line = f"{line} {piece}"
    return "\r\n".join([*lines, line]).strip()


def quoted_printable(text: str) -> bytes:
    """``text`` in quoted-printable with CRLF line ends; no line longer than 76 octets (RFC 2045, 6.7)."""
    if "\n" not in text:
        return _qp_line(text)
    return b"\r\n".join([_qp_line(line) for line in text.replace("\r\n", "\n").split("\n")])


def _qp_line(line: str) -> bytes:
    if len(line) <= _LINE and _SHORT.fullmatch(line):
        return line.encode("ascii")
    if _PLAIN.fullmatch(line):  # a link, most of the time
        whole = line.encode("ascii")
        return b"=\r\n".join([whole[at : at + _LINE] for at in range(0, len(whole), _LINE)])
    return _qp_octets(line)


@lru_cache(maxsize=2048)  # why, the clock, a city: the same words for many readers
def _qp_octets(line: str) -> bytes:
    raw = line.encode("utf-8", "replace")
    pieces = [
        bytes((octet,)) if octet in _SAFE or (octet in b" \t" and place < len(raw) - 1) else b"=%02X" % octet
        for place, octet in enumerate(raw)
    ]
    lines, width, start = [], 0, 0
    for place, piece in enumerate(pieces):
        if width + len(piece) > _LINE:
            lines.append(pieces[start:place])
            start, width = place, 0
        if place == start and raw.startswith(_FROM, place):  # mailbox files would make it ">From" (RFC 4155)
            pieces[place] = b"=46"
        width += len(pieces[place])
    return b"=\r\n".join(b"".join(one) for one in [*lines, pieces[start:]])


def _body(text: str, kind: str) -> bytes:
    """Quoted-printable text with holes where slots stand; what only looks like a mark is no slot, and is left out."""
    parts = _MARK.split(text)
    made = [quoted_printable(unmarked(parts[0]))]
    for name, literal in zip(parts[1::2], parts[2::2], strict=True):
        made += [b"\x02%s|%s\x03" % (Slot(name).value.encode(), kind.encode()), quoted_printable(unmarked(literal))]
    return b"=\r\n".join(made)


def hole(slot: Slot, kind: str = "x") -> str:
    """A slot in a header value given to ``compile_letter``."""
    return f"\x02{slot.value}|{kind}\x03"


def _header(name: str, value: str) -> bytes:
    holes = re.sub("\x02([a-z_]+)[|]([hx])\x03", "", value)
    ours = value != holes  # one with holes may be folded
    for line in (name + holes).split("\r\n ") if ours else (name + holes,):
        guard(line)
    text = value.encode("ascii") if value != holes or value.isascii() else header_text(value)
    return name.encode("ascii") + b": " + text + b"\r\n"


def compile_letter(
    letter: Letter,
    sender: str,
    headers: Mapping[str, str],
    calendar: str = "",
    attached: Sequence[Attachment] = (),
) -> bytes:
    """One language version as bytes with holes.

    ``sender`` is the From mailbox (``mailbox(…)``); ``headers`` come beside the usual ones, their values ASCII with
    ``hole(…)`` where a reader's own value goes. ``calendar`` is an RFC 5545 object with METHOD; it becomes the last part
    of the alternative and an attachment (some programs read only one of the two). ``attached`` is the same for all.
    """
    boundary = sha256(letter.text.encode() + letter.html.encode()).hexdigest()[:24]
    top = b"From: " + _from(sender) + b"\r\n"
    top += b"To: \x02to|x\x03\r\nDate: \x02date|x\x03\r\nMessage-ID: \x02message_id|x\x03\r\n"
    top += b"Subject: " + header_text(letter.subject) + b"\r\n"
    top += b"".join(_header(name, value) for name, value in {**letter.headers, **headers}.items())
    top += b"Content-Language: " + languages.tag(letter.language).encode() + b"\r\nMIME-Version: 1.0\r\n"
    bodies = [
        mime.part("text/plain; charset=utf-8", _body(letter.text, "t")),
        mime.part("text/html; charset=utf-8", _body(letter.html, "m")),
    ]
    files = [mime.attachment(one) for one in attached]
    if calendar:
        method = calendar.partition("\nMETHOD:")[2].split("\r\n", 1)[0]  # the same in both places (RFC 6047, 2.4)
        bodies.append(mime.part(f"text/calendar; charset=utf-8; method={method}", _body(calendar, "t")))
        shown = 'Content-Disposition: attachment; filename="invite.ics"'
        files.insert(0, mime.part('application/ics; name="invite.ics"', _body(calendar, "t"), shown))
    if not files:
        return top + mime.multipart("alternative", boundary, bodies)
    inner = mime.multipart("alternative", boundary + "a", bodies)
    return top + mime.multipart("mixed", boundary + "m", [inner, *files])


def _from(sender: str) -> bytes:
    for line in sender.split("\r\n "):
        guard(line)
    return sender.encode("ascii")


class Template:
    """A compiled letter, cut at its holes."""

    def __init__(self, first: bytes, holes: Sequence[tuple[Slot, bytes, bytes]]) -> None:
        self._first = first  # what stands before the first hole
        self._holes = holes  # each hole's slot and kind, with what follows it
        alike: dict[tuple[Slot, bytes], int] = {}
        self._numbers = [alike.setdefault((slot, kind), len(alike)) for slot, kind, _literal in holes]
        self._asked = [(slot, _ENCODED[kind]) for slot, kind in alike]  # once, however many holes it fills
        self._whole = [first]
        for _slot, _kind, literal in holes:
            self._whole += (b"", literal)

    @classmethod
    def of(cls, raw: bytes) -> "Template":
        """From what ``compile_letter`` made."""
        first, *rest = _HOLE.split(raw)
        holes = zip(rest[::3], rest[1::3], rest[2::3], strict=True)
        return cls(first, [(Slot(name.decode()), kind, literal) for name, kind, literal in holes])

    @property
    def slots(self) -> set[Slot]:
        """Those that are open."""
        return {slot for slot, _kind, _literal in self._holes}

    def with_some(self, values: Mapping[Slot, str]) -> "Template":
        """The same with these slots filled; raises as ``fill`` does."""
        first: list[bytes] = [self._first]
        holes: list[tuple[Slot, bytes, list[bytes]]] = []
        for slot, kind, literal in self._holes:
            if slot in values:
                (holes[-1][2] if holes else first).extend((_ENCODED[kind](values[slot]), literal))
            else:
                holes.append((slot, kind, [literal]))
        return Template(b"".join(first), [(slot, kind, b"".join(after)) for slot, kind, after in holes])

    def fill(self, values: Mapping[Slot, str]) -> bytes:
        """The message of one reader.

        :raises KeyError: a slot has no value.
        :raises Injection: a value for a header could end it.
        """
        encoded = [encode(values[slot]) for slot, encode in self._asked]
        made = self._whole.copy()
        made[1::2] = [encoded[number] for number in self._numbers]
        return b"".join(made)


def fill(raw: bytes, values: Mapping[Slot, str]) -> bytes:
    """The message of one reader, from what ``compile_letter`` made; raises as ``Template.fill``."""
    return Template.of(raw).fill(values)


def _as_it_is(value: str) -> bytes:
    """ASCII but for an international address, which needs SMTPUTF8 anyway (RFC 6532)."""
    if not value.isprintable():  # what ends a line never is
        for line in value.split("\r\n "):
            guard(line)
    return value.encode("utf-8")


_ENCODED: dict[bytes, Callable[[str], bytes]] = {
    b"t": quoted_printable,
    b"m": lambda value: quoted_printable(str(escape(value))),
    b"h": header_text,
    b"x": _as_it_is,
}
