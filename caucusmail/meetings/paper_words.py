"""What is said of a paper before anybody opens it: language, kind, size, the beginning of its hash. Pure."""

import re
from collections.abc import Mapping
from datetime import datetime
from decimal import ROUND_HALF_UP, Decimal
from typing import Any
from urllib.parse import urlsplit

from babel.dates import format_date
from babel.numbers import format_decimal, get_group_symbol

from caucusmail import languages, links
from caucusmail.languages import _, plural
from caucusmail.meetings.filed import Paper
from caucusmail.meetings.models import Meeting

KINDS = {
    "application/pdf": "PDF",
    "text/html": "HTML",
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document": "DOCX",
    "application/vnd.oasis.opendocument.text": "ODT",
    "application/vnd.openxmlformats-officedocument.presentationml.presentation": "PPTX",
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": "XLSX",
    "text/plain": "TXT",
}
"""Media types that a link can be said to lead to, as people call them."""

MOST = 10**12  # bytes of a paper
SHOWN = 16  # characters of a hash that a letter shows


def size(number: int) -> str:
    """``180 KB``, ``1.2 MB``, by the thousand, as file managers say it."""
    for unit, name in ((1_000_000, _("%(number)s MB")), (1_000, _("%(number)s KB"))):
        if number >= unit:
            shown = format_decimal(round(number / unit, 1 if number < 10 * unit else 0), locale=languages.locale())
            return name % {"number": shown}
    return plural("%(number)s byte", "%(number)s bytes", number)


_UNITS = {"": 1, "b": 1, "byte": 1, "bytes": 1, "o": 1, "octet": 1, "octets": 1}
_TIMES = {"k": 1_000, "m": 1_000_000, "g": 1_000_000_000, "ki": 1024, "mi": 1024**2, "gi": 1024**3}
_UNITS |= {f"{prefix}{unit}": factor for prefix, factor in _TIMES.items() for unit in ("b", "o")}


def read_size(text: str) -> int | None:
    """How many bytes ``text`` says: ``180 KB``, ``1.2 MB``, ``1,2 Mo``, ``184320``; None: it cannot be read. A point or a comma before
    three figures stands between thousands, where the reader's language writes them so; anywhere else it is the decimal one."""
    found = re.fullmatch(r"(\d[\d.,]*)([a-z]*)", re.sub(r"[\s\u00a0\u202f’']", "", text).lower())
    factor = _UNITS.get(found[2]) if found else None
    if found is None or factor is None:
        return None
    number = re.sub(rf"{re.escape(get_group_symbol(languages.locale()))}(?=\d{{3}}(\D|$))", "", found[1]).replace(
        ",", "."
    )
    if number.count(".") > 1 or number.endswith("."):
        return None
    exact = Decimal(number) * factor
    return int(exact.to_integral_value(ROUND_HALF_UP)) if exact < MOST else None


def exact_size(number: int) -> str:
    """``180 KB`` where that is all there is to say, else the bytes."""
    short = size(number)
    return short if read_size(short) == number else str(number)


def facts(one: Paper) -> str:
    """``French, PDF, 180 KB, SHA-256 3f2a9c…``; what nobody said is left out."""
    digest = _("SHA-256 %(hash)s…", hash=one.sha256[:SHOWN]) if one.sha256 else ""
    measure = size(one.size) if one.size else ""
    kind = KINDS.get(one.media_type, one.media_type)
    return ", ".join(part for part in (languages.name(one.language), kind, measure, digest) if part)


def link(meeting: Meeting, one: Paper) -> str:
    """Where it is read."""
    return one.url or links.paper(meeting.reference, one.id)


def host(one: Paper) -> str:
    """Where a link leads to."""
    return urlsplit(one.url).hostname or ""


def version(kept: Mapping[str, Any]) -> str:
    """``“Draft resolution”, version of 3 Nov 2027 (SHA-256 3f2a9c…)``: of a version as ``papers.plain`` kept it."""
    day = format_date(datetime.fromisoformat(kept["since"]).date(), "d MMM y", locale=languages.locale())
    named = _("“%(title)s”, version of %(day)s", title=languages.apart(kept["title"]), day=day)
    return f"{named} ({_('SHA-256 %(hash)s…', hash=kept['sha256'][:SHOWN])})" if kept["sha256"] else named
