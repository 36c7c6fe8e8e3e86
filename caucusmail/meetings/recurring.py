"""On which days a meeting is repeated. Pure: days of one city's calendar in and out; what the clocks do is asked later."""

from calendar import monthrange
from collections.abc import Iterator
from datetime import date, timedelta
from enum import StrEnum
from itertools import count

from caucusmail import zones
from caucusmail.errors import Invalid
from caucusmail.languages import _

MOST = 26
FIFTH = 5


class Rhythm(StrEnum):
    """How often."""

    WEEKLY = "weekly"
    FORTNIGHTLY = "fortnightly"
    MONTHLY = "monthly"  # on the same weekday of the month: the third Tuesday; for a fifth one, the last


def days(first: date, rhythm: Rhythm, after: date, times: int | None = None, until: date | None = None) -> list[date]:
    """The days later than ``after`` on which a meeting of ``first`` is repeated: ``times`` of them, or those to ``until``.

    :raises Invalid: on ``times`` or ``until``: neither or both are given, or they make no day, or more than ``MOST``.
    """
    if (times is None) == (until is None):
        raise Invalid("times", _("Say how many times, or until which day: one of the two."))
    if times is not None and not 1 <= times <= MOST:
        raise Invalid("times", _("“%(read)s” was read. Give a number from 1 to %(most)s.", read=times, most=MOST))
    found: list[date] = []
    for day in _endless(first, rhythm):
        if (until is not None and day > until) or len(found) == (times or MOST + 1):
            break
        if day > max(after, first):
            found.append(day)
    if not found:
        raise Invalid("until", _("No repetition falls on or before that day. Choose a later one."))
    if len(found) > MOST:
        last = zones.written(found[MOST - 1])
        raise Invalid(
            "until", _("These would be more than %(most)s. The furthest day is %(day)s.", most=MOST, day=last)
        )
    return found


def _endless(first: date, rhythm: Rhythm) -> Iterator[date]:
    for number in count(1):
        if rhythm is Rhythm.MONTHLY:
            yield _same_weekday(first, number)
        else:
            yield first + timedelta(weeks=number * (2 if rhythm is Rhythm.FORTNIGHTLY else 1))


def _same_weekday(first: date, months: int) -> date:
    year, month = divmod(first.year * 12 + first.month - 1 + months, 12)
    begins = date(year, month + 1, 1)
    nth = (first.day - 1) // 7 + 1
    day = 1 + (first.weekday() - begins.weekday()) % 7 + 7 * (nth - 1)
    last = monthrange(year, month + 1)[1]
    return begins.replace(day=day if day <= last else day - 7)
