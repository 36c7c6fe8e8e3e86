from datetime import UTC, date, datetime, timedelta

import pytest

from caucusmail import clock
from caucusmail.database import db, transaction
from caucusmail.delivery.models import DeliveryState
from caucusmail.groups import pauses, queries, undo
from caucusmail.groups.models import Mode
from caucusmail.groups.queries import Standing
from tests import make
from tests.groups.leaving import copy, served


def at(monkeypatch, moment: datetime) -> None:
    monkeypatch.setattr(clock, "now", lambda: moment)


@pytest.fixture
def member(monkeypatch):
    """A member in Nairobi (UTC+3); it is half past ten in the evening there, on 23 November 2026."""
    at(monkeypatch, datetime(2026, 11, 23, 19, 30, tzinfo=UTC))
    caucus = make.caucus("water")
    group = make.group(caucus)
    return make.member(caucus, make.person(zone="Africa/Nairobi"), group), caucus, group


def only(person):
    (place,) = queries.subscriptions(person)
    return place


def test_a_pause_from_today_begins_now_and_ends_when_the_day_begins_there(member):
    person, caucus, group = member
    pauses.pause(person, caucus, None, date(2027, 1, 31), by=person)
    assert (only(person).paused_from, only(person).paused_until) == (
        clock.now(),
        datetime(2027, 1, 30, 21, tzinfo=UTC),
    )
    db.session.flush()
    assert served(group) == []


def test_letters_come_again_at_the_very_beginning_of_the_day(member, monkeypatch):
    person, caucus, group = member
    with transaction():
        pauses.pause(person, caucus, None, date(2027, 1, 31), by=person)
    at(monkeypatch, datetime(2027, 1, 30, 20, 59, 59, tzinfo=UTC))
    assert served(group) == []
    at(monkeypatch, datetime(2027, 1, 30, 21, 0, tzinfo=UTC))
    assert served(group) == [person]
    assert queries.places(person)[0].standing is Standing.ACTIVE


def test_a_pause_that_lies_ahead_does_not_stop_letters_yet(member):
    person, caucus, group = member
    with transaction():
        pauses.pause(person, caucus, date(2026, 12, 20), date(2027, 1, 10), by=person)
    assert served(group) == [person]
    (place,) = queries.places(person)
    assert place.standing is Standing.ACTIVE
    assert place.paused_from == datetime(2026, 12, 19, 21, tzinfo=UTC)


def test_tomorrow_in_utc_is_today_in_auckland(member):
    person, caucus, _group = member
    person.zone = "Pacific/Auckland"  # there it is the 24th already
    with pytest.raises(pauses.BadDay, match="Mon 23 Nov 2026 is in the past"):
        pauses.pause(person, caucus, date(2026, 11, 23), None, by=person)
    pauses.pause(person, caucus, date(2026, 11, 24), date(2026, 11, 25), by=person)
    assert only(person).paused_until == datetime(2026, 11, 24, 11, tzinfo=UTC)


@pytest.mark.parametrize(
    ("first", "back", "field", "words"),
    [
        (date(2026, 11, 22), None, "first", "is in the past"),
        (None, date(2026, 11, 23), "back", "Choose a day after it"),
        (date(2027, 1, 10), date(2027, 1, 1), "back", "begins on Sun 10 Jan 2027"),
        (None, date(2027, 11, 24), "back", "choose Tue 23 Nov 2027 or a day before"),
        (date(2027, 11, 24), None, "first", "more than a year away"),
        (date(9999, 12, 31), None, "first", "more than a year away"),
        (None, date(9999, 12, 31), "back", "twelve months"),
        (date(1, 1, 1), None, "first", "is in the past"),
    ],
)
def test_days_that_make_no_sense_are_refused_in_words(member, first, back, field, words):
    person, caucus, _group = member
    with pytest.raises(pauses.BadDay, match=words) as refusal:
        pauses.pause(person, caucus, first, back, by=person)
    assert refusal.value.field == field
    assert only(person).paused_from is None


def test_until_they_say_is_twelve_months_at_the_most(member):
    person, _caucus, _group = member
    pauses.pause(person, None, date(2026, 12, 1), None, by=person)
    assert only(person).paused_until == datetime(2027, 11, 30, 21, tzinfo=UTC)


def test_a_leap_day_plus_a_year_is_the_28th():
    assert pauses.year_after(date(2028, 2, 29)) == date(2029, 2, 28)
    assert pauses.year_after(date(2027, 2, 28)) == date(2028, 2, 28)


