"""Real commits, real threads: several devices count at one meeting at the same moment, and no press is lost or counted twice."""

import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import select

from caucusmail.app import House
from caucusmail.database import db, transaction
from caucusmail.directory import visibility
from caucusmail.errors import DomainError
from caucusmail.meetings import checking_in, door
from caucusmail.meetings.attendance import Attendance, AttendanceTally, CheckIn, DoorLink, Tap
from caucusmail.meetings.door import Hand, Who
from caucusmail.meetings.models import Meeting
from tests import another, make, services, settings_for
from tests.meetings.doors import form_number, helper, keeper, on, press

pytestmark = pytest.mark.journey
DEVICES, PRESSES = 6, 8


@pytest.fixture(params=["sqlite", "postgresql"])
def house(request, tmp_path) -> Iterator[House]:
    with services.fresh(request.param, "doors") as url, another.house(settings_for.testing(url, tmp_path)) as house:
        yield house


def at_once(house: House, count: int, act: Callable[[int], None]) -> list[str]:
    """What each of ``count`` devices was told: "" for success."""
    start = threading.Barrier(count)

    def one(number: int) -> str:
        with house.app_context():
            start.wait()
            try:
                act(number)
            except DomainError as problem:
                return type(problem).__name__
            finally:
                db.session.remove()
            return ""

    with ThreadPoolExecutor(count) as pool:
        return list(pool.map(one, range(count)))


def hand_of(link_id: int) -> tuple[Meeting, Hand]:
    link = db.session.get(DoorLink, link_id)
    return link.meeting, Hand(visibility.STRANGER, link)


def numbers(house: House) -> list[int]:
    with house.app_context():
        return list(db.session.scalars(select(Attendance.number).order_by(Attendance.id)))


def test_no_press_is_lost_when_several_devices_count_the_same_organisation_for_the_first_time(house):
    with house.app_context():
        one = on()
        links = [helper(one).link.id for _ in range(DEVICES)]

    def count(number: int) -> None:
        for _ in range(PRESSES):
            with transaction():
                meeting, hand = hand_of(links[number])
                door.tap(meeting, Who(name="Haki"), 1, form_number(), hand)

    assert at_once(house, DEVICES, count) == [""] * DEVICES
    assert numbers(house) == [DEVICES * PRESSES]
    with house.app_context():
        assert len(make.rows(Tap)) == DEVICES * PRESSES
        assert make.rows_by(AttendanceTally, AttendanceTally.number)[0].number >= DEVICES * PRESSES - 4


def test_one_form_that_arrives_several_times_at_once_counts_once(house):
    with house.app_context():
        link, submission = helper(on()).link.id, form_number()

    def count(_number: int) -> None:
        with transaction():
            meeting, hand = hand_of(link)
            door.tap(meeting, Who(), 1, submission, hand)

    assert at_once(house, DEVICES, count) == [""] * DEVICES
    assert numbers(house) == [1]


def test_the_last_one_is_taken_off_once(house):
    with house.app_context():
        one = on()
        hand = keeper(one)
        tap, _new = press(one, hand)
        meeting_id, person_id, tap_id = one.id, hand.person.id, tap.id

    def back(_number: int) -> None:
        with transaction():
            by = visibility.viewer(db.session.get(make.Person, person_id))
            door.take_back(db.session.get(Meeting, meeting_id), tap_id, Hand(by))

    assert sorted(at_once(house, 4, back)) == ["", *["NothingToTakeBack"] * 3]
    assert numbers(house) == [0]


def test_who_presses_twice_at_once_is_there_once(house):
    with house.app_context():
        one = on()
        meeting_id, person_id = one.id, make.member(one.caucus).id

    def here(_number: int) -> None:
        with transaction():
            checking_in.check_in(db.session.get(Meeting, meeting_id), db.session.get(make.Person, person_id))

    assert at_once(house, 4, here) == [""] * 4
    assert numbers(house) == [1]
    with house.app_context():
        assert len(make.rows(CheckIn)) == 1
