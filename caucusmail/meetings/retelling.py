"""What has changed about a meeting, from what to what, in the reader's words. Pure: one row in, words out."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from babel.dates import format_datetime

from caucusmail import languages, zones
from caucusmail.languages import _
from caucusmail.meetings import agenda, paper_words, quotas
from caucusmail.meetings.models import MeetingChange

PLACE = ("room", "venue_name", "street", "city", "mode")
INSIDE = ("room", "access", "agenda", "document", "places", "deadline")
"""Kinds of which only members are told."""
SAYS_NONE = {"places_each"}
"""What says something also where there is no number."""


@dataclass(frozen=True)
class Change:
    """One change, in words."""

    at: datetime
    what: str
    was: str
    now: str
    note: str


def _wall(text: str) -> str:
    return str(format_datetime(datetime.fromisoformat(text), "EEE d MMM y, HH:mm", locale=languages.locale()))


def _value(name: str, value: Any) -> str:
    if name in ("starts", "ends", "reply_by") and isinstance(value, str):
        return _wall(value)
    if name == "starts_at":
        return zones.spoken(datetime.fromisoformat(value), "UTC")
    if name in ("zone", "reply_zone") and value:
        return zones.city(value)
    if name in ("languages", "interpretation"):
        named = ", ".join(languages.name(code) for code in value)
        return named if name == "languages" or not named else _("interpretation into %(languages)s", languages=named)
    if name == "places_each":
        return quotas.each(value)
    if isinstance(value, Mapping):
        return languages.pick(value)
    return str(value or "")


def _span(starts: str, ends: str) -> str:
    """``Wed 9 Dec 2026, 12:00–13:00``; both days where they differ."""
    if starts[:10] == ends[:10]:
        return f"{_wall(starts)}–{ends[11:16]}"
    return f"{_wall(starts)} – {_wall(ends)}"


def _side(kept: Mapping[str, Any], names: Iterable[str]) -> str:
    if kept.get("starts") and kept.get("ends"):
        rest = [name for name in names if name not in ("starts", "ends")]
        return ", ".join(
            filter(None, (_span(kept["starts"], kept["ends"]), _side({name: kept.get(name) for name in rest}, rest)))
        )
    said = [
        _value(name, kept[name])
        for name in names
        if kept.get(name) not in (None, "") or name in SAYS_NONE & kept.keys()
    ]
    return ", ".join(dict.fromkeys(one for one in said if one))


def change(row: MeetingChange, *, with_place: bool) -> Change | None:
    """``row`` in words; None if it is for members alone and ``with_place`` is false."""
    what = {
        "time": (_("Time changed"), ("starts", "ends", "zone")),
        "room": (_("Room changed"), PLACE),
        "access": (_("How to get in changed"), ("access", "access_contact")),
        "agenda": (_("Agenda changed"), ()),
        "document": (_("Paper replaced") if row.was else _("New paper"), ()),
        "hosts": (_("Hosts corrected"), ("hosts",)),
        "languages": (_("Languages changed"), ("languages", "interpretation")),
        "places": (_("Places changed"), ("places", "places_each")),
        "deadline": (_("Reply deadline changed"), ("reply_by", "reply_zone")),
        "cancelled": (_("Cancelled"), ()),
        "reinstated": (_("It takes place after all"), ()),
        "clock": (_("The hour stays, the moment in world time changed"), ("starts_at",)),
    }.get(row.kind)
    if what is None or (row.kind in INSIDE and not with_place):
        return None
    label, names = what
    if row.kind == "document":
        was, now = (paper_words.version(side) if side else "" for side in (row.was, row.now))
        return Change(row.at, label, was, now, row.note)
    if row.kind == "agenda":
        was, now = agenda.difference(*(agenda.from_json(side["agenda"]) for side in (row.was, row.now)))
        return Change(row.at, label, was, now, row.note)
    return Change(row.at, label, _side(row.was, names), _side(row.now, names), row.note)
