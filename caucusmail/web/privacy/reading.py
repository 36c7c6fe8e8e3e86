"""What is known of a person, as sections that can be read: with words for the kinds, and moments in the person's own zone."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from caucusmail import zones
from caucusmail.languages import _
from caucusmail.privacy.everything import Known
from caucusmail.web.audit import wording as journal
from caucusmail.web.privacy import codes
from caucusmail.web.privacy.wording import KINDS, PARTS

Facts = Sequence[tuple[str, str]]
"""What something is called, and what it is."""


@dataclass(frozen=True)
class Section:
    """One kind of data: ``key`` is its word in the export; its entries, the newest first."""

    key: str
    title: str
    entries: Sequence[Facts]


UNSAID = {("journal", "to")}
"""Names of our own tables, which say nothing to who reads the page; the file for programs has them."""


def sections(known: Known, zone: str) -> list[Section]:
    """Every kind of which something is known; what stands by itself comes first, as one entry about the person."""
    alone = {key: value for kinds in known.values() for key, value in kinds.items() if key not in KINDS}
    alone["reading_until"] = codes.until(alone)
    found = [Section("accounts", str(KINDS["accounts"]), [_facts(alone, zone)])]
    for kinds in known.values():
        found += [_section(key, value, zone) for key, value in kinds.items() if key in KINDS and value]
    return found


def _section(key: str, value: Sequence[Any], zone: str) -> Section:
    entries = [_facts(one if isinstance(one, dict) else {"at": one}, zone, key) for one in reversed(value)]
    return Section(key, str(KINDS[key]), entries)


def _facts(entry: dict[str, Any], zone: str, kind: str = "") -> Facts:
    told = {key: value for key, value in entry.items() if value not in (None, "", [], {}) and (kind, key) not in UNSAID}
    return [
        (part(key), _text(key, codes.named(kind, key, value) if isinstance(value, str) else value, zone))
        for key, value in told.items()
    ]


def part(key: str) -> str:
    """What a part of an entry is called; one that has no words yet stands for itself."""
    return str(PARTS.get(key, key.replace("_", " ")))


def _text(key: str, value: Any, zone: str) -> str:
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if isinstance(value, dict):
        return _("; ").join(f"{name}: {text}" for name, text in _facts(value, zone))
    if key in codes.SPOKEN and not isinstance(value, list):
        return codes.SPOKEN[key](value)
    if isinstance(value, list):
        return ", ".join(_text(key, one, zone) for one in value)
    if key == "what":
        return journal.named(value)
    return _moment(str(value), zone)


def _moment(value: str, zone: str) -> str:
    """A moment as this house writes it, anything else as it is."""
    try:
        read = datetime.fromisoformat(value) if "T" in value else None
    except ValueError:
        return value
    return zones.spoken(read, zone) if read and read.tzinfo else value
