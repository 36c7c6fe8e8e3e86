"""In which spellings a person's name is found: other accents, initials, the surname first, markup between the words. Pure.

The first word is taken for the first name and each further one for a surname; what is found has both, the first name perhaps as an
initial. A single name alone is never found: it is too often a word of another meaning, or another person's.
"""

import json
import re
import unicodedata
from collections.abc import Iterator, Sequence
from functools import lru_cache
from html import escape

PARTICLES = frozenset(
    [
        "al",
        "am",
        "an",
        "bin",
        "bint",
        "das",
        "de",
        "del",
        "den",
        "der",
        "des",
        "di",
        "do",
        "dos",
        "du",
        "el",
        "ibn",
        "la",
        "las",
        "le",
        "les",
        "los",
        "of",
        "ter",
        "the",
        "van",
        "von",
    ]
)
"""Words by which a name is not told from another."""

_UNDIVIDED = {
    "ø": "o",
    "ł": "l",
    "đ": "d",
    "ð": "d",
    "ħ": "h",
    "ı": "i",
    "ŋ": "n",
    "ß": "ss",
    "æ": "ae",
    "œ": "oe",
    "þ": "th",
}
_UMLAUTS = frozenset("äöüø")  # also written with an e after the letter
_APOSTROPHES = "'’‘ʼ`´"
_CERTAIN = ("bfhjkmpqvwx", "bdfghjklmpqrtvwx", "bcdfghjklmnpqrstvwxz")
"""Letters that are written without accents in most languages, and further ones; a vowel has often one."""
_CASES = (str, str.lower, str.upper, str.title)
_MARKS = r"[\u0300-\u036f\u05b0-\u05c7\u064b-\u065f\u0670]*"
_COMBINING = re.compile(_MARKS)
_RANGES = (
    range(0x80, 0x2000),
    range(0x2100, 0x2140),
    range(0x2C60, 0x2C80),
    range(0xFB00, 0xFEFD),
    range(0xFF21, 0xFF5B),
)

_TAG = r"</?(?:strong|em|b|i|u|s|code|del)>"
_MARKUP = rf"(?:[*_~`]|{_TAG})"
_MARKED = re.compile(rf"(?P<word>(?<=\S))?(?!(?<=[^\W_])_[^\W_])(?:[*_~`]+|{_TAG})")
_SEPARATE = rf"(?:(?:[\s\u00ad\u200b-\u200f\u2060]|&nbsp;|{_MARKUP})+|[-‐‑–])"
_COMMA = rf"{_MARKUP}*\s*,(?:\s|&nbsp;|{_MARKUP})*"
_BEGINS, _ENDS = r"(?<![^\W_])(?<![^\W_][-‐‑])", r"(?![^\W_])(?![-‐‑](?-i:[^\W\d_a-z]))"


def fold(text: str) -> str:
    """``text`` in one case, without accents and in the ordinary form of each letter."""
    letters = "".join(_UNDIVIDED.get(c, c) for c in unicodedata.normalize("NFKD", text.casefold()))
    return _COMBINING.sub("", letters)


@lru_cache(maxsize=1)
def _alike() -> dict[str, str]:
    """For a letter all others that are the same one with an accent, or in another form; of those that are written as one."""
    found: dict[str, str] = {}
    for number in (number for some in _RANGES for number in some):
        base = fold(chr(number))
        if base != chr(number) and base.isalpha():
            found[base] = found.get(base, "") + chr(number)
    return found


def words(name: str) -> tuple[str, Sequence[str]]:
    """First name and surnames; a surname of two with a hyphen counts as two."""
    first, *others = name.split()
    return first, [part for one in others for part in re.split(r"[-‐‑]", one) if part]


def telling(surnames: Sequence[str]) -> Sequence[str]:
    """Those surnames of which one at least stands in each mention."""
    own = [one for one in surnames if len(one) > 2 and fold(one) not in PARTICLES] or list(surnames)
    return own[1:] if len(own) > 2 else own  # of four words the second is a further first name as a rule


def pattern(name: str, between: str = "") -> str:
    """The regular expression of all spellings, for upper and lower case alike; ``between``: what may stand between any two letters."""
    first, surnames = words(name)
    own = telling(surnames)
    given, capital = _word(first, between), _word(first, between, capital=True)
    initial = _initials(first)
    forms: list[str] = []
    for place in reversed(range(len(surnames))):
        if surnames[place] not in own:
            continue
        before = [_word(one, between) for one in surnames[:place]]
        dotted = [_initials(one) for one in surnames[:place]]
        middle = "".join(rf"(?:{one}{_SEPARATE}|{dot}{_SEPARATE}?)?" for one, dot in zip(before, dotted, strict=True))
        after = "".join(rf"(?:{_SEPARATE}(?:{_word(one, between)}|{_initials(one)}))?" for one in surnames[place + 1 :])
        forms.append(rf"(?:{given}{_SEPARATE}|{initial}{_SEPARATE}?){middle}{_word(surnames[place], between)}{after}")
    forms += _inverted(surnames, own, between, capital, initial)
    return rf"{_BEGINS}(?:{'|'.join(forms)}){_ENDS}"


