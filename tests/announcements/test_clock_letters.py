"""Those who keep a meeting that new rules of a clock would move are asked by letter, once, about all of theirs at once."""

from datetime import datetime

import pytest

from caucusmail.announcements import clock_letters, clocks
from caucusmail.announcements.clocks import Stays
from caucusmail.database import db, transaction
from caucusmail.meetings.models import Meeting
from tests import doctored, letters, make
from tests.announcements import rooms
from tests.announcements.test_changes import gone

JULY = {"starts": datetime(2027, 7, 20, 15), "ends": datetime(2027, 7, 20, 16)}


@pytest.fixture
def room(sink, monkeypatch):
    room = rooms.vrwg()
    make.member(room.caucus, make.person("Ada"), room.group)
    for _number in range(2):
        gone(room, rooms.meeting(**JULY))
    gone(room, rooms.meeting())  # in winter: the rules move nothing
    doctored.without_summer_time(monkeypatch)
    return room


def asked() -> int:
    with transaction():
        return clock_letters.ask()


def test_one_letter_about_all_of_them_and_no_second(room):
    before = {one.id: one.changed_at for one in make.rows(Meeting)}
    assert (asked(), asked()) == (1, 0)
    [letter] = [one for one in letters.to(room.by.person.address) if "clocks go by other rules" in one["Subject"]]
    links = [one.reference for one in make.rows(Meeting) if f"/meetings/{one.reference}" in letters.text(letter)]
    assert len(links) == 2
    db.session.expire_all()
    assert {one.id: one.changed_at for one in make.rows(Meeting)} == before  # feeds stay as they are


def test_what_was_answered_is_not_asked(room):
    for one in make.rows(Meeting)[:2]:
        with transaction():
            clocks.answer(one, Stays.WALL, room.by)
    assert asked() == 0


def test_where_nobody_keeps_the_group_the_secretariat_is_asked(room, monkeypatch):
    make.secretary(address="sec@house.example", languages=["fr"])
    with transaction():
        room.by.person.left_at = datetime.now().astimezone()
    assert asked() == 1
    [letter] = letters.to("sec@house.example")
    assert "horloges" in letter["Subject"]
