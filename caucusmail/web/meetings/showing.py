"""A meeting as its page shows it: clocks, what changed from what to what, months of a list. Pure."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from typing import Any

from babel.dates import format_date, format_datetime

from caucusmail import languages, zones
from caucusmail.languages import _
from caucusmail.meetings import places
from caucusmail.meetings.models import Meeting, MeetingChange
from caucusmail.zones import Clock

PLACE = ("room", "venue_name", "street", "city", "mode")


@dataclass(frozen=True)
class Change:
    """One change, in words."""

    at: datetime
    what: str
    was: str
    now: str
    note: str


def clocks(meeting: Meeting, reader_zone: str | None) -> list[Clock]:
    """The city's clock first, the other seat's, the reader's own, UTC."""
    return zones.clocks(meeting.starts_at, meeting.zone, reader_zone, own_city=places.city(meeting))


def ends(meeting: Meeting) -> str:
    """The end on the city's clock: its time, with the day if it is another."""
    begin, end = (zones.clock(at, meeting.zone) for at in (meeting.starts_at, meeting.ends_at))
    return end.time if begin.local.date() == end.local.date() else f"{end.time}, {end.short_date}"


def months(meetings: Iterable[Meeting]) -> list[tuple[str, list[Meeting]]]:
    """Meetings by the month of their own city's calendar, in the order they come."""

    def month(meeting: Meeting) -> str:
        return str(format_date(meeting.starts, "MMMM y", locale=languages.locale()))

    return [(name, list(found)) for name, found in groupby(meetings, key=month)]


def tongues(codes: Iterable[str]) -> str:
    """Languages by name, in one line."""
    return ", ".join(languages.name(code) for code in codes)


def _wall(text: str) -> str:
    return str(format_datetime(datetime.fromisoformat(text), "EEE d MMM y, HH:mm", locale=languages.locale()))


def _value(name: str, value: Any) -> str:
    if name in ("starts", "ends") and isinstance(value, str):
        return _wall(value)
    if name == "zone":
        return zones.city(value)
    if isinstance(value, Mapping):
        return languages.pick(value)
    return str(value or "")


def _side(kept: Mapping[str, Any], names: Iterable[str]) -> str:
    said = [_value(name, kept[name]) for name in names if kept.get(name) not in (None, "")]
    return ", ".join(dict.fromkeys(one for one in said if one))


def change(row: MeetingChange, *, with_place: bool) -> Change | None:
    """``row`` in words; None if it is about a place and ``with_place`` is false."""
    what = {
        "time": (_("Time changed"), ("starts", "ends", "zone")),
        "room": (_("Room changed"), PLACE),
        "access": (_("How to get in changed"), ("access", "access_contact")),
        "cancelled": (_("Cancelled"), ()),
        "reinstated": (_("It takes place after all"), ()),
    }.get(row.kind)
    if what is None or (row.kind in ("room", "access") and not with_place):
        return None
    label, names = what
    return Change(row.at, label, _side(row.was, names), _side(row.now, names), row.note)
