"""A wall time in a named zone, its instant, and the tz-data it was reckoned with.

Zones come from the ``tzdata`` package alone, never from the machine, so that every process of an installation reckons
alike and the version can be told.
"""

import zoneinfo
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import cache

import tzdata
from babel.dates import format_date, format_datetime, format_time, get_timezone_location

from caucusmail import languages
from caucusmail.errors import Invalid
from caucusmail.languages import _

zoneinfo.reset_tzpath(to=())

TZDATA_VERSION: str = tzdata.IANA_VERSION
THE_HAGUE = "Europe/Amsterdam"
NEW_YORK = "America/New_York"
EARLIEST, LATEST = 1900, 2199  # years: outside of them calendars and clocks cannot be reckoned with
USUAL_GAP_H = 6  # hours from New York to The Hague outside the weeks when the two clocks disagree


class NoSuchZone(Invalid):
    """The name is none of the IANA database."""


class OutOfReach(Invalid):
    """The year is none in which anybody meets."""


class NeverOnTheClock(Invalid):
    """The clocks jump over this wall time; there is no such moment."""


class TwiceOnTheClock(Invalid):
    """The clocks pass this wall time twice; say which."""


@cache
def names() -> tuple[str, ...]:
    """All zones a person may choose: area/city names, sorted."""
    areas = (
        "Africa/",
        "America/",
        "Antarctica/",
        "Arctic/",
        "Asia/",
        "Atlantic/",
        "Australia/",
        "Europe/",
        "Indian/",
        "Pacific/",
    )
    return (*sorted(name for name in zoneinfo.available_timezones() if name.startswith(areas)), "UTC")


def zone(name: str) -> zoneinfo.ZoneInfo:
    """The zone called ``name``.

    :raises NoSuchZone: it is none.
    """
    if name not in names():
        raise NoSuchZone("zone", _("“%(zone)s” is not a time zone. Choose a city from the list.", zone=name))
    return zoneinfo.ZoneInfo(name)


def instant(wall: datetime, zone_name: str, *, second: bool | None = None, field: str = "starts") -> datetime:
    """The moment (UTC) at which clocks in ``zone_name`` show ``wall`` (naive).

    ``second`` chooses between the two moments of a repeated hour: False the first, True the second.

    :raises OutOfReach: before 1900 or after 2199.
    :raises NeverOnTheClock: the clocks jump over it.
    :raises TwiceOnTheClock: it comes twice and ``second`` is None.
    """
    if not EARLIEST <= wall.year <= LATEST:
        raise OutOfReach(field, _("The year %(year)s was read. Choose one from 1900 to 2199.", year=wall.year))
    there = zone(zone_name)
    first, again = (wall.replace(tzinfo=there, fold=fold).astimezone(UTC) for fold in (0, 1))
    if first == again:
        return first
    shown = format_datetime(wall, "d MMMM y, HH:mm", locale=languages.locale())
    if first.astimezone(there).replace(tzinfo=None) != wall:
        raise NeverOnTheClock(
            field,
            _(
                "%(time)s does not exist in %(city)s: the clocks go forward over it that night. Choose a time before or after.",
                time=shown,
                city=city(zone_name),
            ),
        )
    if second is None:
        raise TwiceOnTheClock(
            field,
            _(
                "%(time)s comes twice in %(city)s: the clocks go back that night. Say whether you mean the first or the second.",
                time=shown,
                city=city(zone_name),
            ),
        )
    return again if second else first


def day_begins(day: date, zone_name: str) -> datetime:
    """The first moment of ``day`` in ``zone_name``, also where the clocks jump over midnight or pass it twice."""
    return datetime.combine(day, time.min, tzinfo=zone(zone_name)).astimezone(UTC)


def day(at: datetime, zone_name: str) -> date:
    """The day that the calendar in ``zone_name`` shows at ``at``."""
    return at.astimezone(zone(zone_name)).date()


def gap_h(at: datetime) -> float:
    """Hours that clocks in The Hague are ahead of New York at the instant ``at``."""
    ahead, behind = (at.astimezone(zone(name)).utcoffset() or timedelta() for name in (THE_HAGUE, NEW_YORK))
    return (ahead - behind).total_seconds() / 3600


