"""The time with the fewest clashes: generated calendars, the best found by trying every minute of them the slow way."""

import random
from datetime import UTC, date, datetime, time, timedelta

import pytest

from caucusmail import zones
from caucusmail.announcements import slots
from caucusmail.announcements.slots import Booked
from caucusmail.directory import rounding
from caucusmail.meetings.models import MeetingSession
from tests.meetings.test_icalendar import meeting
from tests.meetings.test_programme import part

NOW = datetime(2027, 1, 4, 12, tzinfo=UTC)


def walls(subject, now=NOW) -> list[str]:
    zone = zones.zone(subject.zone)
    return [f"{at.astimezone(zone):%a %d %H:%M}" for at in slots.candidates(subject, now)]


def test_times_are_in_the_working_hours_of_the_city_and_not_in_the_night_of_the_other_seat():
    found = walls(meeting("2027-11-30T12:30", zones.THE_HAGUE))
    assert found[:2] == ["Tue 30 13:00", "Tue 30 13:30"]
    assert found[11:14] == ["Wed 01 12:00", "Wed 01 12:30", "Wed 01 13:00"]  # 06:00 in New York
    assert {one[-5:] for one in found} == {f"{h:02}:{m:02}" for h in range(12, 19) for m in (0, 30)} - {"18:30"}
    assert [one[:6] for one in dict.fromkeys(one[:6] for one in found)] == [
        "Tue 30",
        "Wed 01",
        "Thu 02",
        "Fri 03",
        "Mon 06",
    ]
    york = walls(meeting("2027-11-30T08:00", zones.NEW_YORK))
    assert (york[0], max(one[-5:] for one in york)) == ("Tue 30 08:30", "15:00")  # it ends at 22:00 in The Hague


def test_a_long_meeting_that_fits_nowhere_has_no_other_time_and_what_is_past_is_none():
    assert walls(meeting("2027-11-30T08:00", zones.THE_HAGUE, hours=8)) == []
    late = datetime(2027, 12, 6, 17, 45, tzinfo=UTC)
    assert walls(meeting("2027-11-30T12:30", zones.THE_HAGUE), late) == []


def test_days_of_the_session_in_that_city_count_instead_of_working_days_and_holidays_do_not():
    parts = [part("2027-12-03", "2027-12-05"), part("2027-12-06", "2027-12-08", zones.NEW_YORK)]
    session = MeetingSession(slug="x", names={}, parts=parts)
    inside = meeting("2027-12-03T10:00", zones.THE_HAGUE, session=session)
    assert slots.days(inside) == [date(2027, 12, 3), date(2027, 12, 4), date(2027, 12, 5)]
    assert slots.days(meeting("2027-12-01T10:00", zones.THE_HAGUE, session=session))[0] == date(2027, 12, 1)
    before_thanksgiving = meeting("2027-11-24T10:00", zones.NEW_YORK)
    assert [one.day for one in slots.days(before_thanksgiving)] == [24, 26, 29, 30, 1]


def booked(day: int, hour: float, people, *, hours: float = 1, hidden: bool = False) -> Booked:
    begins = datetime(2027, 11, day, tzinfo=UTC) + timedelta(hours=hour - 1)  # on The Hague's clock
    return Booked(begins, begins + timedelta(hours=hours), frozenset(people), hidden)


def test_meetings_that_touch_do_not_clash_and_one_person_counts_once():
    subject = meeting("2027-11-30T13:00", zones.THE_HAGUE)
    at = (subject.starts_at, subject.ends_at)
    assert slots.expected_elsewhere([booked(30, 12, {1}), booked(30, 14, {2})], *at) == 0
    assert slots.expected_elsewhere([booked(30, 12.5, {1, 2}), booked(30, 13.5, {2, 3})], *at) == 3


def test_of_hidden_groups_less_than_five_count_as_nobody_so_that_no_other_time_tells_of_one():
    subject = meeting("2027-11-30T13:00", zones.THE_HAGUE)
    for number, counted in ((0, 0), (1, 0), (4, 0), (5, 5), (9, 5), (23, 20)):
        here = [booked(30, 13, range(number), hidden=True)]
        assert slots.expected_elsewhere(here, subject.starts_at, subject.ends_at) == counted
        assert (slots.best(subject, here, NOW) is None) is (counted == 0)


def slow(subject, calendar, now=NOW):
    """Every half hour of five working days, reckoned from the words of the rule."""
    length, city, other = subject.ends_at - subject.starts_at, zones.zone(zones.THE_HAGUE), zones.zone(zones.NEW_YORK)

    def cost(begins):
        hit = [one for one in calendar if one.begins < begins + length and begins < one.ends]
        plain = {person for one in hit if not one.hidden for person in one.people}
        hidden = {person for one in hit if one.hidden for person in one.people} - plain
        return len(plain) + (rounding.rounded(len(hidden)) or 0)

    best, days, at = (cost(subject.starts_at), None), set(), subject.starts_at.replace(hour=0, minute=0)
    while at < subject.starts_at + timedelta(days=9):
        here, there = ((at.astimezone(zone), (at + length).astimezone(zone)) for zone in (city, other))
        if here[0].weekday() < 5:
            days.add(here[0].date())
        fits = (
            here[0].date() in sorted(days)[:5]
            and here[0].time() >= time(8)
            and (here[1].date(), here[1].time() <= time(19)) == (here[0].date(), True)
            and there[0].hour >= 6
        )
        if fits and at > max(subject.starts_at, now) and cost(at) < best[0]:
            best = (cost(at), at)
        at += timedelta(minutes=30)
    return best


@pytest.mark.parametrize("seed", range(60))
def test_what_is_suggested_is_the_first_of_the_best(seed):
    luck = random.Random(seed)
    subject = meeting(f"2027-11-{luck.choice((29, 30))}T{luck.randint(8, 18):02}:{luck.choice(('00', '15', '30'))}", zones.THE_HAGUE, hours=luck.choice((0.5, 1, 1.5, 3)))  # fmt: skip
    calendar = [
        booked(
            luck.randint(28, 30), luck.choice((8, 9.25, 12, 13, 15.5, 30, 37, 61, 84)), luck.sample(range(60), luck.randint(0, 40)),
            hours=luck.choice((0.5, 1, 2, 6)), hidden=luck.random() < 0.4,
        )
        for _ in range(luck.randint(1, 30))
    ]  # fmt: skip
    expected = slow(subject, calendar)
    found = slots.best(subject, calendar, NOW)
    assert (None if found is None else found.begins) == expected[1]
    if found is not None:
        assert (found.people, found.ends - found.begins) == (expected[0], subject.ends_at - subject.starts_at)
