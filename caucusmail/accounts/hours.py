"""When letters may reach a person: their reading hours, on days of their own, and the hour of their digest. Pure.

Hours are those of the wall clock in the person's zone. A window that the clocks jump into opens when they have; an hour
that comes twice counts when it comes first: each moment is one, whatever the clocks do.

Who works by night has hours that end before they begin on the clock: from 20:00 until 02:00 on the next day. Such a night
belongs to the day on which it begins, with all its hours.
"""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

from babel.dates import get_day_names
from babel.lists import format_list

from caucusmail import languages, zones
from caucusmail.accounts.models import Person
from caucusmail.languages import _

WEEK = "1234567"
USUAL = (8, 18)
"""Hours that are offered to who has none yet."""


@dataclass(frozen=True)
class Hours:
    """What a person has chosen."""

    zone: str
    begins: int | None  # None: letters come at any time
    ends: int | None  # the first hour that is no more inside; 24: midnight; before ``begins``: on the next day
    days: str  # ISO weekdays, "12345"
    weekly: bool = False  # the digest; else on each of the days

    @property
    def digest_hour(self) -> int:
        """The hour at which a digest comes."""
        return USUAL[0] if self.begins is None else self.begins

    @property
    def over_midnight(self) -> bool:
        """Whether they end on the day after the one on which they begin."""
        return self.begins is not None and self.ends is not None and self.ends < self.begins

    @property
    def first_day(self) -> int:
        """The weekday on which their week begins."""
        return first_of(self.days)


def of(person: Person) -> Hours:
    """The hours of ``person``."""
    return Hours(person.zone, person.reading_from, person.reading_until, person.reading_days, person.digest_weekly)


def opening(at: datetime, wanted: Hours) -> datetime:
    """``at`` if it is inside the reading hours, or there are none; else the moment when they begin next."""
    if wanted.begins is None or wanted.ends is None:
        return at
    if _inside(at.astimezone(zones.zone(wanted.zone)), wanted, wanted.begins, wanted.ends):
        return at
    return _next(at, wanted.zone, wanted.begins, wanted.days)


def _inside(local: datetime, wanted: Hours, begins: int, ends: int) -> bool:
    if not wanted.over_midnight:
        return _on(local, wanted) and begins <= local.hour < ends
    if local.hour >= begins:
        return _on(local, wanted)
    return local.hour < ends and _on(local - timedelta(days=1), wanted)


def _on(local: datetime, wanted: Hours) -> bool:
    return str(local.isoweekday()) in wanted.days


def digest(at: datetime, wanted: Hours) -> datetime:
    """The moment of the first digest after ``at``."""
    days = str(wanted.first_day) if wanted.weekly else wanted.days
    return _next(at, wanted.zone, wanted.digest_hour, days)


def _next(at: datetime, zone: str, hour: int, days: str) -> datetime:
    today = zones.day(at, zone)
    ahead = (today + timedelta(days=number) for number in range(9))
    moments = (_moment(day, hour, zone) for day in ahead if str(day.isoweekday()) in days)
    return next(moment for moment in moments if moment > at)


def _moment(day: date, hour: int, zone: str) -> datetime:
    return datetime.combine(day, time(hour), tzinfo=zones.zone(zone)).astimezone(UTC)


def first_of(days: str) -> int:
    """The first of these weekdays after a free one; Monday where none is free."""
    return next((int(day) for day in days if WEEK[int(day) - 2] not in days), 1)


def until(wanted: Hours) -> str:
    """The hour at which they end, in words: ``18:00``, or ``02:00 on the next day``; "" where there are none."""
    if wanted.ends is None:
        return ""
    time = f"{wanted.ends:02d}:00"
    return _("%(time)s on the next day", time=time) if wanted.over_midnight else time


def weekday(number: int) -> str:
    """The ISO weekday in words, in the current language."""
    return str(get_day_names("wide", locale=languages.locale())[number - 1])


def weekdays(days: str) -> str:
    """``Monday to Friday``, or each by name; the first day after a free one comes first."""
    if set(days) == set(WEEK):
        return _("every day")
    begins = first_of(days)
    ordered = sorted((int(day) for day in days), key=lambda day: (day - begins) % 7)
    if len(days) > 2 and "".join(map(str, ordered)) in WEEK * 2:
        return _("%(first)s to %(last)s", first=weekday(ordered[0]), last=weekday(ordered[-1]))
    return format_list([weekday(day) for day in ordered], locale=languages.locale())
