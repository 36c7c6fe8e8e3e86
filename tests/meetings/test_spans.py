from datetime import UTC, datetime, timedelta

import pytest

from caucusmail import zones
from caucusmail.errors import Invalid
from caucusmail.meetings import spans

HAGUE, YORK = zones.THE_HAGUE, zones.NEW_YORK


def span(starts: str, ends: str, zone: str = HAGUE, second: bool | None = None) -> tuple[datetime, datetime]:
    return spans.span(datetime.fromisoformat(starts), datetime.fromisoformat(ends), zone, second)


def utc(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


@pytest.mark.parametrize(("wall", "zone"), [("2027-03-28T02:30", HAGUE), ("2027-03-14T02:30", YORK)])
def test_a_wall_time_that_the_clocks_jump_over_is_refused_beside_its_field(wall, zone):
    with pytest.raises(zones.NeverOnTheClock, match="does not exist") as refused:
        span(wall, wall[:11] + "09:00", zone)
    assert refused.value.field == "starts"
    with pytest.raises(zones.NeverOnTheClock) as refused:
        span(wall[:11] + "00:30", wall, zone)
    assert refused.value.field == "ends"


@pytest.mark.parametrize(
    ("wall", "zone", "first", "second"),
    [
        ("2027-10-31T02:30", HAGUE, "2027-10-31T00:30", "2027-10-31T01:30"),
        ("2027-11-07T01:30", YORK, "2027-11-07T05:30", "2027-11-07T06:30"),
    ],
)
def test_a_start_that_comes_twice_asks_which(wall, zone, first, second):
    ends = wall[:11] + "09:00"
    with pytest.raises(zones.TwiceOnTheClock, match="comes twice") as refused:
        span(wall, ends, zone)
    assert refused.value.field == "starts"
    assert span(wall, ends, zone, second=False)[0] == utc(first)
    assert span(wall, ends, zone, second=True)[0] == utc(second)
    assert spans.ambiguous(datetime.fromisoformat(wall), datetime.fromisoformat(ends), zone)


@pytest.mark.parametrize(
    ("starts", "ends", "second", "minutes"),
    [
        ("02:50", "02:40", False, 50),  # from the first pass into the second
        ("02:10", "02:40", True, 30),  # both in the second
        ("02:10", "02:40", False, 30),  # both in the first
        ("01:30", "02:30", False, 60),
        ("01:30", "02:30", True, 120),
    ],
)
def test_an_end_that_comes_twice_is_one_that_can_be(starts, ends, second, minutes):
    begins, over = span(f"2027-10-31T{starts}", f"2027-10-31T{ends}", second=second)
    assert over - begins == timedelta(minutes=minutes)


def test_an_end_that_could_be_either_asks_which():
    with pytest.raises(zones.TwiceOnTheClock) as refused:
        span("2027-10-31T01:30", "2027-10-31T02:30")
    assert refused.value.field == "ends"


def test_a_night_without_a_change_and_an_end_long_after_it_are_clear():
    for starts, ends in (("2027-10-30T02:30", "2027-10-30T03:00"), ("2027-10-31T01:30", "2027-10-31T03:00")):
        assert not spans.ambiguous(datetime.fromisoformat(starts), datetime.fromisoformat(ends), HAGUE)
    begins, over = span("2027-10-31T01:30", "2027-10-31T03:00")
    assert over - begins == timedelta(hours=2, minutes=30)


@pytest.mark.parametrize("ends", ["2027-11-30T08:15", "2027-11-30T08:00", "2027-11-29T09:15"])
def test_an_end_must_come_after_the_start(ends):
    with pytest.raises(Invalid, match="after the start") as refused:
        span("2027-11-30T08:15", ends)
    assert refused.value.field == "ends"


def test_a_meeting_lasts_two_weeks_at_most():
    begins, over = span("2027-11-01T09:00", "2027-11-15T09:00")
    assert over - begins == timedelta(days=14)
    with pytest.raises(Invalid, match="longer than two weeks") as refused:
        span("2027-11-01T09:00", "2027-11-15T09:01")
    assert refused.value.field == "ends"


@pytest.mark.parametrize(
    ("reply", "zone", "field", "words"),
    [
        ("2027-10-31T02:30", HAGUE, "reply_by", "an hour earlier or later"),
        ("2027-03-28T02:30", HAGUE, "reply_by", "does not exist"),
        ("2027-10-31T12:00", "Europe/The_Hague", "reply_zone", "is not a time zone"),
    ],
)
def test_a_deadline_that_cannot_be_is_refused_beside_its_field(reply, zone, field, words):
    with pytest.raises(Invalid, match=words) as refused:
        spans.deadline(datetime.fromisoformat(reply), zone)
    assert refused.value.field == field
