"""A session's days and weeks, and on which of them a meeting stands. Pure.

Each day goes by the clock of the city that the session is in that day; a day outside of its parts by that of the part
before it, or of the first.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from caucusmail import languages, zones
from caucusmail.languages import _
from caucusmail.meetings.models import Meeting, MeetingSession, SessionPart
from caucusmail.zones import Clock

_DAY = timedelta(days=1)


@dataclass(frozen=True)
class Entry:
    """One meeting in its day."""

    meeting: Meeting
    begins: Clock  # on the clock of the session's city that day
    ends: Clock
    seats: Sequence[Clock]  # what the clock of the other seat, or of both, shows when it begins

    @property
    def hour(self) -> int:
        """In which hour of the city's day it begins."""
        return self.begins.local.hour


@dataclass(frozen=True)
class Day:
    """One day of the week."""

    on: date
    city: str
    within: bool  # whether the session meets that day
    entries: Sequence[Entry]

    @property
    def written(self) -> str:
        """``Tue 30 Nov 2027``."""
        return zones.written(self.on)

    def at(self, hour: int) -> list[Entry]:
        """What begins in this hour."""
        return [one for one in self.entries if one.hour == hour]


@dataclass(frozen=True)
class Week:
    """One week of a session; days on which it does not meet stand in it only with a meeting."""

    monday: date
    days: Sequence[Day]
    before: date | None  # the Monday of the week before it in which there is anything
    after: date | None

    @property
    def hours(self) -> list[int]:
        """The hours of the day in which anything begins."""
        return sorted({one.hour for day in self.days for one in day.entries})

    @property
    def empty(self) -> bool:
        """Whether no meeting stands in it."""
        return not self.hours


def days(session: MeetingSession) -> Iterator[date]:
    """Every day on which it meets."""
    for part in session.parts:
        first, last = (date.fromisoformat(one) for one in (part.begins_on, part.ends_on))
        yield from (first + _DAY * number for number in range((last - first).days + 1))


def part_on(session: MeetingSession, day: date) -> SessionPart | None:
    """The part by whose clock ``day`` goes; None for a session without any."""
    begun = [part for part in session.parts if part.begins_on <= day.isoformat()]
    return begun[-1] if begun else next(iter(session.parts), None)


def within(session: MeetingSession, at: datetime) -> bool:
    """Whether the moment ``at`` falls on a day of the session, in the city where it is that day."""
    return any(part.begins_on <= zones.day(at, part.zone).isoformat() <= part.ends_on for part in session.parts)


def spoken(part: SessionPart) -> str:
    """``Mon 29 Nov 2027 – Wed 8 Dec 2027, The Hague``."""
    first, last = (zones.written(date.fromisoformat(one)) for one in (part.begins_on, part.ends_on))
    when = first if first == last else f"{first} – {last}"
    place = languages.pick(part.venue.names) if part.venue is not None else ""
    return ", ".join(one for one in (when, city(part), place) if one)


def city(part: SessionPart) -> str:
    """The part's city, in the current language where it is called like its clock in another."""
    for language in languages.OFFERED:
        with languages.use(language):
            if part.city.casefold() == zones.city(part.zone).casefold():
                break
    else:
        return part.city
    return zones.city(part.zone)


def told(session: MeetingSession) -> str:
    """All its days, in one line."""
    return _("; ").join(spoken(part) for part in session.parts)


def over(session: MeetingSession, now: datetime) -> bool:
    """Whether its last day is past in its city."""
    return all(part.ends_on < zones.day(now, part.zone).isoformat() for part in session.parts)


def week(session: MeetingSession, meetings: Iterable[Meeting], asked: date | None, now: datetime) -> Week:
    """The week of ``asked``; without it that of today, the next one in which there is anything, or the first."""
    placed = [(on(session, one), one) for one in meetings]
    mondays = sorted({_monday(day) for day in (*days(session), *(day for day, _meeting in placed))})
    monday = _monday(asked) if asked is not None else _present(session, mondays, now)
    return Week(
        monday,
        [day for day in (_day(session, placed, monday + _DAY * number) for number in range(7)) if day is not None],
        max((one for one in mondays if one < monday), default=None),
        min((one for one in mondays if one > monday), default=None),
    )


def on(session: MeetingSession, meeting: Meeting) -> date:
    """The day on which a meeting stands: that of the clock in the session's city."""
    part = part_on(session, meeting.starts.date())
    return zones.day(meeting.starts_at, part.zone if part is not None else meeting.zone)


def _present(session: MeetingSession, mondays: Sequence[date], now: datetime) -> date:
    part = part_on(session, now.date())
    today = _monday(zones.day(now, part.zone if part is not None else "UTC"))
    return next((one for one in mondays if one >= today), mondays[0] if mondays else today)


def _monday(day: date) -> date:
    return day - _DAY * day.weekday()


def _day(session: MeetingSession, placed: Sequence[tuple[date, Meeting]], day: date) -> Day | None:
    part = part_on(session, day)
    zone = part.zone if part is not None else ""
    here = [_entry(one, zone or one.zone, day) for on_, one in placed if on_ == day]
    meets = any(one.begins_on <= day.isoformat() <= one.ends_on for one in session.parts)
    if not here and not meets:
        return None
    return Day(day, city(part) if part is not None else "", meets, here)


def _entry(meeting: Meeting, zone: str, day: date) -> Entry:
    own = zones.clock(meeting.starts_at, zone)
    noon = datetime.combine(day, own.local.timetz())
    begins = zones.clock(meeting.starts_at, zone, own_day=noon)
    seats = [zones.clock(meeting.starts_at, one, own_day=begins.local) for one in (zones.THE_HAGUE, zones.NEW_YORK)]
    here = begins.local.utcoffset()
    others = [one for one in seats if one.local.utcoffset() != here]
    return Entry(meeting, begins, zones.clock(meeting.ends_at, zone), others)


def spanned(entry: Entry) -> str:
    """``08:15–09:15``, with the weekday where it is not that of its day."""
    if entry.begins.day_shift:
        return f"{entry.begins.weekday} {entry.begins.time}"
    return zones.span(entry.begins, entry.ends)
