"""One line of text, or several, as a person typed it: trimmed, normalised, without characters that break a line unseen."""

import unicodedata
from collections.abc import Mapping
from urllib.parse import urlsplit

from caucusmail import languages
from caucusmail.database import Words
from caucusmail.errors import Invalid
from caucusmail.languages import _
from caucusmail.mail import slots

_BREAKS = {"\u2028", "\u2029"}  # LINE and PARAGRAPH SEPARATOR: category Zl and Zp, not Cc


def _hidden(character: str) -> bool:
    return unicodedata.category(character) in ("Cc", "Cs") or character in _BREAKS


def one_line(field: str, text: str, longest: int) -> str:
    """``text`` on one line, turning nothing around that follows it (``languages.closed``), at most ``longest`` characters.

    :raises Invalid: it holds a line break or another control character, or is longer.
    """
    tidy = languages.closed(slots.unmarked(unicodedata.normalize("NFC", text.replace("\t", " ").strip())))
    if any(_hidden(character) for character in tidy):
        raise Invalid(
            field,
            _(
                "This line holds a line break or another character that cannot be seen. Please type it again on one line."
            ),
        )
    if len(tidy) > longest:
        raise Invalid(
            field,
            _(
                "This is %(length)s characters long; at most %(longest)s fit here.",
                length=len(tidy),
                longest=longest,
            ),
        )
    return tidy


def lines(field: str, text: str, longest: int) -> str:
    """``text`` on any number of lines, ``\\n`` between them, other control characters left out.

    :raises Invalid: it is longer than ``longest`` characters.
    """
    whole = slots.unmarked(unicodedata.normalize("NFC", text.replace("\r\n", "\n").replace("\r", "\n")))
    tidy = "".join(one for one in whole if one in "\n\t" or not _hidden(one)).strip()
    if len(tidy) > longest:
        raise Invalid(
            field,
            _(
                "This is %(length)s characters long; at most %(longest)s fit here.",
                length=len(tidy),
                longest=longest,
            ),
        )
    return tidy


def https(field: str, text: str, longest: int, otherwise: str) -> str:
    """An https address that a mail program can follow, or "".

    :raises Invalid: it is another thing, with the words ``otherwise``; or it is too long.
    """
    url = one_line(field, text, longest)
    try:
        parts = urlsplit(url)
        whole = parts.scheme == "https" and "." in (parts.hostname or "") and parts.username is None
    except ValueError:
        whole = False
    if url and (not whole or any(one.isspace() or one in '<>"\\' or not one.isprintable() for one in url)):
        raise Invalid(field, otherwise)
    return url


def in_each(field: str, words: Mapping[str, str], longest: int, *, many: bool = False) -> Words:
    """The texts of ``words`` that are not empty, tidied; an unknown language is refused.

    :raises Invalid: one of them cannot be taken.
    """
    tidy = lines if many else one_line
    kept = {language: tidy(field, text, longest) for language, text in words.items() if text.strip()}
    for language in kept:
        if language not in languages.WRITTEN:
            raise Invalid(field, _("“%(language)s” is not a language a text can be written in.", language=language))
    return kept