def _inverted(surnames: Sequence[str], own: Sequence[str], between: str, capital: str, initial: str) -> Iterator[str]:
    """A surname first: with a comma or without, but with capitals, lest two words of a list be taken for it."""
    further = "".join(rf"(?:{_SEPARATE}{_word(one, between)})?" for one in surnames)
    for place in reversed(range(len(surnames))):
        if surnames[place] in own:
            before = "".join(rf"(?:{_word(one, between)}{_SEPARATE})?" for one in surnames[:place])
            last = _word(surnames[place], between, capital=True)
            yield rf"{before}{last}(?:(?:{_COMMA}|{_SEPARATE}){capital}{further}|{_COMMA}{initial})"


def _word(word: str, between: str, *, capital: bool = False) -> str:
    """One word; ``capital``: with a capital at its beginning, in scripts that have any."""
    letters, base = _letters(word, between), fold(word[0])
    if capital and len(base) == 1 and base.isalpha():
        letters[0] = _capital(base)
    return between.join(letters)


def _capital(base: str) -> str:
    return _class([one for one in _forms(base) if not one.islower()] or [base], exact=True) + _MARKS


def _letters(word: str, between: str) -> list[str]:
    found: list[str] = []
    for one in unicodedata.normalize("NFC", word):
        base = fold(one)
        if one in _APOSTROPHES:
            found.append(rf"(?:[{_APOSTROPHES}]|&#39;|&#x27;|&apos;|&rsquo;)?")
        elif one in "-‐‑":
            found.append(r"[-‐‑\s]?")
        elif len(base) > 1:
            found.append(rf"(?:{between.join(map(_letter, base))}|{_class([*_forms(base), one])})")
        elif base.isalpha():
            found.append(_letter(base) + ("e?" if one.lower() in _UMLAUTS else ""))
        elif base:
            found.append(rf"(?:{re.escape(one)}|{re.escape(escape(one))})" if escape(one) != one else re.escape(one))
    return found


def _letter(base: str) -> str:
    return _class(_forms(base)) + _MARKS


def _forms(base: str) -> list[str]:
    plain = [base, base.upper()] if len(base) == 1 else []
    return [*plain, *_alike().get(base, "")]


def _class(letters: Sequence[str], *, exact: bool = False) -> str:
    found = "[" + "".join(map(re.escape, dict.fromkeys(letters))) + "]"
    return f"(?-i:{found})" if exact else found


def _initials(word: str) -> str:
    """The first letter of each of its parts, with a dot; a capital."""
    first, *others = [_initial(one) for one in re.split(r"[-‐‑]", word) if one] or [r"(?!)"]
    return r"(?<![^\W_]\.)" + first + "".join(rf"(?:[-‐‑\s]?{one})?" for one in others)


def _initial(word: str) -> str:
    return _capital(fold(word[0])[:1]) + r"\."


def balanced(found: str, put: str) -> str:
    """``put`` with the marks that stood within ``found`` and belong to one before or after it."""
    before, after = "", ""
    for mark in _MARKED.finditer(found):
        opening = mark[0].replace("</", "<")
        closes = mark[0].startswith("</") or (mark[0] == opening and opening[0] != "<" and mark["word"] is not None)
        closing = opening.replace("<", "</")
        if closes and before.endswith(opening):
            before = before.removesuffix(opening)
        elif closes:
            after += mark[0]
        elif after.endswith(closing):
            after = after.removesuffix(closing)
        else:
            before += mark[0]
    return before + put + after


def quick(surname: str) -> str:
    """A part of this surname that stands in each of its spellings, as ``quickly`` has it."""
    plain = "".join(" " if one.lower() in _UMLAUTS or not one.isalnum() else one for one in surname)
    return max(fold(plain).split(), key=len, default="")


def quickly(text: str) -> str:
    """``text`` as ``fold`` has it, if it is in lower case."""
    read = unicodedata.normalize("NFKD", text)
    for one, plain in _UNDIVIDED.items():
        if one in read:
            read = read.replace(one, plain)
    return _COMBINING.sub("", read)


def likes(surname: str) -> list[str]:
    """For ILIKE with ``|`` as its escape: what this surname is like wherever it stands, with any accents, as text or as JSON."""
    word = unicodedata.normalize("NFC", surname).lower()
    for certain in _CERTAIN:
        form = "".join(one if one in certain else "%" for one in word)
        if len(form.replace("%", "")) > 1:
            return [re.sub("%+", "%", form.strip("%"))]
    found = [unicodedata.normalize(form, case(surname)) for form in ("NFC", "NFD") for case in _CASES]
    found = [re.sub(r"([|%_])", r"|\1", one) for one in [*found, *(case(fold(surname)) for case in _CASES)]]
    return list(dict.fromkeys([*found, *(json.dumps(one)[1:-1] for one in found)]))
