from datetime import timedelta

import pytest

from caucusmail import clock
from caucusmail.database import db, transaction
from caucusmail.delivery.models import Delivery
from caucusmail.meetings.attendance import CheckIn, DoorLink, Tap
from caucusmail.meetings.models import Answer, AnswerState, AnswerTally, MeetingSession
from tests import make
from tests.meetings.doors import kept
from tests.meetings.known import known_at_the_door
from tests.meetings.test_answers import COMING, NOT_COMING, say
from tests.meetings.test_programme import part
from tests.meetings.test_queries import meeting
from tests.privacy.ruled import forgotten


def answered(**more):
    """A meeting with one place, that five people answered, one of whom moved up."""
    one = meeting(make.caucus(), 1, places=1, **more)
    people = [make.person() for _ in range(5)]
    for who in people:
        say(one, who, COMING)
    say(one, people[0], NOT_COMING)
    return one


def over(one, days: float) -> None:
    with transaction():
        one.starts_at = clock.now() - timedelta(days=days, hours=1)
        one.ends_at = clock.now() - timedelta(days=days)


@pytest.mark.parametrize(("days", "kept"), [(29.9, 5), (30.1, 0)])
def test_answers_are_kept_for_thirty_days_after_the_meeting_and_no_longer(days, kept):
    one = answered()
    over(one, days)
    forgotten("answers")
    db.session.expire_all()
    assert len(make.rows(Answer)) == kept
    assert (db.session.get(AnswerTally, one.id) is None) is (kept == 0)
    [letter] = [row for row in make.rows(Delivery) if row.message.kind == "meetings/place"]
    assert bool(letter.address) is (kept > 0)


@pytest.mark.parametrize(("days", "kept"), [(29, 5), (32, 0)])
def test_in_a_session_they_are_kept_until_thirty_days_after_its_end(days, kept):
    ends = (clock.now() - timedelta(days=days)).date().isoformat()
    session = make.keep(MeetingSession(slug="asp", names={}, parts=[part(ends, ends)]))
    one = answered(session_id=session.id)
    over(one, 40)
    forgotten("answers")
    assert len(make.rows(Answer)) == kept


def test_what_is_to_come_stays():
    one, who = meeting(make.caucus(), 3), make.person()
    say(one, who, AnswerState.MAYBE)
    forgotten("answers")
    assert len(make.rows(Answer)) == 1


@pytest.mark.parametrize(("days", "rows"), [(29.9, 1), (30.1, 0)])
def test_who_was_there_and_what_was_pressed_goes_with_the_answers_and_the_numbers_stay(days, rows):
    one = meeting(make.caucus(), 1)
    known_at_the_door(one, make.person())
    over(one, days)
    forgotten("answers")
    db.session.expire_all()
    assert {len(make.rows(table)) for table in (CheckIn, DoorLink, Tap)} == {rows}
    assert kept() == [("expert", "", 2)]
