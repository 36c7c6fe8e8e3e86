"""When letters may reach a person; pure."""

from datetime import UTC, date, datetime, time, timedelta

import pytest

from caucusmail import languages, zones
from caucusmail.accounts import hours
from caucusmail.accounts.hours import Hours

NAIROBI = Hours("Africa/Nairobi", 8, 18, "12345")
NIGHT = Hours("Africa/Nairobi", 20, 2, "12345")
GULF = Hours("Asia/Riyadh", 9, 17, "12347")


def utc(*parts: int) -> datetime:
    return datetime(*parts, tzinfo=UTC)


@pytest.mark.parametrize(
    ("at", "wanted", "opens"),
    [
        (utc(2026, 11, 30, 10), NAIROBI, utc(2026, 11, 30, 10)),  # Monday 13:00
        (utc(2026, 11, 30, 4, 59), NAIROBI, utc(2026, 11, 30, 5)),  # 07:59
        (utc(2026, 11, 30, 15), NAIROBI, utc(2026, 12, 1, 5)),  # 18:00
        (utc(2026, 12, 4, 15), NAIROBI, utc(2026, 12, 7, 5)),  # Friday 18:00
        (utc(2026, 11, 30, 17), NIGHT, utc(2026, 11, 30, 17)),  # Monday 20:00
        (utc(2026, 11, 30, 22, 59), NIGHT, utc(2026, 11, 30, 22, 59)),  # Tuesday 01:59
        (utc(2026, 11, 30, 23), NIGHT, utc(2026, 12, 1, 17)),  # Tuesday 02:00
        (utc(2026, 12, 4, 22), NIGHT, utc(2026, 12, 4, 22)),  # Saturday 01:00 belongs to Friday
        (utc(2026, 12, 6, 22), NIGHT, utc(2026, 12, 7, 17)),  # Monday 01:00 belongs to Sunday
        (utc(2026, 12, 4, 9), GULF, utc(2026, 12, 6, 6)),  # Friday is free there, Sunday is not
        (utc(2026, 12, 4, 15), Hours("Africa/Nairobi", None, None, "12345"), utc(2026, 12, 4, 15)),
        (utc(2026, 12, 4, 22), Hours("UTC", 0, 24, "5"), utc(2026, 12, 4, 22)),
        (utc(2026, 12, 5), Hours("UTC", 0, 24, "5"), utc(2026, 12, 11)),
    ],
)
def test_letters_come_inside_the_hours_of_their_own_days(at, wanted, opens):
    assert hours.opening(at, wanted) == opens


@pytest.mark.parametrize(
    ("wanted", "comes"),
    [
        (NAIROBI, utc(2026, 12, 7, 5)),
        (Hours("Africa/Nairobi", None, None, "12345"), utc(2026, 12, 7, 5)),  # at eight, where nothing is chosen
        (NIGHT, utc(2026, 12, 7, 17)),
        (GULF, utc(2026, 12, 6, 6)),
        (Hours("Asia/Riyadh", 9, 17, "12347", weekly=True), utc(2026, 12, 6, 6)),
        (Hours("UTC", 7, 9, "1234567", weekly=True), utc(2026, 12, 7, 7)),
    ],
)
def test_a_digest_comes_when_they_begin_daily_or_on_the_first_day_of_their_week(wanted, comes):
    assert hours.digest(utc(2026, 12, 5, 12), wanted) == comes


def test_a_digest_never_comes_at_the_very_moment_of_what_it_would_hold():
    assert hours.digest(utc(2026, 12, 7, 5), NAIROBI) == utc(2026, 12, 8, 5)