def clocks_disagree(at: datetime) -> bool:
    """Whether ``at`` lies in the weeks in which New York and The Hague are not their usual 6 hours apart."""
    return gap_h(at) != USUAL_GAP_H


def apart(at: datetime) -> str:
    """In the weeks in which the two clocks disagree, that they do, as a sentence about a meeting at ``at``; else ""."""
    if not clocks_disagree(at):
        return ""
    hours = f"{gap_h(at):g}"
    return _(
        "In the week of the meeting New York and The Hague are %(hours)s hours apart, not 6 as usual.", hours=hours
    )


def city(zone_name: str) -> str:
    """The city a zone is called by, in the current language: *The Hague* for Europe/Amsterdam, since one seat is there."""
    if zone_name == THE_HAGUE:
        return _("The Hague")
    if zone_name == NEW_YORK:
        return _("New York")
    if zone_name == "UTC":
        return "UTC"
    return get_timezone_location(zone(zone_name), locale=languages.locale(), return_city=True)


@dataclass(frozen=True)
class Clock:
    """What one city's clock shows at a moment."""

    city: str
    zone: str
    local: datetime  # aware
    day_shift: int  # -1, 0, 1: calendar days from the day in the meeting's own city

    @property
    def time(self) -> str:
        """Hours and minutes, 24 h."""
        return format_time(self.local, "HH:mm", locale=languages.locale(), tzinfo=self.local.tzinfo)

    @property
    def weekday(self) -> str:
        """``Tue``, in the current language."""
        return format_date(self.local.date(), "EEE", locale=languages.locale())

    @property
    def date(self) -> str:
        """``Tuesday 30 November 2027``, in the current language."""
        return format_date(self.local.date(), "EEEE d MMMM y", locale=languages.locale())

    @property
    def short_date(self) -> str:
        """``Tue 30 Nov 2027``, in the current language."""
        return written(self.local.date())


def written(day: date) -> str:
    """``Tue 30 Nov 2027``, in the current language: the one way this house writes a day in a sentence."""
    return format_date(day, "EEE d MMM y", locale=languages.locale())


def clock(at: datetime, zone_name: str, *, own_day: datetime | None = None, city_name: str | None = None) -> Clock:
    """What ``zone_name``'s clock shows at ``at``; ``own_day`` is the moment on the meeting's own clock, for the day shift."""
    local = at.astimezone(zone(zone_name))
    shift = (local.date() - own_day.date()).days if own_day else 0
    return Clock(city_name or city(zone_name), zone_name, local, shift)


def span(begins: Clock, ends: Clock) -> str:
    """``08:15–09:15``; with the weekday where it ends on another day: ``Tue 22:00 – Wed 01:00``."""
    if begins.local.date() == ends.local.date():
        return f"{begins.time}–{ends.time}"
    return f"{begins.weekday} {begins.time} – {ends.weekday} {ends.time}"


def clocks(at: datetime, own_zone: str, reader_zone: str | None = None, *, own_city: str | None = None) -> list[Clock]:
    """Every clock a notice shows: the meeting's city first, the other seat or seats, the reader's own, UTC; each zone once."""
    own = clock(at, own_zone, city_name=own_city)
    wanted = [THE_HAGUE, NEW_YORK, *([reader_zone] if reader_zone else []), "UTC"]
    offsets = {own.zone}
    shown = [own]
    for name in wanted:
        if name not in offsets:
            offsets.add(name)
            shown.append(clock(at, name, own_day=own.local))
    return shown


def spoken(at: datetime, zone_name: str) -> str:
    """``Tue 30 Nov 2027, 08:15 in The Hague``: the one way this house writes a time in a sentence."""
    there = clock(at, zone_name)
    if zone_name == "UTC":
        return _("%(date)s, %(time)s UTC", date=there.short_date, time=there.time)
    return _("%(date)s, %(time)s in %(city)s", date=there.short_date, time=there.time, city=there.city)
