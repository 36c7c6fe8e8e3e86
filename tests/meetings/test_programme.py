"""The weeks of a session: which day a meeting stands on, by which clock, and what lies before and after."""

from datetime import UTC, date, datetime

import pytest

from caucusmail import languages, zones
from caucusmail.meetings import programme
from caucusmail.meetings.models import MeetingSession, SessionPart
from tests.meetings.test_icalendar import meeting

NOW = datetime(2020, 11, 1, tzinfo=UTC)


def part(begins: str, ends: str, zone: str = zones.THE_HAGUE, city: str = "") -> SessionPart:
    return SessionPart(begins_on=begins, ends_on=ends, city=city or zones.city(zone), zone=zone)


def split() -> MeetingSession:
    """The nineteenth Assembly: three days in The Hague, then New York, resumed there in February."""
    york = zones.NEW_YORK
    parts = [
        part("2020-12-14", "2020-12-16"),
        part("2020-12-17", "2020-12-23", york),
        part("2021-02-01", "2021-02-01", york),
    ]
    return MeetingSession(slug="asp19", names={"en": "Nineteenth"}, parts=parts)


def placed(starts: str, zone: str) -> tuple[str, str, list[str]]:
    session, one = split(), meeting(starts, zone)
    on = programme.on(session, one)
    week = programme.week(session, [one], on, NOW)
    (day,) = [day for day in week.days if day.entries]
    return day.on.isoformat(), programme.spanned(day.entries[0]), [f"{c.city} {c.time}" for c in day.entries[0].seats]


@pytest.mark.parametrize(
    ("starts", "zone", "found"),
    [
        ("2020-12-14T08:15", zones.THE_HAGUE, ("2020-12-14", "08:15–09:15", ["New York 02:15"])),
        ("2020-12-17T08:15", zones.NEW_YORK, ("2020-12-17", "08:15–09:15", ["The Hague 14:15"])),
        ("2020-12-17T14:00", zones.THE_HAGUE, ("2020-12-17", "08:00–09:00", ["The Hague 14:00"])),
        ("2020-12-21T01:00", "Africa/Nairobi", ("2020-12-20", "17:00–18:00", ["The Hague 23:00"])),
        ("2021-02-01T09:00", zones.NEW_YORK, ("2021-02-01", "09:00–10:00", ["The Hague 15:00"])),
        ("2021-01-10T09:00", zones.THE_HAGUE, ("2021-01-10", "03:00–04:00", ["The Hague 09:00"])),
    ],
)
def test_a_meeting_stands_on_the_day_of_the_city_where_the_session_is(starts, zone, found):
    assert placed(starts, zone) == found


def test_in_the_weeks_when_the_clocks_disagree_the_other_seat_is_reckoned_for_that_day():
    session = MeetingSession(slug="x", names={}, parts=[part("2027-03-15", "2027-03-19", zones.NEW_YORK)])
    (day,) = [
        one
        for one in programme.week(session, [meeting("2027-03-17T09:00", zones.NEW_YORK)], None, NOW).days
        if one.entries
    ]
    assert [clock.time for clock in day.entries[0].seats] == ["14:00"]


def test_weeks_without_anything_are_passed_over():
    session = split()
    first = programme.week(session, [], None, NOW)
    assert (first.monday, first.before, first.after) == (date(2020, 12, 14), None, date(2020, 12, 21))
    assert [day.city for day in first.days] == ["The Hague"] * 3 + ["New York"] * 4
    assert first.empty
    second = programme.week(session, [], first.after, NOW)
    assert (second.before, second.after) == (date(2020, 12, 14), date(2021, 2, 1))
    assert [day.on.day for day in second.days] == [21, 22, 23]
    assert programme.week(session, [], None, datetime(2020, 12, 20, tzinfo=UTC)).monday == date(2020, 12, 14)
    assert programme.week(session, [], None, datetime(2021, 1, 1, tzinfo=UTC)).monday == date(2021, 2, 1)
    assert programme.week(session, [], None, datetime(2022, 1, 1, tzinfo=UTC)).monday == date(2020, 12, 14)


def test_a_meeting_outside_the_session_s_days_has_its_week_and_its_day():
    early = meeting("2020-12-07T10:00", zones.THE_HAGUE)
    week = programme.week(split(), [early], date(2020, 12, 7), NOW)
    assert [(day.on, day.within) for day in week.days] == [(date(2020, 12, 7), False)]
    assert (week.before, week.after, week.hours) == (None, date(2020, 12, 14), [10])


def test_every_meeting_stands_on_exactly_one_day_of_exactly_one_week():
    session = split()
    for hour in range(24):
        for day in range(12, 26):
            for zone in (zones.THE_HAGUE, zones.NEW_YORK, "Africa/Nairobi", "Pacific/Auckland", "America/Los_Angeles"):
                one = meeting(f"2020-12-{day}T{hour:02}:30", zone)
                mondays = [date(2020, 12, first) for first in (7, 14, 21, 28)]
                found = [
                    entry
                    for monday in mondays
                    for on in programme.week(session, [one], monday, NOW).days
                    for entry in on.entries
                ]
                assert len(found) == 1, one.starts


def test_a_session_without_parts_and_a_city_in_another_language():
    bare = MeetingSession(slug="x", names={}, parts=[])
    one = meeting("2020-12-07T10:00", zones.THE_HAGUE)
    assert [day.on for day in programme.week(bare, [one], None, NOW).days] == [date(2020, 12, 7)]
    assert programme.week(bare, [], None, NOW).days == []
    with languages.use("fr"):
        assert programme.city(part("2020-12-14", "2020-12-16", city="The Hague")) == "La Haye"
        assert programme.city(part("2020-12-14", "2020-12-16", city="Leiden")) == "Leiden"


def test_a_session_is_over_when_its_last_day_is():
    session = split()
    assert not programme.over(session, datetime(2021, 2, 2, 3, tzinfo=UTC))  # still the first in New York
    assert programme.over(session, datetime(2021, 2, 2, 12, tzinfo=UTC))


def test_the_days_of_a_session_in_parts_are_set_apart_as_the_reader_writes():
    with languages.use("fr"):
        assert programme.told(split()).count("\xa0; ") == 2
    with languages.use("en"):
        assert programme.told(split()).count("; ") == 2
        assert "\xa0;" not in programme.told(split())
