"""Who comes: the last answer counts, places go in the order of answers, and who waited is written to."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from caucusmail import clock
from caucusmail.accounts.models import Person
from caucusmail.database import db, transaction
from caucusmail.directory import visibility
from caucusmail.meetings import answers, personal, scheduling
from caucusmail.meetings.answers import NotAsked, Standing
from caucusmail.meetings.models import Answer, AnswerState, AnswerWay, Meeting, MeetingState
from tests import letters, make
from tests.meetings.test_queries import meeting

COMING, NOT_COMING, MAYBE = AnswerState


def say(one: Meeting, who: Person, state: AnswerState, way: AnswerWay = AnswerWay.PAGE, **more) -> Answer:
    with transaction():
        return answers.answer(one, who, state, way, **more)


def waiting(one: Meeting, *people: Person) -> list[int | None]:
    return [answers.number_waiting(one, answers.of(one, who)) for who in people]


def test_one_person_has_one_answer_and_the_last_one_counts():
    one, who = meeting(make.caucus(), sequence=2), make.person()
    for state in (COMING, MAYBE, NOT_COMING):
        say(one, who, state)
    [kept] = make.rows(Answer)
    assert (kept.state, kept.way, kept.sequence, kept.late) == (NOT_COMING, AnswerWay.PAGE, 2, False)
    assert db.session.scalars(answers.declined(one.id)).all() == [who.id]


@pytest.mark.parametrize(
    ("days", "state", "stands"),
    [
        (1, MeetingState.CANCELLED, Standing.CANCELLED),
        (1, MeetingState.DRAFT, Standing.UNTOLD),
        (-1, MeetingState.CONFIRMED, Standing.OVER),
    ],
)
def test_what_is_off_over_or_unknown_takes_no_answer_and_says_why(days, state, stands):
    one, who = meeting(make.caucus(), days, state), make.person()
    assert answers.standing(one) is stands
    with pytest.raises(NotAsked, match="This meeting is"):
        say(one, who, COMING)
    assert make.rows(Answer) == []


def test_an_answer_after_the_deadline_is_taken_and_marked():
    one = meeting(make.caucus(), reply_by_at=clock.now() - timedelta(hours=1), reply_zone="UTC")
    assert answers.standing(one) is Standing.LATE
    assert say(one, make.person(), COMING).late


def test_places_go_in_the_order_of_answers_and_the_rest_wait():
    one = meeting(make.caucus(), places=2)
    people = [make.person() for _ in range(5)]
    for who in people:
        say(one, who, COMING)
    assert waiting(one, *people) == [None, None, 1, 2, 3]
    say(one, people[2], COMING)  # pressing again costs nobody their turn
    assert waiting(one, *people) == [None, None, 1, 2, 3]
    say(one, people[3], MAYBE)
    assert waiting(one, *people) == [None, None, 1, None, 2]


def test_who_gives_up_a_place_lets_the_first_who_waits_move_up_and_only_they_get_a_letter():
    one = meeting(make.caucus(), places=1)
    first, second, third = (make.person() for _ in range(3))
    for who in (first, second, third):
        say(one, who, COMING)
    say(one, first, NOT_COMING)
    assert waiting(one, second, third) == [None, 1]
    [letter] = letters.to(second.address)
    assert letter["Subject"].startswith("There is a place for you")
    assert first.name not in letters.text(letter)
    assert (letters.to(first.address), letters.to(third.address)) == ([], [])
    say(one, first, COMING)
    assert waiting(one, third, first) == [1, 2]


def test_nobody_moves_up_into_a_meeting_that_has_begun():
    one = meeting(make.caucus(), places=1)
    first, second = make.person(), make.person()
    for who in (first, second):
        say(one, who, COMING)
    with transaction():
        one.starts_at = clock.now() - timedelta(minutes=1)
    say(one, first, NOT_COMING)
    assert waiting(one, second) == [1]
    assert letters.to(second.address) == []


def test_more_places_let_who_waits_move_up():
    caucus = make.caucus()
    one, by = meeting(caucus, places=1), visibility.viewer(make.coordinator(caucus))
    people = [make.person() for _ in range(3)]
    for who in people:
        say(one, who, COMING)
    with transaction():
        draft = scheduling.draft_of(one)
        scheduling.revise(one, type(draft)(**draft.__dict__ | {"places": 2}), by)
    assert waiting(one, *people) == [None, None, 1]


def test_whose_place_is_forgotten_leaves_it_to_the_next():
    one = meeting(make.caucus(), places=1)
    first, second = make.person(), make.person()
    for who in (first, second):
        say(one, who, COMING)
    with transaction():
        personal.erase(first)
    assert waiting(one, second) == [None]
    assert db.session.scalars(select(Answer.person_id)).all() == [second.id]


def test_a_calendar_can_claim_neither_a_version_nor_a_moment_that_is_still_to_come():
    one = meeting(make.caucus(), sequence=3)
    ahead = clock.now() + timedelta(days=400)
    kept = say(one, make.person(), COMING, AnswerWay.CALENDAR, sequence=9, stamp=ahead)
    assert kept.sequence == 3
    assert kept.stamp <= clock.now()
