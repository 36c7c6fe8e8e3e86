"""What people need: named only where they agreed, counted so that two looks tell of nobody, gone with the answer."""

import pytest

from caucusmail.database import db, transaction
from caucusmail.directory import visibility
from caucusmail.directory.models import RosterPolicy
from caucusmail.errors import Invalid, NotFound
from caucusmail.meetings import answers, needs, questions
from caucusmail.meetings.models import Answer, AnswerWay, Meeting, MeetingMode
from caucusmail.meetings.needs import Needs
from tests import make
from tests.announcements.rooms import Room, seated
from tests.meetings.test_answers import COMING, MAYBE, NOT_COMING, say
from tests.meetings.test_forgetting import over
from tests.meetings.test_queries import meeting
from tests.privacy.ruled import forgotten

CHAIR = Needs(wheelchair=True)


def held(policy: RosterPolicy = RosterPolicy.HIDDEN, **more) -> tuple[Room, Meeting]:
    room = Room(roster=policy)
    return room, meeting(room.caucus, **{"mode": MeetingMode.HYBRID} | more)


def asked(one: Meeting, words: str, by) -> int:
    """A question of the meeting: its id."""
    with transaction():
        questions.change(one, {1: {"en": words}}, questions.version(one), by)
    return questions.of(one)[0].id


def plenty(room: Room, one: Meeting, number: int = 5, filled: Needs | None = None) -> list:
    people = [seated(room, f"P{number}") for number in range(number)]
    for who in people:
        say(one, who, COMING, filled=filled)
    return people


@pytest.mark.parametrize("policy", RosterPolicy)
def test_who_did_not_agree_is_in_the_totals_only_and_never_among_fewer_than_five(policy):
    room, one = held(policy)
    plenty(room, one, 4, CHAIR)
    assert needs.totals(one, room.by) is None
    plenty(room, one, 4)
    found = needs.totals(one, room.by)
    assert (found.wheelchair, found.from_afar) == (None, 0)
    assert needs.named(one, room.by) == []


def test_who_agreed_is_named_with_organisation_address_and_what_they_said_and_nothing_else():
    room, one = held()
    number = asked(one, "What shall we talk about?", room.by)
    ada = seated(room, "Ada", "Haki")
    filled = Needs(
        "fr", wheelchair=True, from_afar=True, other="A lamp", said={number: "Reparations"}, may_contact=True
    )
    say(one, ada, COMING, filled=filled)
    say(one, seated(room, "Ben"), COMING, filled=CHAIR)
    say(one, seated(room, "Chi"), COMING, filled=Needs(may_contact=True))
    [named] = needs.named(one, room.by)
    assert (named.name, named.organisation, named.address) == ("Ada", "Haki", ada.address)
    assert needs.kept(named.answer) == filled
    assert named.said == {number: "Reparations"}


def test_only_who_keeps_the_meeting_reads_any_of_it():
    room, one = held()
    plenty(room, one, 5, CHAIR)
    for who in (make.member(room.caucus), make.coordinator(make.caucus())):
        for read in (needs.totals, needs.named):
            with pytest.raises(NotFound):
                read(one, visibility.viewer(who))
    assert needs.totals(one, visibility.viewer(make.secretary())).wheelchair == 5


def test_two_looks_with_fewer_than_five_answers_between_them_see_the_same():
    room, one = held(RosterPolicy.MEMBERS)
    people = plenty(room, one, 25, CHAIR)
    before, since = needs.totals(one, room.by), 0
    for who in people:
        say(one, who, COMING, filled=Needs())
        since += 1
        after = needs.totals(one, room.by)
        if after != before:
            assert since >= 5
            before, since = after, 0
    assert before.wheelchair == 0


def test_pressing_again_and_again_moves_no_number():
    room, one = held()
    plenty(room, one, 5)
    alone = seated(room, "Alone")
    for filled in (CHAIR, Needs(), CHAIR, Needs(), CHAIR, CHAIR):
        say(one, alone, COMING, filled=filled)
        assert needs.totals(one, room.by).wheelchair == 0


def test_a_language_that_few_need_is_not_named():
    room, one = held()
    plenty(room, one, 6, Needs("fr"))
    plenty(room, one, 2, Needs("sw"))
    plenty(room, one, 2, Needs("fa"))
    found = needs.totals(one, room.by)
    assert found.interpretation == [("fr", 5)]
    assert found.further_languages is None


def test_questions_follow_the_same_rule():
    room, one = held()
    number = asked(one, "Which topic?", room.by)
    plenty(room, one, 3, Needs(said={number: "Secret words"}))
    plenty(room, one, 2)
    assert needs.totals(one, room.by).said == {number: None}
    assert needs.named(one, room.by) == []


def test_of_who_cannot_come_nothing_of_it_is_kept():
    room, one = held()
    number = asked(one, "Which topic?", room.by)
    who = seated(room, "Ada")
    say(one, who, COMING, filled=Needs("fr", True, True, "A lamp", {number: "x"}, may_contact=True))
    say(one, who, NOT_COMING, AnswerWay.CALENDAR)
    assert needs.kept(answers.of(one, who)) == Needs()
    assert needs.named(one, room.by) == []


def test_an_answer_by_calendar_leaves_what_was_filled_in():
    room, one = held()
    who = seated(room, "Ada")
    say(one, who, COMING, filled=CHAIR)
    say(one, who, MAYBE, AnswerWay.CALENDAR)
    assert needs.kept(answers.of(one, who)) == CHAIR


def test_what_the_meeting_has_no_use_for_is_left_out():
    room, one = held(mode=MeetingMode.ONLINE)
    _room, other = held(days=3)
    foreign = asked(other, "Of another meeting", visibility.viewer(make.secretary()))
    who = seated(room, "Ada")
    say(one, who, COMING, filled=Needs(wheelchair=True, from_afar=True, said={foreign: "x", 999: "y"}))
    assert needs.kept(answers.of(one, who)) == Needs(from_afar=True)


@pytest.mark.parametrize(
    ("filled", "field"),
    [(Needs("xx"), "interpretation"), (Needs(other="x" * 201), "other_need"), (Needs(other="a\u2028b"), "other_need")],
)
def test_what_cannot_be_taken_is_refused_and_no_answer_stored(filled, field):
    _room, one = held()
    with pytest.raises(Invalid) as refused:
        say(one, make.person(), COMING, filled=filled)
    assert refused.value.field == field
    assert make.rows(Answer) == []


def test_thirty_days_later_nothing_is_left():
    room, one = held()
    plenty(room, one, 5, CHAIR)
    over(one, 31)
    forgotten("answers")
    db.session.expire_all()
    assert needs.totals(one, room.by) is None
    assert make.rows(Answer) == []
