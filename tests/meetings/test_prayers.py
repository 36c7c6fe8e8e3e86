from datetime import UTC, datetime

import pytest

from caucusmail.meetings import prayers


@pytest.mark.parametrize(
    ("zone", "free"),
    [
        ("Asia/Amman", True),
        ("Africa/Cairo", True),
        ("Asia/Riyadh", True),
        ("Asia/Tehran", True),  # Friday alone
        ("Asia/Kabul", True),  # Thursday and Friday
        ("Europe/Amsterdam", False),
        ("America/New_York", False),
        ("Asia/Kathmandu", False),
        ("UTC", False),
        ("Nowhere/None", False),
    ],
)
def test_where_friday_is_a_day_off_as_cldr_says(zone, free):
    assert prayers.keeps_friday(zone) is free


@pytest.mark.parametrize(
    ("begins", "ends", "missed"),
    [  # of UTC: Amman is three hours ahead
        ((15, 8, 0), (15, 9, 0), False),  # 11:00 to 12:00 there
        ((15, 8, 0), (15, 9, 1), True),
        ((15, 10, 59), (15, 12, 0), True),
        ((15, 11, 0), (15, 12, 0), False),  # from 14:00
        ((14, 9, 0), (14, 10, 0), False),  # a Thursday
        ((14, 20, 0), (15, 10, 0), True),  # from Thursday evening
        ((15, 20, 0), (16, 10, 0), False),  # into Saturday noon
    ],
)
def test_a_meeting_at_that_hour_of_the_readers_own_clock_is_missed(begins, ends, missed):
    first, last = (datetime(2027, 1, *one, tzinfo=UTC) for one in (begins, ends))
    assert prayers.at("Asia/Amman", first, last) is missed
    assert not prayers.at("Europe/Amsterdam", first, last)


def test_the_zones_that_miss_something_are_those_of_that_hour_alone():
    noon_in_amman = datetime(2027, 1, 15, 9, 30, tzinfo=UTC), datetime(2027, 1, 15, 10, 30, tzinfo=UTC)
    found = prayers.missed(*noon_in_amman)
    assert {"Asia/Amman", "Asia/Riyadh"} <= set(found)
    assert not {"Europe/Amsterdam", "Asia/Kabul"} & set(found)  # 14:00 and later in Kabul
    assert prayers.missed(*(at.replace(day=16) for at in noon_in_amman)) == []
