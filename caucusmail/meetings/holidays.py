"""Days on which a city rests, reckoned from the rules that set them. Pure: a day and a zone in, holidays out.

Three calendars, each with its source. They are few and change by law once in a decade, so they stand here as rules and
need no package of every country's holidays, which would be the largest the house depends on.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from typing import Any

from caucusmail import zones
from caucusmail.languages import _, later

_DAY = timedelta(days=1)
SATURDAY, SUNDAY = 5, 6


class Calendar(StrEnum):
    """Whose day of rest it is."""

    NETHERLANDS = "netherlands"
    UNITED_STATES = "united-states"
    UNITED_NATIONS = "united-nations"


ZONES = {
    zones.THE_HAGUE: (Calendar.NETHERLANDS,),
    zones.NEW_YORK: (Calendar.UNITED_STATES, Calendar.UNITED_NATIONS),
}
"""The calendars that a city goes by, by its clock."""

SAYS = {
    Calendar.NETHERLANDS: later("a public holiday in the Netherlands"),
    Calendar.UNITED_STATES: later("a federal holiday in the United States"),
    Calendar.UNITED_NATIONS: later("a holiday at United Nations Headquarters"),
}


@dataclass(frozen=True)
class Holiday:
    """One day of rest."""

    day: date
    name: Any  # a text of ``later``
    calendars: tuple[Calendar, ...]
    about: bool = False  # the day is set by the moon, and may be the one before or after


def on(day: date, zone: str) -> list[Holiday]:
    """The holidays of the city of ``zone`` on ``day``, each once, with all the calendars that know it."""
    found: dict[str, Holiday] = {}
    for calendar in ZONES.get(zone, ()):
        for one in of(calendar, day.year):
            near = abs((one.day - day).days) <= (1 if one.about else 0)
            if near:
                known = found.get(str(one.name))
                calendars = (*(known.calendars if known else ()), *one.calendars)
                found[str(one.name)] = Holiday(one.day, one.name, calendars, one.about)
    return list(found.values())


def say(holiday: Holiday) -> str:
    """One holiday of a day as a sentence about it."""
    kinds = _(" and ").join(str(SAYS[one]) for one in holiday.calendars)
    if holiday.about:
        return _("About that day is %(name)s, %(kinds)s.", name=holiday.name, kinds=kinds)
    return _("That day is %(name)s, %(kinds)s.", name=holiday.name, kinds=kinds)


def of(calendar: Calendar, year: int) -> list[Holiday]:
    """The holidays of one calendar that fall into a year, by day."""
    rules = {Calendar.NETHERLANDS: _dutch, Calendar.UNITED_STATES: _federal, Calendar.UNITED_NATIONS: _un}
    found = [one for near in (year, year + 1) for one in rules[calendar](near) if one.day.year == year]
    return sorted(found, key=lambda one: one.day)


def easter(year: int) -> date:
    """Easter Sunday of the Gregorian calendar (Meeus, Astronomical Algorithms, chapter 8)."""
    a, (b, c) = year % 19, divmod(year, 100)
    d, e = divmod(b, 4)
    g = (8 * b + 13) // 25
    h = (19 * a + b - d - g + 15) % 30
    i, k = divmod(c, 4)
    weekday = (32 + 2 * e + 2 * i - h - k) % 7
    m = (a + 11 * h + 19 * weekday) // 433
    month = (h + weekday - 7 * m + 90) // 25
    return date(year, month, (h + weekday - 7 * m + 33 * month + 19) % 32)


def _dutch(year: int) -> Iterator[Holiday]:
    """Algemene termijnenwet, article 3, paragraphs 1 and 2. The king's birthday is kept on 27 April, or the day before
    where that is a Sunday."""
    birthday = date(year, 4, 27)
    sunday = easter(year)
    named = (
        (date(year, 1, 1), later("New Year’s Day")),
        (sunday - 2 * _DAY, later("Good Friday")),
        (sunday + _DAY, later("Easter Monday")),
        (birthday - _DAY if birthday.weekday() == SUNDAY else birthday, later("King’s Day")),
        (date(year, 5, 5), later("Liberation Day")),
        (sunday + 39 * _DAY, later("Ascension Day")),
        (sunday + 50 * _DAY, later("Whit Monday")),
        (date(year, 12, 25), later("Christmas Day")),
        (date(year, 12, 26), later("the second day of Christmas")),
    )
    return (Holiday(day, name, (Calendar.NETHERLANDS,)) for day, name in named)


def _federal(year: int) -> Iterator[Holiday]:
    """5 U.S.C. 6103(a); one on a Saturday is kept the day before (6103(b)), one on a Sunday the day after (Executive
    Order 11582)."""
    named = (
        (date(year, 1, 1), later("New Year’s Day")),
        (_nth(year, 1, 0, 3), later("the birthday of Martin Luther King, Jr.")),
        (_nth(year, 2, 0, 3), later("Washington’s Birthday")),
        (_last_monday_of_may(year), later("Memorial Day")),
        (date(year, 6, 19), later("Juneteenth")),
        (date(year, 7, 4), later("Independence Day")),
        (_nth(year, 9, 0, 1), later("Labor Day")),
        (_nth(year, 10, 0, 2), later("Columbus Day")),
        (date(year, 11, 11), later("Veterans Day")),
        (_nth(year, 11, 3, 4), later("Thanksgiving Day")),
        (date(year, 12, 25), later("Christmas Day")),
    )
    return (Holiday(_kept(day), name, (Calendar.UNITED_STATES,)) for day, name in named)


def _un(year: int) -> Iterator[Holiday]:
    """General Assembly resolution 52/214 A and decision 52/468, as the yearly circulars set them (ST/IC, official holidays
    at Headquarters): seven of them fixed by rule, the two Eids by the moon."""
    named = (
        (date(year, 1, 1), later("New Year’s Day")),
        (easter(year) - 2 * _DAY, later("Good Friday")),
        (_last_monday_of_may(year), later("Memorial Day")),
        (date(year, 7, 4), later("Independence Day")),
        (_nth(year, 9, 0, 1), later("Labor Day")),
        (_nth(year, 11, 3, 4), later("Thanksgiving Day")),
        (date(year, 12, 25), later("Christmas Day")),
    )
    yield from (Holiday(_kept(day), name, (Calendar.UNITED_NATIONS,)) for day, name in named)
    for month, day, name in ((10, 1, later("Eid al-Fitr")), (12, 10, later("Eid al-Adha"))):
        for found in _islamic(year, month, day):
            yield Holiday(found, name, (Calendar.UNITED_NATIONS,), about=True)


def _islamic(year: int, month: int, day: int) -> Iterator[date]:
    """The days of a Gregorian year on which a day of the tabular Islamic calendar falls (Dershowitz and Reingold,
    Calendrical Calculations, chapter 7): within a day of what is seen."""
    about = (year - 622) * 33 // 32
    for one in range(about - 1, about + 3):
        past = (one - 1) * 354 + (11 * one + 3) // 30
        found = date.fromordinal(227_014 + past + 29 * (month - 1) + month // 2 + day - 1)
        if found.year == year:
            yield found


def _nth(year: int, month: int, weekday: int, number: int) -> date:
    first = date(year, month, 1)
    return first + _DAY * ((weekday - first.weekday()) % 7 + 7 * (number - 1))


def _last_monday_of_may(year: int) -> date:
    last = date(year, 5, 31)
    return last - _DAY * last.weekday()


def _kept(day: date) -> date:
    """The working day on which a holiday of a weekend is kept."""
    return day + {SATURDAY: -_DAY, SUNDAY: _DAY}.get(day.weekday(), timedelta())
