"""The days of a repetition."""

from datetime import date, timedelta

import pytest

from caucusmail.errors import Invalid
from caucusmail.meetings import recurring
from caucusmail.meetings.recurring import Rhythm

FIRST = date(2027, 3, 16)  # the third Tuesday


def days(rhythm: Rhythm, first: date = FIRST, after: date = FIRST, **how) -> list[str]:
    return [f"{one:%m-%d}" for one in recurring.days(first, rhythm, after, **how)]


def test_every_week_and_every_two_weeks():
    assert days(Rhythm.WEEKLY, times=3) == ["03-23", "03-30", "04-06"]
    assert days(Rhythm.FORTNIGHTLY, until=date(2027, 4, 27)) == ["03-30", "04-13", "04-27"]


def test_every_month_on_the_same_weekday_and_the_last_where_there_is_no_fifth():
    assert days(Rhythm.MONTHLY, times=4) == ["04-20", "05-18", "06-15", "07-20"]
    fifth = date(2027, 3, 31)
    assert days(Rhythm.MONTHLY, fifth, fifth, times=4) == ["04-28", "05-26", "06-30", "07-28"]
    assert days(Rhythm.MONTHLY, date(2027, 12, 1), date(2027, 12, 1), times=2) == ["01-05", "02-02"]


@pytest.mark.parametrize("offset", range(60))
def test_a_year_of_months_has_one_day_in_each_on_the_weekday_of_the_first(offset):
    first = FIRST + timedelta(days=offset)
    found = recurring.days(first, Rhythm.MONTHLY, first, times=12)
    assert [(one.year * 12 + one.month) - (first.year * 12 + first.month) for one in found] == list(range(1, 13))
    assert {one.weekday() for one in found} == {first.weekday()}


def test_days_that_are_past_are_not_counted():
    assert days(Rhythm.WEEKLY, after=date(2027, 4, 7), times=2) == ["04-13", "04-20"]


@pytest.mark.parametrize(
    ("how", "field"),
    [
        ({}, "times"),
        ({"times": 2, "until": date(2027, 5, 1)}, "times"),
        ({"times": 0}, "times"),
        ({"times": 27}, "times"),
        ({"until": date(2027, 3, 22)}, "until"),
        ({"until": date(2028, 1, 1)}, "until"),
        ({"until": date(2099, 1, 1)}, "until"),
    ],
)
def test_what_makes_no_days_or_too_many_is_refused(how, field):
    with pytest.raises(Invalid) as problem:
        days(Rhythm.WEEKLY, **how)
    assert problem.value.field == field


def test_twenty_six_is_enough_and_allowed():
    assert len(days(Rhythm.WEEKLY, times=26)) == 26
    assert len(days(Rhythm.WEEKLY, until=FIRST + timedelta(weeks=26))) == 26
