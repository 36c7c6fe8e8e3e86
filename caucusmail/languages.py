"""Which language, which direction; gettext for pages and letters alike, so that a letter needs no request.

``with use("fr"): _("Leave")``. Catalogues are ``translations/<language>/LC_MESSAGES/messages.po``, read once at first
use. ``en-xa`` … are not offered; ``PSEUDO`` is a right-to-left stand-in for tests and screenshots: every translatable
text is shown reversed between directional marks, so that what was not translated can be seen.
"""

import gettext
import io
import re
import unicodedata
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from functools import cache
from pathlib import Path
from typing import Any

from babel import Locale, UnknownLocaleError
from babel.lists import format_list
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

OFFERED = {"en": "English", "fr": "Français"}
"""The languages whose pages and letters are complete, by their own names."""

PSEUDO = "ar-xb"
"""The pseudo-right-to-left locale: testing and the embedded default only."""

WRITTEN = (
    "en",
    "fr",
    "es",
    "ar",
    "ru",
    "pt",
    "zh",
    "sw",
    "tr",
    "uk",
    "id",
    "fa",
    "de",
    "nl",
    "it",
    "ja",
    "ko",
    "hi",
    "bn",
    "ur",
    "he",
)
"""Languages a person may ask for and a text may be written in, the usual first."""

RIGHT_TO_LEFT = frozenset({"ar", "fa", "he", "ur", "ps", "ckb", "dv", "yi", "ug", PSEUDO})
DEFAULT = "en"

_FOLDER = Path(__file__).parent / "translations"
_language: ContextVar[str] = ContextVar("language", default=DEFAULT)
_RUN = re.compile(r"(\S(?:.*\S)?)", re.DOTALL)
_MARKUP = re.compile(r"(%\([a-z_]+\)[sd]|%%|<[^>]*>|&[a-z]+;|\n)")


@cache
def _catalogue(language: str) -> gettext.NullTranslations:
    path = _FOLDER / language / "LC_MESSAGES" / "messages.po"
    if not path.exists():
        return gettext.NullTranslations()
    compiled = io.BytesIO()
    with path.open("rb") as source:
        write_mo(compiled, read_po(source, locale=language))
    compiled.seek(0)
    return gettext.GNUTranslations(compiled)


def _pseudo(text: str) -> str:
    """``text`` as a right-to-left reader would see it: each run of words between RIGHT-TO-LEFT OVERRIDE and POP, the
    white space around it outside."""
    return "".join(
        piece if not piece.strip() or _MARKUP.fullmatch(piece) else _RUN.sub("\u202e\\1\u202c", piece)
        for piece in _MARKUP.split(text)
    )


def current() -> str:
    """The language in which texts are made now."""
    return _language.get()


@contextmanager
def use(language: str) -> Iterator[None]:
    """Make texts in ``language`` inside the block; an unknown one counts as English."""
    before = _language.set(language if language in OFFERED or language == PSEUDO else DEFAULT)
    try:
        yield
    finally:
        _language.reset(before)


def _(message: str, **values: Any) -> str:
    """``message`` in the current language, its ``%(name)s`` filled with ``values``."""
    language = _language.get()
    text: str = _pseudo(message) if language == PSEUDO else _catalogue(language).gettext(message)
    return text % values if values else text


def plural(one: str, many: str, number: int, **values: Any) -> str:
    """The right plural form for ``number``; ``%(number)s`` is filled with it, grouped as the language does."""
    language = _language.get()
    text: str
    if language == PSEUDO:
        text = _pseudo(one if number == 1 else many)
    else:
        text = _catalogue(language).ngettext(one, many, number)
    filled: str = text % {"number": f"{number:,}".replace(",", "\u202f" if language == "fr" else ","), **values}
    return filled


class Later:
    """A text that is translated when it is shown, for labels made at import time."""

    def __init__(self, message: str, values: Mapping[str, Any]) -> None:
        self._message, self._values = message, values

    def __str__(self) -> str:
        return _(self._message, **self._values)

    def __html__(self) -> str:
        return str(self).replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;").replace('"', "&#34;")

    def __eq__(self, other: object) -> bool:
        return str(self) == str(other)

    def __hash__(self) -> int:
        return hash(self._message)

    def __mod__(self, values: Any) -> str:
        return str(str(self) % values)


def later(message: str, **values: Any) -> Any:
    """Like ``_``, for import time: translated when shown."""
    return Later(message, values)


def is_rtl(language: str) -> bool:
    """Whether ``language`` is written from right to left."""
    return language.partition("-")[0] in RIGHT_TO_LEFT or language == PSEUDO


