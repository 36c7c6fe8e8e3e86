"""A month is a month, and the last of one that has no such day."""

from datetime import date

import pytest

from caucusmail.privacy import deadlines


@pytest.mark.parametrize(
    ("received", "due", "extended"),
    [
        ("2027-01-15", "2027-02-15", "2027-04-15"),
        ("2027-01-31", "2027-02-28", "2027-04-30"),
        ("2028-01-31", "2028-02-29", "2028-04-30"),
        ("2027-11-30", "2027-12-30", "2028-02-29"),
        ("2027-12-31", "2028-01-31", "2028-03-31"),
        ("2027-02-28", "2027-03-28", "2027-05-28"),
    ],
)
def test_it_ends_on_the_same_day_or_on_the_last_of_the_month(received, due, extended):
    day = date.fromisoformat(received)
    assert deadlines.due(day) == date.fromisoformat(due)
    assert deadlines.due(day, extended=True) == date.fromisoformat(extended)


@pytest.mark.parametrize(
    ("today", "number"), [("2027-02-07", 0), ("2027-02-08", 1), ("2027-02-13", 1), ("2027-02-14", 2), ("2027-03-01", 2)]
)
def test_a_week_and_a_day_before_it_is_reminded_of(today, number):
    assert deadlines.reminders(date(2027, 2, 15), date.fromisoformat(today)) == number
