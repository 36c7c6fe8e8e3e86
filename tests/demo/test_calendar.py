from datetime import UTC, date, datetime, timedelta

import pytest

from caucusmail import zones
from caucusmail.demo import calendar
from caucusmail.meetings.models import MeetingMode

NOW = datetime(2026, 11, 23, 9, tzinfo=UTC)


@pytest.mark.parametrize("today", [NOW.date().replace(month=month, day=15) for month in range(1, 13)])
def test_whatever_the_season_something_was_announced_lately_and_something_lies_ahead(today):
    events = calendar.events(today)
    assert any((today - event.sent).days < 30 for event in events)
    assert any(event.on > today for event in events)
    assert all(event.sent < today for event in events)  # at whatever hour of today it is looked at


def test_it_goes_back_three_years_in_the_order_in_which_it_was_sent():
    sent = [event.sent for event in calendar.events(NOW.date())]
    assert sent == sorted(sent)
    assert timedelta(days=2 * 365) < NOW.date() - sent[0] <= timedelta(days=3 * 365)


@pytest.mark.parametrize("year", range(2019, 2036))
def test_the_assembly_begins_on_the_first_monday_of_december_and_ends_on_the_wednesday_after_next(year):
    first, last = calendar.assembly(year)
    assert (first.month, first.weekday(), first.day <= 7) == (12, 0, True)
    assert (last.weekday(), (last - first).days) == (2, 9)


def test_the_assembly_has_twelve_meetings_between_its_days_and_the_seat_alternates():
    seats = []
    for year in (2024, 2025):
        first, last = calendar.assembly(year)
        held = [event for event in calendar.events(date(year, 12, 31)) if first <= event.on <= last]
        assert len(held) == 12
        assert {event.mode is MeetingMode.ONLINE for event in held} == {True, False}
        seats.append({event.city for event in held} - {"online"})
    assert seats == [{"hague"}, {"new-york"}]


def test_every_meeting_is_sent_before_it_is_held_and_ends_after_it_starts_on_a_clock_we_know():
    for event in calendar.events(NOW.date()):
        assert event.sent < event.on
        assert event.starts < event.ends
        assert zones.instant(event.starts, calendar.ZONE[event.city]) < zones.instant(
            event.ends, calendar.ZONE[event.city]
        )


def test_what_was_moved_and_what_was_cancelled_are_both_there():
    assert {event.fate for event in calendar.events(NOW.date())} == {"", "moved", "cancelled"}


def test_a_title_in_french_has_its_space_before_a_colon():
    assert [event.fr for event in calendar.events(NOW.date()) if ":" in event.fr.replace("\u00a0:", "")] == []


@pytest.mark.parametrize("year", range(2024, 2032))
def test_nothing_is_announced_for_a_weekend(year):
    events = calendar.events(date(year, 12, 31))
    assert [(event.en, event.on) for event in events if event.on.weekday() > 4] == []


@pytest.mark.parametrize("year", range(2024, 2036))
def test_every_year_has_a_meeting_in_each_of_the_weeks_in_which_the_clocks_disagree(year):
    during = [event for event in calendar.events(date(year, 12, 31)) if event.on.year == year]
    months = {
        event.on.month
        for event in during
        if zones.clocks_disagree(zones.instant(event.starts, calendar.ZONE[event.city])) and event.city == "new-york"
    }
    assert 3 in months
    assert months & {10, 11}
