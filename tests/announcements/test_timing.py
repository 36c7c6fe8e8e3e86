from datetime import UTC, datetime, timedelta

import pytest

from caucusmail import clock, zones
from caucusmail.announcements import dispatch, timing
from caucusmail.errors import Invalid
from tests.announcements.rooms import STAFF, meeting, peopled, ready


@pytest.fixture
def room():
    return peopled()


@pytest.mark.parametrize("minutes", [-60, 0, 1])
def test_a_time_that_is_not_in_the_future_is_refused(room, minutes):
    sent = ready(room)
    with pytest.raises(Invalid, match="at least two minutes from now") as refused:
        dispatch.confirm(sent, room.caucus.slug, 1, room.by, at=clock.now() + timedelta(minutes=minutes))
    assert refused.value.field == "scheduled_for"


@pytest.mark.parametrize("wall", [datetime(2027, 3, 28, 2, 30), datetime(2027, 10, 31, 2, 30)])
def test_a_time_that_the_clock_never_or_twice_shows_is_refused(wall):
    with pytest.raises(Invalid) as refused:
        timing.at(wall, zones.THE_HAGUE)
    assert refused.value.field == "scheduled_for"
    if wall.month == 10:
        assert timing.at(wall, zones.THE_HAGUE, second=True) - timing.at(
            wall, zones.THE_HAGUE, second=False
        ) == timedelta(hours=1)


NOW = datetime(2027, 11, 23, 9, tzinfo=UTC)


def told(room, at, **more):
    return timing.release(room.drafted(**more), at, NOW, room.by)


def test_now_is_two_minutes_from_now(room):
    assert told(room, None) == NOW + timedelta(minutes=2)


def test_a_time_of_ones_own_is_taken_as_it_is_up_to_a_year_away(room):
    for at in (NOW + timing.HOLD, NOW + timedelta(days=3), NOW + timing.FURTHEST):
        assert told(room, at) == at
    with pytest.raises(Invalid, match="more than a year away") as refused:
        told(room, NOW + timing.FURTHEST + timedelta(seconds=1))
    assert refused.value.field == "scheduled_for"


def test_nothing_leaves_once_its_meeting_has_begun(room):
    starts = zones.instant(datetime(2027, 11, 30, 8, 15), zones.THE_HAGUE)
    assert told(room, starts - timedelta(seconds=1), meeting=meeting()) < starts
    with pytest.raises(Invalid, match="The meeting starts on Tue 30 Nov 2027, 08:15 in The Hague, before") as refused:
        told(room, starts, meeting=meeting())
    assert refused.value.field == "scheduled_for"


def test_what_is_too_soon_is_told_on_the_clock_of_the_meeting_or_of_who_writes(room):
    with pytest.raises(Invalid, match="Tue 23 Nov 2027, 12:01 in Nairobi is too soon"):
        told(room, NOW + timedelta(minutes=1))
    with pytest.raises(Invalid, match="Tue 23 Nov 2027, 10:01 in The Hague is too soon"):
        told(room, NOW + timedelta(minutes=1), meeting=meeting())
    with pytest.raises(Invalid, match="Tue 23 Nov 2027, 09:01 UTC is too soon"):
        timing.release(room.drafted(), NOW + timedelta(minutes=1), NOW, STAFF)


def test_a_city_that_is_none_is_refused_beside_the_city():
    with pytest.raises(Invalid, match="not a time zone") as refused:
        timing.at(datetime(2027, 11, 30, 8), "Europe/The_Hague")
    assert refused.value.field == "scheduled_zone"
