"""Whoever looks twice at the numbers of a hidden group learns of nobody what they answered."""

import random

from caucusmail.directory.rounding import FEWEST
from caucusmail.meetings import tallies
from caucusmail.meetings.models import AnswerState
from tests import make
from tests.meetings.test_answers import COMING, MAYBE, NOT_COMING, say
from tests.meetings.test_queries import meeting


def test_before_five_have_answered_nothing_is_shown():
    one = meeting(make.caucus())
    for _ in range(FEWEST - 1):
        say(one, make.person(), COMING)
    assert tallies.shown(one) is None
    assert tallies.now(one)[COMING] == FEWEST - 1
    say(one, make.person(), NOT_COMING)
    assert tallies.shown(one) == {COMING: 4, NOT_COMING: 1, MAYBE: 0}


def test_one_person_who_presses_often_changes_nothing_that_is_shown():
    one = meeting(make.caucus())
    people = [make.person() for _ in range(6)]
    for who in people:
        say(one, who, COMING)
    before = tallies.shown(one)
    for number in range(12):
        say(one, people[0], list(AnswerState)[number % 3])
    assert tallies.shown(one) == before


def test_two_numbers_that_differ_lie_at_least_five_peoples_answers_apart():
    luck, one = random.Random(7), meeting(make.caucus())
    people = [make.person() for _ in range(12)]
    before, answered = tallies.shown(one), set()
    for _ in range(80):
        who = luck.choice(people)
        say(one, who, luck.choice(list(AnswerState)))
        answered.add(who.id)
        after = tallies.shown(one)
        if after != before:
            assert len(answered) >= FEWEST
            before, answered = after, set()
