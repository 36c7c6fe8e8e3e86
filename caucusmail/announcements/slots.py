"""When fewest of those who are meant are expected elsewhere. Pure: sets of people and moments in, a moment out.

Who may not see who is in a group learns no more by asking for another time: what such groups bring counts rounded down,
so that one to four people count as nobody there.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from itertools import islice

from caucusmail import zones
from caucusmail.directory import rounding
from caucusmail.meetings import holidays, programme
from caucusmail.meetings.models import Meeting, MeetingSession
from caucusmail.meetings.warnings import EARLY, LATE

DAYS = 5
STEP = timedelta(minutes=30)
OPENS, CLOSES = time(8), time(19)  # on the wall of the meeting's city


@dataclass(frozen=True)
class Booked:
    """Another meeting, and who of those who are meant here holds a place in it."""

    begins: datetime
    ends: datetime
    people: frozenset[int]
    hidden: bool  # the asker may not see who is in

    def overlaps(self, begins: datetime, ends: datetime) -> bool:
        """Whether both are on at some moment; one that begins as the other ends is not."""
        return self.begins < ends and begins < self.ends


@dataclass(frozen=True)
class Slot:
    """A time at which fewer clash."""

    begins: datetime
    ends: datetime
    people: int  # who are expected elsewhere then, as far as the asker may know


def expected_elsewhere(booked: Iterable[Booked], begins: datetime, ends: datetime) -> int:
    """How many of those who are meant hold a place in anything at that time, as far as the asker may know."""
    open_, hidden = set[int](), set[int]()
    for one in booked:
        if one.overlaps(begins, ends):
            (hidden if one.hidden else open_).update(one.people)
    return len(open_) + (rounding.rounded(len(hidden - open_)) or 0)


def best(meeting: Meeting, booked: Sequence[Booked], now: datetime) -> Slot | None:
    """The next time with the fewest clashes; None where there are none now, or none is better."""
    length, present = (
        meeting.ends_at - meeting.starts_at,
        expected_elsewhere(booked, meeting.starts_at, meeting.ends_at),
    )
    found: Slot | None = None
    for begins in candidates(meeting, now) if present else ():
        people = expected_elsewhere(booked, begins, begins + length)
        if people < (found.people if found is not None else present):
            found = Slot(begins, begins + length, people)
    return found


def candidates(meeting: Meeting, now: datetime) -> Iterator[datetime]:
    """Every time after the meeting's own at which it could be, soonest first: of the same length, in half-hour steps, in
    the working hours of its city, not in the night of another seat."""
    length = meeting.ends_at - meeting.starts_at
    for day in days(meeting):
        wall = datetime.combine(day, OPENS)
        while wall.time() < CLOSES:
            begins = wall.replace(tzinfo=zones.zone(meeting.zone)).astimezone(now.tzinfo)
            if begins > max(meeting.starts_at, now) and _fits(begins, begins + length, meeting.zone):
                yield begins
            wall += STEP


def days(meeting: Meeting) -> list[date]:
    """The day of the meeting and those after it: days of its session in the same city, or working days; five of them."""
    first = meeting.starts.date()
    here = _days_of(meeting.session, meeting.zone) if meeting.session is not None else set()
    if first in here:
        return sorted(day for day in here if day >= first)[:DAYS]
    following = (first + timedelta(days=number) for number in range(60))
    return list(islice((day for day in following if _working(day, meeting.zone)), DAYS))


def _days_of(session: MeetingSession, zone: str) -> set[date]:
    found = ((day, programme.part_on(session, day)) for day in programme.days(session))
    return {day for day, part in found if part is not None and part.zone == zone}


def _working(day: date, zone: str) -> bool:
    return day.weekday() < holidays.SATURDAY and not holidays.on(day, zone)


def _fits(begins: datetime, ends: datetime, zone: str) -> bool:
    if not _within(begins, ends, zone, OPENS, CLOSES):
        return False
    own = begins.astimezone(zones.zone(zone)).utcoffset()
    others = (one for one in (zones.THE_HAGUE, zones.NEW_YORK) if begins.astimezone(zones.zone(one)).utcoffset() != own)
    return all(_within(begins, ends, one, time(EARLY), time(LATE)) for one in others)


def _within(begins: datetime, ends: datetime, zone: str, opens: time, closes: time) -> bool:
    first, last = (at.astimezone(zones.zone(zone)) for at in (begins, ends))
    return first.date() == last.date() and opens <= first.time() and last.time() <= closes
