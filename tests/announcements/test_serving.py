"""Reading hours: readers of many zones and weeks, a clock that tests set, and what a relay is given when."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select

from caucusmail import zones
from caucusmail.accounts import hours
from caucusmail.announcements import dispatch, estimate, progress, standing
from caucusmail.announcements.models import Announcement, AnnouncementKind, AnnouncementState
from caucusmail.database import db, transaction
from caucusmail.delivery.models import Delivery, DeliveryState
from caucusmail.groups import pauses
from caucusmail.groups.models import Mode
from tests import make, statements
from tests.announcements import rooms, served
from tests.announcements.served import HOUR, row, sent, to, work

FRIDAY = datetime(2026, 12, 4, 15, tzinfo=UTC)
ZONES = zones.names()[:: len(zones.names()) // 24][:24]
WEEKS = ("12345", "12347", "123456", "2345")


def readers(room, number: int = 24) -> list:
    """One in each zone, from 08:00 until 18:00 of days of their own."""
    found = []
    for at, zone in enumerate(ZONES[:number]):
        more = {"reading_from": 8, "reading_until": 18, "reading_days": WEEKS[at % len(WEEKS)], "zone": zone}
        found.append(make.person(f"Reader {at}", **more))
        served.serve(found[-1], room, Mode.EVERY)
    return found


@pytest.mark.parametrize("day", [datetime(2027, 3, 27, 12, tzinfo=UTC), datetime(2027, 10, 30, 12, tzinfo=UTC)])
def test_who_works_by_night_gets_it_by_night_over_a_clock_change_too(monkeypatch, vrwg, relay, day):
    by_night = {"zone": zones.THE_HAGUE, "reading_from": 20, "reading_until": 4, "reading_days": "6"}
    her, late = make.person("Her", **by_night), make.person("Late", **by_night)
    served.serve(her, vrwg, Mode.EVERY)
    served.serve(late, vrwg, Mode.DIGEST)
    key = sent(monkeypatch, vrwg, day)
    evening = zones.day_begins(day.date(), zones.THE_HAGUE) + 20 * HOUR
    assert {row(key, one).due_at for one in (her, late)} == {evening}
    now = zones.day_begins(day.date(), "UTC") + 25.5 * HOUR  # Sunday, after the clocks have changed, before four
    other = sent(monkeypatch, vrwg, now)
    assert row(other, her).due_at == now


def inside(person, at: datetime) -> bool:
    return hours.opening(at, hours.of(person)) == at


def test_no_copy_comes_outside_their_hours_unless_three_days_are_over(monkeypatch, vrwg, relay):
    people = readers(vrwg)
    anytime = make.person("Any")
    served.serve(anytime, vrwg, Mode.EVERY)
    key = sent(monkeypatch, vrwg, FRIDAY)
    at = FRIDAY
    while db.session.get_one(Announcement, key).state is AnnouncementState.SENDING:
        work(monkeypatch, at)
        at += timedelta(minutes=30)
    assert row(key, anytime).settled_at == FRIDAY
    rows = {one.id: row(key, one) for one in people}
    latest = FRIDAY + 72 * HOUR
    for person in people:
        copy = rows[person.id]
        assert copy.state is DeliveryState.ACCEPTED
        assert copy.settled_at - copy.due_at < timedelta(minutes=30)
        assert copy.due_at == min(hours.opening(FRIDAY, hours.of(person)), latest)
        assert inside(person, copy.due_at) or copy.due_at == latest
    assert len({one.due_at for one in rows.values()}) > 5
    assert {len(to(relay, one)) for one in people} == {1}


def test_urgent_ones_go_at_once(monkeypatch, vrwg, relay):
    people = readers(vrwg)
    key = sent(monkeypatch, vrwg, FRIDAY, urgent=True)
    assert {row(key, one).due_at for one in people} == {FRIDAY}


@pytest.mark.parametrize(("days", "held"), [(1, 0), (2, 24), (9, 72)])
def test_a_meeting_is_known_a_day_before_it_whatever_their_hours(monkeypatch, vrwg, relay, days, held):
    people = readers(vrwg)
    starts = (FRIDAY + timedelta(days=days)).replace(tzinfo=None)
    meeting = rooms.meeting(starts=starts, ends=starts + HOUR, zone="UTC")
    key = sent(monkeypatch, vrwg, FRIDAY, kind=AnnouncementKind.MEETING, meeting=meeting)
    for one in people:
        assert row(key, one).due_at == min(hours.opening(FRIDAY, hours.of(one)), FRIDAY + held * HOUR)


@pytest.mark.parametrize("day", [datetime(2027, 3, 27, 23, tzinfo=UTC), datetime(2027, 10, 30, 23, tzinfo=UTC)])
@pytest.mark.parametrize("hour", [1, 2, 3])
def test_a_clock_change_inside_the_hours_neither_doubles_nor_drops(monkeypatch, vrwg, relay, day, hour):
    her = make.person("Her", zone=zones.THE_HAGUE, reading_from=hour, reading_until=hour + 2, reading_days=hours.WEEK)
    served.serve(her, vrwg, Mode.EVERY)
    sent(monkeypatch, vrwg, day)
    for step in range(60):
        work(monkeypatch, day + timedelta(minutes=10 * step))
    assert len(to(relay, her)) == 1


def test_the_check_page_and_the_progress_page_say_who_gets_it_later_and_when_the_last(monkeypatch, vrwg, dora, relay):
    people = readers(vrwg, 6)
    served.at(monkeypatch, FRIDAY)
    with transaction():
        draft = rooms.ready(vrwg)
    seen = estimate.of(draft)
    asked = standing.question(draft, ["en"])
    assert seen.total == 7
    assert seen.digests == 1
    assert seen.later == sum(not inside(one, asked.at) for one in people)
    key = sent(monkeypatch, vrwg, FRIDAY)
    served.drain()
    numbers = progress.numbers(db.session.get_one(Announcement, key))
    assert (numbers.later, numbers.digests, numbers.moving) == (seen.later, 1, 0)
    assert numbers.last_later == max(one.due_at for one in copies(key))
    assert estimate.of(db.session.get_one(Announcement, key)).last_at == numbers.last_later.isoformat()


def copies(key: int) -> list[Delivery]:
    message = select(Announcement.message_id).where(Announcement.id == key).scalar_subquery()
    return list(db.session.scalars(select(Delivery).where(Delivery.message_id == message)))


def test_a_pause_that_begins_before_their_hours_holds_it_back(monkeypatch, vrwg, relay):
    served.at(monkeypatch, FRIDAY - HOUR)
    her = make.person("Her", zone="Africa/Nairobi", reading_from=8, reading_until=17)
    served.serve(her, vrwg, Mode.EVERY)
    with transaction():
        pauses.pause(her, None, pauses.today(her.zone) + timedelta(days=1), None, by=her)
    with pytest.raises(dispatch.NotReady):
        sent(monkeypatch, vrwg, FRIDAY)


def test_the_statements_do_not_grow_with_the_people(monkeypatch, vrwg, relay):
    counted = []
    for number in (3, 24):
        readers(vrwg, number)
        served.at(monkeypatch, FRIDAY)
        draft = rooms.ready(vrwg)
        with statements.counted() as done, transaction():
            dispatch.confirm(draft, vrwg.caucus.slug, draft.revision, vrwg.by)
        counted.append(len(done))
    assert counted[0] == counted[1]
