"""What the tables of attendance refuse."""

import pytest
from sqlalchemy.exc import IntegrityError

from caucusmail import clock
from caucusmail.meetings.attendance import Attendance, CheckIn, Tap
from tests import make
from tests.meetings.doors import on


def line(**more):
    return make.keep(Attendance(**{"meeting_id": on().id, "key": "expert", "number": 0} | more))


def test_no_line_falls_below_nobody_and_there_is_one_of_each_key():
    kept = line()
    with pytest.raises(IntegrityError):
        line(number=-1)
    with pytest.raises(IntegrityError):
        line(meeting_id=kept.meeting_id)


def test_one_press_is_noted_once_and_says_something():
    values = {"line_id": line().id, "fingerprint": "f" * 64, "number": 1, "at": clock.now()}
    make.keep(Tap(**values))
    for wrong in (values, values | {"fingerprint": "e" * 64, "number": 0}):
        with pytest.raises(IntegrityError):
            make.keep(Tap(**wrong))


def test_nobody_is_twice_at_one_meeting():
    kept, who = line(), make.person()
    values = {"meeting_id": kept.meeting_id, "line_id": kept.id, "person_id": who.id, "at": clock.now()}
    make.keep(CheckIn(**values))
    with pytest.raises(IntegrityError):
        make.keep(CheckIn(**values))
