from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from caucusmail import zones
from caucusmail.announcements import day_before

HAGUE, NAIROBI, SYDNEY, NEW_YORK = zones.THE_HAGUE, "Africa/Nairobi", "Australia/Sydney", zones.NEW_YORK


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


@pytest.mark.parametrize(
    ("zone", "moment"),
    [
        (HAGUE, "2027-11-29T07:15"),  # 08:15 there
        (NAIROBI, "2027-11-29T07:15"),  # 10:15
        (SYDNEY, "2027-11-29T07:15"),  # 18:15
        (NEW_YORK, "2027-11-29T13:00"),  # 02:15 is night: 08:00
        ("Pacific/Auckland", "2027-11-29T19:00"),  # 20:15 is night: 08:00 of the next day
        ("UTC", "2027-11-29T08:00"),
    ],
)
def test_a_reminder_leaves_a_day_before_or_in_the_readers_next_morning(zone, moment):
    starts = at("2027-11-30T07:15")  # 08:15 in The Hague
    due = at(moment)
    assert day_before.moment(starts, zone) == due
    assert not day_before.due(starts, zone, due - timedelta(seconds=1))
    assert day_before.due(starts, zone, due)


def test_one_that_is_late_waits_for_the_morning_unless_the_meeting_does_not():
    starts = at("2027-11-30T09:00")
    assert day_before.due(starts, "UTC", at("2027-11-29T12:00"))
    assert not day_before.due(starts, "UTC", at("2027-11-29T21:00"))
    assert not day_before.due(starts, "UTC", at("2027-11-30T03:00"))
    assert day_before.due(starts, "UTC", at("2027-11-30T08:00"))
    early = at("2027-11-30T08:30")
    assert day_before.due(early, "UTC", at("2027-11-30T03:00"))
    assert not day_before.due(early, "UTC", early)


@given(
    st.datetimes(datetime(2026, 1, 1), datetime(2030, 1, 1), timezones=st.just(UTC)),
    st.sampled_from([HAGUE, NAIROBI, SYDNEY, NEW_YORK, "Asia/Kathmandu", "Pacific/Kiritimati", "America/St_Johns"]),
)
def test_it_never_leaves_at_night_and_always_in_good_time(starts, zone):
    moment = day_before.moment(starts, zone)
    assert day_before.MORNING <= moment.astimezone(zones.zone(zone)).hour < day_before.EVENING
    assert timedelta(hours=10) < starts - moment <= day_before.AHEAD
    assert day_before.due(starts, zone, moment)
