"""The hour of Friday prayers, where Friday is a day off; pure. What somebody believes is written down nowhere.

Which countries keep Friday free, and in which country a zone lies, is CLDR's, as Babel ships it.
"""

from datetime import datetime, time
from functools import cache

from babel import Locale, UnknownLocaleError
from babel.core import get_global

from caucusmail import zones

FRIDAY = 4  # as ``date.weekday`` counts
BEGINS, ENDS = time(12), time(14)  # of the zone's own clock, summer and winter


@cache
def keeps_friday(zone_name: str) -> bool:
    """Whether the zone lies in a country where Friday is a day off."""
    territory = get_global("zone_territories").get(zone_name)
    try:
        week = Locale.parse(f"und_{territory}")
    except (UnknownLocaleError, ValueError):
        return False
    days = (week.weekend_end - week.weekend_start) % 7
    return (FRIDAY - week.weekend_start) % 7 <= days


def at(zone_name: str, begins: datetime, ends: datetime) -> bool:
    """Whether somebody whose clock is that of ``zone_name`` would miss a prayer for what lasts from ``begins`` to ``ends``."""
    if not keeps_friday(zone_name):
        return False
    first, last = (moment.astimezone(zones.zone(zone_name)) for moment in (begins, ends))
    days = [first.date()] if first.date() == last.date() else [first.date(), last.date()]
    return any(
        day.weekday() == FRIDAY
        and first.replace(tzinfo=None) < datetime.combine(day, ENDS)
        and last.replace(tzinfo=None) > datetime.combine(day, BEGINS)
        for day in days
    )


def missed(begins: datetime, ends: datetime) -> list[str]:
    """The zones in which somebody would miss a prayer for it."""
    return [name for name in _keeping() if at(name, begins, ends)]


@cache
def _keeping() -> list[str]:
    return [name for name in zones.names() if keeps_friday(name)]
