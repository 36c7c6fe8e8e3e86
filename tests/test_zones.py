from datetime import UTC, date, datetime, timedelta

import pytest

from caucusmail import zones


@pytest.mark.parametrize(
    ("zone", "day", "begins"),
    [
        ("Europe/Amsterdam", date(2027, 3, 28), datetime(2027, 3, 27, 23, tzinfo=UTC)),  # the clocks change at 2:00
        ("Europe/Amsterdam", date(2027, 3, 29), datetime(2027, 3, 28, 22, tzinfo=UTC)),
        ("Africa/Cairo", date(2027, 4, 30), datetime(2027, 4, 29, 22, tzinfo=UTC)),  # midnight itself is jumped over
        ("America/Havana", date(2026, 11, 1), datetime(2026, 11, 1, 4, tzinfo=UTC)),  # midnight to one comes twice
        ("Asia/Kathmandu", date(2027, 1, 1), datetime(2026, 12, 31, 18, 15, tzinfo=UTC)),
    ],
)
def test_a_day_begins_at_its_first_moment_on_the_clock_there(zone, day, begins):
    assert zones.day_begins(day, zone) == begins
    before = (begins - timedelta(seconds=1)).astimezone(zones.zone(zone))
    assert before.date() < day <= begins.astimezone(zones.zone(zone)).date()


@pytest.mark.parametrize("year", [1, 1899, 2200, 9999])
def test_a_year_out_of_reach_has_no_instant(year):
    with pytest.raises(zones.OutOfReach, match=str(year)):
        zones.instant(datetime(year, 12, 31, 23, 30), zones.NEW_YORK)
