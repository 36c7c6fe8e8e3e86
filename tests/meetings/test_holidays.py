"""The days on which a city rests, against lists that others have published."""

from datetime import date, timedelta

import pytest

from caucusmail import languages, zones
from caucusmail.meetings import holidays
from caucusmail.meetings.holidays import Calendar

EASTERS = [
    "2024-03-31",
    "2025-04-20",
    "2026-04-05",
    "2027-03-28",
    "2028-04-16",
    "2029-04-01",
    "2030-04-21",
    "2038-04-25",
]


@pytest.mark.parametrize("day", EASTERS)
def test_easter_is_on_the_day_that_churches_print(day):
    assert holidays.easter(int(day[:4])).isoformat() == day


def days(calendar: Calendar, year: int) -> list[str]:
    return [f"{one.day:%m-%d}" for one in holidays.of(calendar, year) if not one.about]


def test_the_netherlands_rest_as_its_law_says():
    # 2022, as published with Algemene termijnenwet, article 3; 2025: the king's birthday on Saturday, for the 27th is a Sunday
    assert days(Calendar.NETHERLANDS, 2022) == [
        "01-01", "04-15", "04-18", "04-27", "05-05", "05-26", "06-06", "12-25", "12-26",
    ]  # fmt: skip
    assert "04-26" in days(Calendar.NETHERLANDS, 2025)
    assert "04-27" not in days(Calendar.NETHERLANDS, 2025)


def test_federal_offices_rest_on_the_day_beside_a_weekend():
    # opm.gov, federal holidays of 2027: Juneteenth, Independence and Christmas are kept beside the weekend
    assert days(Calendar.UNITED_STATES, 2027) == [
        "01-01", "01-18", "02-15", "05-31", "06-18", "07-05", "09-06", "10-11", "11-11", "11-25", "12-24", "12-31",
    ]  # fmt: skip


def test_headquarters_rests_as_its_circular_of_2017_says():
    # ST/IC, official holidays for 2017 at United Nations Headquarters
    assert days(Calendar.UNITED_NATIONS, 2017) == ["01-02", "04-14", "05-29", "07-04", "09-04", "11-23", "12-25"]


@pytest.mark.parametrize(("day", "name"), [("2017-09-01", "Eid al-Adha"), ("2017-06-26", "Eid al-Fitr"),
                                           ("2020-07-31", "Eid al-Adha"), ("2026-03-20", "Eid al-Fitr")])  # fmt: skip
def test_the_eids_are_named_on_the_day_and_on_those_beside_it(day, name):
    found = holidays.on(date.fromisoformat(day), zones.NEW_YORK)
    assert [(str(one.name), one.about) for one in found] == [(name, True)]
    assert holidays.say(found[0]) == f"About that day is {name}, a holiday at United Nations Headquarters."


def test_what_two_calendars_know_is_said_once_and_in_each_language():
    (one,) = holidays.on(date(2027, 11, 25), zones.NEW_YORK)
    assert holidays.say(one) == (
        "That day is Thanksgiving Day, a federal holiday in the United States and a holiday at United Nations Headquarters."
    )
    with languages.use("fr"):
        assert "Thanksgiving" in holidays.say(one)
        assert "That day" not in holidays.say(one)


def test_of_every_day_of_twenty_years_at_most_a_few_are_holidays_and_none_fails():
    day, found = date(2020, 1, 1), 0
    while day < date(2040, 1, 1):
        found += bool(holidays.on(day, zones.THE_HAGUE))
        day += timedelta(days=1)
    assert 20 * 8 <= found <= 20 * 9
    assert holidays.on(date(2027, 4, 27), "Asia/Tokyo") == []