@pytest.mark.parametrize("hour", [1, 2, 3])
@pytest.mark.parametrize("day", [utc(2027, 3, 27, 12), utc(2027, 10, 30, 12)])
def test_a_clock_change_inside_neither_doubles_nor_drops_a_digest(hour, day):
    wanted = Hours(zones.THE_HAGUE, hour, hour + 2, hours.WEEK)
    found, at = [], day
    while at < day + timedelta(days=3):
        at = hours.digest(at, wanted)
        found.append(zones.day(at, wanted.zone))
    assert found == sorted(set(found))
    assert [one - found[0] for one in found] == [timedelta(days=number) for number in range(len(found))]


@pytest.mark.parametrize("zone", zones.names()[::25])
@pytest.mark.parametrize("days", ["12345", "12347", "6", "1234567"])
def test_everywhere_the_next_opening_is_inside(zone, days):
    wanted = Hours(zone, 8, 18, days)
    for step in range(0, 24 * 10, 7):
        at = utc(2026, 10, 20) + timedelta(hours=step)
        opens = hours.opening(at, wanted)
        local = opens.astimezone(zones.zone(zone))
        assert at <= opens <= at + timedelta(days=7)
        assert str(local.isoweekday()) in days
        assert 8 <= local.hour < 18
        assert hours.opening(opens, wanted) == opens


CHANGES = [  # by half an hour, at midnight, to an hour of the day before, from the last hour of a day to the next
    ("Europe/Amsterdam", utc(2027, 3, 27), utc(2027, 10, 30)),
    ("America/Santiago", utc(2027, 9, 4), utc(2027, 4, 3)),
    ("America/Havana", utc(2027, 3, 13), utc(2027, 11, 6)),
    ("America/Nuuk", utc(2027, 3, 27), utc(2027, 10, 30)),
    ("Australia/Lord_Howe", utc(2027, 10, 2), utc(2027, 4, 3)),
]


@pytest.mark.parametrize("days", ["5", "6", "67", "12345", "1234567"])
@pytest.mark.parametrize(("begins", "ends"), [(20, 2), (18, 6), (23, 1), (22, 3), (3, 2), (2, 1), (8, 18), (0, 24)])
@pytest.mark.parametrize(("zone", "on", "back"), CHANGES)
def test_nights_end_on_the_next_day_whatever_the_clocks_do(zone, on, back, begins, ends, days):
    wanted = Hours(zone, begins, ends, days)
    for around in (on, back):
        spans = nights(wanted, around)
        for step in range(48 * 4):
            at = around - timedelta(days=1) + timedelta(minutes=30 * step)
            inside = any(opens <= at < closes for opens, closes in spans)
            assert hours.opening(at, wanted) == (at if inside else min(opens for opens, _ in spans if opens > at))


def nights(wanted: Hours, around: datetime) -> list[tuple[datetime, datetime]]:
    """When the hours begin and end in the weeks ``around`` a day, each by the wall clock there."""
    days = [around.date() + timedelta(days=number) for number in range(-9, 18)]
    return [
        (wall(day, wanted.begins, wanted), wall(day + timedelta(days=wanted.ends < wanted.begins), wanted.ends, wanted))
        for day in days
        if str(day.isoweekday()) in wanted.days
    ]


def wall(day: date, hour: int, wanted: Hours) -> datetime:
    """``hour`` of ``day`` there; 24 is the next midnight."""
    clock = datetime.combine(day + timedelta(days=hour // 24), time(hour % 24), tzinfo=zones.zone(wanted.zone))
    return clock.astimezone(UTC)


def test_the_end_is_said_with_its_day():
    with languages.use("en"):
        assert hours.until(NIGHT) == "02:00 on the next day"
        assert hours.until(NAIROBI) == "18:00"
        assert hours.until(Hours("UTC", None, None, "1")) == ""


def test_days_are_named_from_the_first_of_their_week():
    with languages.use("en"):
        assert hours.weekdays("12345") == "Monday to Friday"
        assert hours.weekdays("12347") == "Sunday to Thursday"
        assert "Wednesday" in hours.weekdays("136")
        assert hours.weekdays(hours.WEEK) == "every day"