def direction(language: str) -> str:
    """``rtl`` or ``ltr``, for the ``dir`` attribute."""
    return "rtl" if is_rtl(language) else "ltr"


def tag(language: str) -> str:
    """The ``lang`` attribute (BCP 47)."""
    return "ar" if language == PSEUDO else language


def locale(language: str | None = None) -> Locale:
    """Babel's locale for ``language`` (default: the current one); the pseudo locale and unknown ones count as English."""
    code = language or _language.get()
    english = Locale("en", "GB")  # day before month, 24 hours: this house is in The Hague
    if code in ("en", PSEUDO):
        return english
    try:
        return Locale.parse(code, sep="-")
    except (UnknownLocaleError, ValueError):
        return english


def own_name(language: str) -> str:
    """What a language calls itself: ``français``, ``العربية``."""
    return OFFERED.get(language) or str(locale(language).get_display_name() or language)


def name(language: str) -> str:
    """What the current language calls ``language``."""
    return str(locale().languages.get(language, language))


STATES = {
    "CD": {"en": "Democratic Republic of the Congo", "fr": "République démocratique du Congo"},
    "CG": {"en": "Congo", "fr": "Congo"},
    "CV": {"en": "Cabo Verde", "fr": "Cabo Verde"},
    "KP": {"en": "Democratic People’s Republic of Korea", "fr": "République populaire démocratique de Corée"},
    "KR": {"en": "Republic of Korea", "fr": "République de Corée"},
    "MM": {"en": "Myanmar", "fr": "Myanmar"},
    "PS": {"en": "State of Palestine", "fr": "État de Palestine"},
    "TL": {"en": "Timor-Leste", "fr": "Timor-Leste"},
    "TR": {"en": "Türkiye", "fr": "Türkiye"},
    "VA": {"en": "Holy See", "fr": "Saint-Siège"},
    "VN": {"en": "Viet Nam", "fr": "Viet Nam"},
}
"""States that the United Nations and the Court call otherwise than Babel's data (CLDR) do."""


def territory(code: str) -> str:
    """The name of a country (ISO 3166-1 alpha-2) in the current language, as the United Nations call it."""
    named = STATES.get(code, {}).get(locale().language)
    return named or str(locale().territories.get(code, code))


def pick(words: Mapping[str, str], languages: Sequence[str] = ()) -> str:
    """The text of ``words`` in the first of ``languages`` it has; then the current language, English, any."""
    for language in (*languages, _language.get(), DEFAULT):
        if words.get(language):
            return words[language]
    return next(iter(words.values()), "")


def in_a_row(parts: Iterable[str]) -> str:
    """``a, b and c`` as the current language joins them."""
    named = list(parts)
    return format_list(named, locale=locale()) if named else ""


def offered(languages: Sequence[str]) -> str:
    """The first of a reader's languages in which the house speaks; English if none."""
    return next((language for language in languages if language in OFFERED), DEFAULT)


def in_our_order(codes: Collection[str]) -> list[str]:
    """Those of ``WRITTEN`` that are among ``codes``."""
    return [code for code in WRITTEN if code in codes]


def isolate(text: str) -> str:
    """``text`` between FIRST STRONG ISOLATE and POP DIRECTIONAL ISOLATE, for plain text with mixed directions (UAX 9)."""
    return f"\u2068{text}\u2069"


_OPENERS, _CLOSER = "\u2066\u2067\u2068", "\u2069"
_TURNERS = "\u202a\u202b\u202c\u202d\u202e"  # embeddings, overrides and their end; isolates do their work (UAX 9, 2.3)


def closed(text: str) -> str:
    """``text`` without embeddings and overrides, each isolate in it closed: what follows it runs in its own direction.

    Nothing at all if nothing else is in it.
    """
    if text.isprintable():
        return text
    kept, depth = [], 0
    for one in text:
        if one in _TURNERS or (one == _CLOSER and not depth):
            continue
        depth += (one in _OPENERS) - (one == _CLOSER)
        kept.append(one)
    made = "".join(kept) + _CLOSER * depth
    return made if made.strip(_OPENERS + _CLOSER + " \t\r\n") else ""


def apart(text: str, language: str = "") -> str:
    """``text`` isolated if a letter in it runs against ``language`` (default: the current one), for a line of plain text."""
    if text.isascii() and not is_rtl(language or _language.get()):
        return text
    against = ("L",) if is_rtl(language or _language.get()) else ("R", "AL")
    return isolate(text) if any(unicodedata.bidirectional(one) in against for one in text) else text
