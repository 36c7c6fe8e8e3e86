"""French is complete: every text of pages and letters has a translation with the same placeholders."""

import re
from functools import cache
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.frontend import parse_mapping
from babel.messages.pofile import read_po

ROOT = Path(__file__).parent.parent.parent
KEYWORDS = {"_": None, "later": None, "plural": (1, 2)}


def placeholders(text: str) -> list[str]:
    return sorted(re.findall(r"%\([a-z_]+\)s", text))


def text_of(message: object) -> tuple[str, ...]:
    return message if isinstance(message, tuple) else (str(message),)


@cache
def used() -> frozenset[tuple[str, ...]]:
    with (ROOT / "caucusmail" / "translations.cfg").open() as file:
        methods, options = parse_mapping(file)
    found: set[tuple[str, ...]] = set()
    for folder in ("caucusmail", "templates"):
        for _file, _line, message, _comments, _context in extract_from_dir(
            str(ROOT / folder),
            [(pattern.removeprefix(f"{folder}/"), method) for pattern, method in methods if pattern.startswith(folder)],
            {pattern.removeprefix(f"{folder}/"): value for pattern, value in options.items()},
            keywords=KEYWORDS,
        ):
            found.add(text_of(message))
    return frozenset(found)


@cache
def french() -> Catalog:
    with (ROOT / "caucusmail" / "translations" / "fr" / "LC_MESSAGES" / "messages.po").open("rb") as file:
        return read_po(file, locale="fr")


def test_something_is_translated_at_all():
    assert len(used()) > 1000


def test_every_text_has_its_french():
    missing = []
    for message in used():
        kept = french().get(message[0])
        if kept is None or kept.fuzzy or not all(text_of(kept.string)):
            missing.append(message[0])
    assert missing == []


def test_french_keeps_every_placeholder():
    for message in french():
        if message.id:
            for english, other in zip(text_of(message.id), text_of(message.string), strict=True):
                assert placeholders(english) == placeholders(other), english


def test_nothing_is_kept_that_nobody_uses():
    kept = {text_of(message.id)[0] for message in french() if message.id}
    assert kept - {message[0] for message in used()} == set()
