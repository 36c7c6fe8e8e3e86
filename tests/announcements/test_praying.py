"""Who would miss Friday prayers for a meeting: a number, and never a small one."""

from datetime import UTC, datetime, timedelta

import pytest

from caucusmail.announcements import praying
from caucusmail.announcements.choice import Audience
from caucusmail.database import db, transaction
from tests import make
from tests.announcements.rooms import announcement
from tests.announcements.test_clashes import meets, mine
from tests.statements import counted

NOON = datetime(2027, 1, 15, 9, 30, tzinfo=UTC)  # a Friday: 12:30 in Amman, 10:30 in The Hague


@pytest.fixture
def caucus():
    """A caucus of seven in Amman, and nine in Amsterdam."""
    made = make.caucus("c")
    group = make.group(made)
    with transaction():
        for number in range(16):
            make.member(made, group=group).zone = "Asia/Amman" if number < 7 else "Europe/Amsterdam"
    return made


@pytest.mark.parametrize(
    ("begins", "found"),
    [(NOON, 5), (NOON + timedelta(hours=3), None), (NOON - timedelta(days=1), None), (NOON + timedelta(days=7), 5)],
)
def test_the_number_is_rounded_down_and_of_that_hour_alone(caucus, begins, found):
    assert praying.number(mine(caucus, begins=begins)) == found


def test_fewer_than_five_are_not_told_of(caucus):
    with transaction():
        for row in make.rows(type(make.person()))[:3]:
            db.session.merge(row).zone = "Europe/Amsterdam"
    assert praying.number(mine(caucus, begins=NOON)) is None


def test_a_notice_and_an_empty_audience_ask_nothing_and_another_day_no_statement(caucus):
    assert praying.number(announcement(caucus, Audience(caucus_ids=(caucus.id,)))) is None
    assert praying.number(mine(caucus, Audience(), begins=NOON)) is None
    one = mine(caucus, begins=meets(caucus).starts_at)  # a Tuesday
    assert one.meeting
    with counted() as none:
        praying.number(one)
    assert none == []
