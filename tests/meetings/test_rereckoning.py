"""Meetings whose moment today's tz-data would move are asked about, and no others."""

from datetime import UTC, datetime

import pytest

from caucusmail import zones
from caucusmail.database import db, transaction
from caucusmail.directory import visibility
from caucusmail.errors import Invalid, NotAllowed
from caucusmail.meetings import rereckoning, scheduling
from caucusmail.meetings.models import Meeting, MeetingChange, MeetingState
from tests import doctored, make
from tests.statements import counted
from tests.web.test_meetings import meeting

JULY = {"starts": datetime(2027, 7, 20, 15), "ends": datetime(2027, 7, 20, 16)}
NOVEMBER = {"starts": datetime(2027, 11, 30, 15), "ends": datetime(2027, 11, 30, 16)}


@pytest.fixture
def caucus():
    return make.caucus("vrwg")


@pytest.fixture
def ilse(caucus):
    return make.coordinator(caucus)


def titles(by) -> list[str]:
    return [one.meeting.titles["en"] for one in rereckoning.waiting(visibility.viewer(by))]


def cells() -> list[tuple]:
    return [tuple(row) for row in db.session.execute(db.select(Meeting.__table__).order_by(Meeting.id))]


def test_the_right_meetings_are_asked_about_and_no_row_is_touched(caucus, ilse, monkeypatch):
    meeting(caucus, ilse, "Summer", **JULY)
    meeting(caucus, ilse, "Draft in summer", MeetingState.DRAFT, **JULY)
    meeting(caucus, ilse, "Winter", **NOVEMBER)
    meeting(caucus, ilse, "Off", MeetingState.CANCELLED, **JULY)
    meeting(caucus, ilse, "New York", zone=zones.NEW_YORK, city="New York", **JULY)
    meeting(caucus, ilse, "UTC", zone="UTC", city="", **JULY)
    meeting(caucus, ilse, "Over", starts=datetime(2026, 7, 20, 15), ends=datetime(2026, 7, 20, 16))
    meeting(make.caucus(), make.secretary(), "Elsewhere", **JULY)
    before = cells()
    assert titles(ilse) == []
    doctored.without_summer_time(monkeypatch)
    assert titles(ilse) == ["Summer", "Draft in summer"]
    assert titles(make.secretary()) == ["Summer", "Draft in summer", "Elsewhere"]
    assert titles(make.member(caucus)) == []
    assert cells() == before


def test_another_version_that_changes_nothing_asks_nothing(caucus, ilse, monkeypatch):
    meeting(caucus, ilse, **JULY)
    monkeypatch.setattr(zones, "TZDATA_VERSION", doctored.NEXT)
    assert titles(ilse) == []


def test_the_hour_stays_and_its_moment_and_sequence_move(caucus, ilse, monkeypatch):
    one = meeting(caucus, ilse, **JULY)
    assert one.starts_at == datetime(2027, 7, 20, 13, tzinfo=UTC)
    doctored.without_summer_time(monkeypatch)
    with transaction():
        rereckoning.keep_wall(one, visibility.viewer(ilse))
    assert (one.starts, one.starts_at) == (JULY["starts"], datetime(2027, 7, 20, 14, tzinfo=UTC))
    assert (one.sequence, one.tzdata) == (1, doctored.NEXT)
    assert [row.kind for row in make.rows(MeetingChange)] == ["clock"]
    assert rereckoning.asked(one) is None


def test_the_moment_stays_and_the_hour_on_the_wall_moves(caucus, ilse, monkeypatch):
    one = meeting(caucus, ilse, **JULY)
    doctored.without_summer_time(monkeypatch)
    with transaction():
        scheduling.revise(one, rereckoning.world_stays(one), visibility.viewer(ilse))
    assert (one.starts, one.starts_at) == (datetime(2027, 7, 20, 14), datetime(2027, 7, 20, 13, tzinfo=UTC))
    assert (one.sequence, one.tzdata) == (1, doctored.NEXT)
    assert rereckoning.asked(one) is None


def test_an_hour_that_is_no_longer_on_the_clock_can_only_give_way(caucus, ilse, monkeypatch):
    one = meeting(caucus, ilse, starts=datetime(2027, 4, 25, 0, 30), ends=datetime(2027, 4, 25, 2))
    doctored.without_summer_time(monkeypatch, like="Africa/Cairo")  # clocks go forward at midnight, late in April
    with transaction():
        one.starts, one.ends = datetime(2027, 4, 30, 0, 30), datetime(2027, 4, 30, 2)
    question = rereckoning.asked(one)
    assert question is not None
    assert question.starts_at is None
    with pytest.raises(Invalid), db.session.begin_nested():
        rereckoning.keep_wall(one, visibility.viewer(ilse))


def test_only_who_keeps_it_answers(caucus, ilse, monkeypatch):
    one = meeting(caucus, ilse, **JULY)
    doctored.without_summer_time(monkeypatch)
    with pytest.raises(NotAllowed):
        rereckoning.keep_wall(one, visibility.viewer(make.member(caucus)))


def test_many_questions_take_one_statement(caucus, ilse, monkeypatch):
    for number in range(5):
        meeting(caucus, ilse, f"Number {number}", **JULY)
    doctored.without_summer_time(monkeypatch)
    by = visibility.viewer(ilse)
    db.session.expunge_all()
    with counted() as statements:
        assert len({one.meeting.caucus.slug for one in rereckoning.waiting(by)}) == 1
    assert len(statements) == 1