def test_all_caucuses_are_paused_by_one_word(member):
    person, _caucus, _group = member
    other = make.caucus()
    make.member(other, person, make.group(other))
    with transaction():
        pauses.pause(person, None, None, None, by=person)
    assert {place.standing for place in queries.places(person)} == {Standing.PAUSED}


def test_one_caucus_is_paused_alone(member):
    person, caucus, _group = member
    other = make.caucus()
    make.member(other, person, make.group(other))
    with transaction():
        pauses.pause(person, other, None, None, by=person)
    assert {p.caucus: p.standing for p in queries.places(person)} == {
        caucus: Standing.ACTIVE,
        other: Standing.PAUSED,
    }


def test_who_waits_has_nothing_to_pause(member):
    with pytest.raises(pauses.NothingToPause):
        pauses.pause(make.person(), None, None, None, by=None)


def test_resuming_brings_letters_back_at_once(member):
    person, caucus, group = member
    with transaction():
        pauses.pause(person, caucus, None, None, by=person)
        pauses.resume(person, caucus, by=person)
    assert served(group) == [person]
    assert pauses.resume(person, caucus, by=person) is None


def test_pause_and_resume_are_taken_back_exactly(member):
    person, caucus, _group = member
    with transaction():
        first = pauses.pause(person, caucus, date(2026, 12, 1), date(2026, 12, 9), by=person)
    paused = (only(person).paused_from, only(person).paused_until)
    with transaction():
        second = pauses.resume(person, caucus, by=person)
    with pytest.raises(pauses.ChangedAgain):
        undo.take_back(first)
    with transaction():
        undo.take_back(second)
    assert (only(person).paused_from, only(person).paused_until) == paused
    with transaction():
        undo.take_back(first)
    assert only(person).paused_from is None


def test_a_pause_withdraws_what_falls_into_it_and_its_undo_owes_it_again(member):
    person, caucus, group = member
    inside, after = copy(person, group), copy(person, group, due_at=clock.now() + timedelta(days=5))
    with transaction():
        step = pauses.pause(person, caucus, None, date(2026, 11, 26), by=person)
    db.session.expire_all()
    assert (inside.state, after.state) == (DeliveryState.WITHDRAWN, DeliveryState.QUEUED)
    with transaction():
        undo.take_back(step)
    db.session.refresh(inside)
    assert inside.state is DeliveryState.QUEUED


def test_reading_on_the_site_stops_letters_and_can_be_taken_back(member):
    person, _caucus, group = member
    with transaction():
        step = pauses.set_mode(person, group, Mode.NONE, by=person)
    assert served(group) == []
    assert pauses.set_mode(person, group, Mode.NONE, by=person) is None
    with transaction():
        undo.take_back(step)
    assert served(group) == [person]


def test_ending_a_pause_owes_again_what_it_had_withdrawn(member):
    person, caucus, group = member
    coming, long_gone = copy(person, group, due_at=clock.now() + timedelta(days=3)), copy(person, group)
    with transaction():
        pauses.pause(person, caucus, None, None, by=person)
    with transaction():
        long_gone.due_at = clock.now() - timedelta(days=1)
    with transaction():
        pauses.resume(person, caucus, by=person)
    db.session.expire_all()
    assert (coming.state, long_gone.state) == (DeliveryState.QUEUED, DeliveryState.WITHDRAWN)


def test_taking_the_end_of_a_pause_back_withdraws_what_lies_ready(member):
    person, caucus, group = member
    with transaction():
        pauses.pause(person, caucus, None, None, by=person)
    with transaction():
        step = pauses.resume(person, caucus, by=person)
    ready = copy(person, group, due_at=clock.now() + timedelta(days=3))
    with transaction():
        undo.take_back(step)
    db.session.refresh(ready)
    assert ready.state is DeliveryState.WITHDRAWN


def test_wanting_letters_again_owes_what_reading_on_the_site_had_withdrawn(member):
    person, _caucus, group = member
    coming = copy(person, group, due_at=clock.now() + timedelta(days=3))
    with transaction():
        pauses.set_mode(person, group, Mode.NONE, by=person)
    with transaction():
        pauses.set_mode(person, group, Mode.EVERY, by=person)
    db.session.refresh(coming)
    assert coming.state is DeliveryState.QUEUED
