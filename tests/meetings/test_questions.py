"""A meeting's own questions: three at most, asked by its keepers, reworded without losing what was said."""

import pytest

from caucusmail.audit.models import AuditEntry
from caucusmail.database import transaction
from caucusmail.directory import visibility
from caucusmail.errors import Invalid, NotAllowed
from caucusmail.meetings import answers, needs, questions
from caucusmail.meetings.models import MeetingState
from caucusmail.meetings.needs import Needs
from tests import make
from tests.meetings.test_answers import COMING, say
from tests.meetings.test_queries import meeting

TOPIC, FOOD = {"en": "Which topic?", "fr": "Quel sujet\u00a0?"}, {"en": "What do you not eat?"}


def ask(one, asked, seen: int | None = None) -> None:
    with transaction():
        by = visibility.viewer(make.coordinator(one.caucus))
        questions.change(one, asked, questions.version(one) if seen is None else seen, by)


def told(one) -> list[dict[str, str]]:
    return [question.words for question in questions.of(one)]


def test_they_are_asked_in_their_order_and_journalled():
    one = meeting(make.caucus())
    ask(one, {3: FOOD, 1: TOPIC})
    assert told(one) == [TOPIC, FOOD]
    assert [entry.verb for entry in make.rows(AuditEntry)] == ["meeting.questions-changed"]


def test_a_question_that_is_reworded_keeps_what_was_said_and_one_that_is_emptied_loses_it():
    one, who = meeting(make.caucus()), make.person()
    ask(one, {1: TOPIC, 2: FOOD})
    first, second = (question.id for question in questions.of(one))
    say(one, who, COMING, filled=Needs(said={first: "Reparations", second: "Nuts"}))
    ask(one, {1: {"en": "Which topics?"}})
    assert told(one) == [{"en": "Which topics?"}]
    assert needs.kept(answers.of(one, who)).said == {first: "Reparations"}


def test_the_same_again_is_said_and_journalled_once():
    one = meeting(make.caucus())
    ask(one, {1: TOPIC})
    with pytest.raises(questions.SameQuestions):
        ask(one, {1: TOPIC})
    assert len(make.rows(AuditEntry)) == 1


def test_of_two_keepers_the_second_is_told_what_the_first_did():
    one = meeting(make.caucus())
    seen = questions.version(one)
    ask(one, {1: TOPIC}, seen)
    with pytest.raises(questions.QuestionsChanged):
        ask(one, {1: FOOD}, seen)
    assert told(one) == [TOPIC]


@pytest.mark.parametrize("words", [{"en": "x" * 201}, {"en": "two\nlines"}, {"xx": "no language"}])
def test_what_cannot_be_asked_is_refused_beside_its_box(words):
    with pytest.raises(Invalid) as refused:
        ask(meeting(make.caucus()), {2: words})
    assert refused.value.field == "question_2"


@pytest.mark.parametrize("more", [{"state": MeetingState.CANCELLED}, {"days": -1}])
def test_nothing_is_asked_about_what_is_off_or_over(more):
    with pytest.raises(questions.NoQuestionsNow):
        ask(meeting(make.caucus(), **more), {1: TOPIC})


def test_only_who_keeps_the_meeting_asks():
    one = meeting(make.caucus())
    with pytest.raises(NotAllowed):
        questions.change(one, {1: TOPIC}, questions.version(one), visibility.viewer(make.member(one.caucus)))
