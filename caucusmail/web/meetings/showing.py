"""A meeting as its page shows it: clocks, what changed from what to what, months of a list. Pure."""

from collections.abc import Iterable
from itertools import groupby

from babel.dates import format_date

from caucusmail import languages, zones
from caucusmail.meetings import places
from caucusmail.meetings.models import Meeting
from caucusmail.zones import Clock


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
