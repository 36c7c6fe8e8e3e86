"""What is said of a paper before anybody opens it: language, kind, size, the beginning of its hash. Pure."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

from babel.dates import format_date
from babel.numbers import format_decimal

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

SHOWN = 16  # characters of a hash that a letter shows


def size(number: int) -> str:
    """``180 KB``, ``1.2 MB``, by the thousand, as file managers say it."""
    for unit, name in ((1_000_000, _("%(number)s MB")), (1_000, _("%(number)s KB"))):
        if number >= unit:
            shown = format_decimal(round(number / unit, 1 if number < 10 * unit else 0), locale=languages.locale())
            return name % {"number": shown}
    return plural("%(number)s byte", "%(number)s bytes", number)


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
