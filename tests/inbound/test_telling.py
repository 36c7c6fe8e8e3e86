"""What was typed beside an answer reaches those who keep the group, in their language, once, and nobody else."""

from datetime import timedelta

import pytest

from caucusmail.database import transaction
from caucusmail.directory.models import RosterPolicy
from caucusmail.inbound import telling
from caucusmail.meetings.models import AnswerState, AnswerWay, Meeting
from tests import letters, make
from tests.inbound.mails import owed
from tests.meetings.test_answers import say
from tests.meetings.test_queries import meeting


@pytest.fixture
def held() -> Meeting:
    caucus = make.caucus(roster=RosterPolicy.MEMBERS)
    make.coordinator(caucus, make.person("Amina", address="amina@ngo.example", languages=["fr"]))
    return meeting(caucus)


def told(held: Meeting, who: make.Person, words: str, **more) -> int:
    answer = say(held, who, AnswerState.MAYBE, AnswerWay.CALENDAR, **more)
    with transaction():
        return telling.tell(answer, held, words)


def test_an_answer_alone_is_told_to_nobody(held):
    assert told(held, make.person(), "") == 0
    assert owed("inbound/said") == []


def test_each_reads_it_in_their_own_language(held):
    assert told(held, make.person("Rosa"), "En retard\nRosa") == 1
    [letter] = letters.to("amina@ngo.example")
    text = letters.text(letter)
    assert "Rosa a répondu" in text
    assert "> En retard\r\n> Rosa" in text


def test_a_proposed_time_alone_is_worth_a_letter(held):
    proposed = (held.starts_at + timedelta(hours=3), held.ends_at + timedelta(hours=3))
    assert told(held, make.person("Rosa"), "", proposed=proposed) == 1
    [letter] = letters.to("amina@ngo.example")
    assert "Un autre horaire est proposé" in letter["subject"]


def test_who_keeps_the_group_is_not_told_of_their_own_note(held):
    keeper = make.coordinator(held.caucus, make.person("Ben"))
    assert told(held, keeper, "Hello") == 1


def test_where_nobody_keeps_it_the_secretariat_reads_it():
    alone, secretary = meeting(make.caucus()), make.secretary()
    assert told(alone, make.person(), "Hello") == 1
    assert [row.person_id for row in owed("inbound/said")] == [secretary.id]
