"""How many of one organisation have a place: who counts for which, who is kept waiting by it, and whom that does not hold up."""

from dataclasses import replace

import pytest

from caucusmail.accounts.models import Person
from caucusmail.database import db, transaction
from caucusmail.directory import visibility
from caucusmail.directory.models import Affiliation, Ngo, Seat
from caucusmail.errors import Invalid
from caucusmail.meetings import answers, quotas, scheduling
from caucusmail.meetings.models import Answer, AnswerWay, Meeting
from tests import letters, make
from tests.meetings.doors import seated
from tests.meetings.test_answers import COMING, NOT_COMING, say, waiting
from tests.meetings.test_queries import meeting


def of(one: Meeting, ngo: Ngo) -> Person:
    """One more who holds a seat of ``ngo`` in the meeting's caucus."""
    who = make.person()
    seat = make.keep(Seat(ngo_id=ngo.id, caucus_id=one.caucus_id, holder_id=who.id, since=one.made_at))
    return make.member(one.caucus, who, seat_id=seat.id)


def colleagues(one: Meeting, name: str, number: int) -> list[Person]:
    ngo, first = seated(one, name)
    return [first, *(of(one, ngo) for _ in range(number - 1))]


def come(one: Meeting, *people: Person) -> None:
    for who in people:
        say(one, who, COMING)


def inside(one: Meeting, *people: Person) -> list[bool]:
    db.session.expire_all()
    return [answers.of(one, who).has_place for who in people]


def change(one: Meeting, **more) -> None:
    by = visibility.viewer(make.coordinator(one.caucus))
    with transaction():
        scheduling.revise(one, replace(scheduling.draft_of(one), **more), by)


def test_who_is_one_too_many_of_an_organisation_waits_though_there_is_room_and_nobody_else_does():
    one = meeting(make.caucus(), places=5, places_each=2)
    haki, andina = colleagues(one, "Haki", 3), colleagues(one, "Andina", 1)
    come(one, *haki, *andina)
    assert inside(one, *haki, *andina) == [True, True, False, True]
    assert waiting(one, *haki) == [None, None, 1]
    assert [quotas.full(one, who) for who in (haki[2], andina[0])] == [2, 0]
    assert quotas.kept_waiting(one) == 1


def test_it_holds_also_where_there_is_no_number_of_places():
    one = meeting(make.caucus(), places_each=1)
    haki = colleagues(one, "Haki", 2)
    come(one, *haki)
    assert inside(one, *haki) == [True, False]


def test_experts_count_each_for_themselves():
    one = meeting(make.caucus(), places_each=1)
    experts = [make.member(one.caucus) for _ in range(3)]
    come(one, *experts)
    assert inside(one, *experts) == [True] * 3


def test_who_gives_up_a_place_gives_it_to_a_colleague_and_who_waits_by_quota_alone_holds_up_nobody():
    one = meeting(make.caucus(), places=3, places_each=2)
    haki, andina = colleagues(one, "Haki", 4), colleagues(one, "Andina", 2)
    come(
        one, *haki[:3], *andina
    )  # two of Haki, one of Andina are in; the third of Haki waits before the second of Andina
    assert inside(one, *haki[:3], *andina) == [True, True, False, True, False]
    say(one, andina[0], NOT_COMING)
    assert inside(one, haki[2], andina[1]) == [False, True]  # Haki has all it may have
    assert letters.to(haki[2].address) == []
    come(one, haki[3])
    say(one, haki[0], NOT_COMING)
    assert inside(one, haki[2], haki[3]) == [True, False]
    [letter] = letters.to(haki[2].address)
    assert letter["Subject"].startswith("There is a place for you")
    assert haki[0].name not in letters.text(letter)


def test_who_is_first_in_the_list_and_free_to_come_in_is_first():
    one = meeting(make.caucus(), places=1, places_each=1)
    haki, andina, expert = colleagues(one, "Haki", 2), colleagues(one, "Andina", 1), make.member(one.caucus)
    come(one, haki[0], haki[1], *andina, expert)
    assert waiting(one, haki[1], *andina, expert) == [
        1,
        1,
        2,
    ]  # the second of Haki is passed over, until the first gives up
    say(one, haki[0], NOT_COMING)  # now the second of Haki is the first who waits and may come in
    assert inside(one, haki[1], *andina, expert) == [True, False, False]


def test_when_it_is_raised_who_waits_moves_up_in_order_and_when_it_is_lowered_nobody_loses_a_place():
    one = meeting(make.caucus(), places=4, places_each=1)
    haki = colleagues(one, "Haki", 4)
    come(one, *haki)
    change(one, places_each=3)
    assert inside(one, *haki) == [True, True, True, False]
    change(one, places_each=1)
    assert inside(one, *haki) == [True, True, True, False]
    assert quotas.full(one, haki[3]) == 3
    say(one, haki[0], NOT_COMING)
    assert inside(one, haki[3]) == [False]  # two are still more than one
    change(one, places_each=None)
    assert inside(one, haki[3]) == [True]


def test_who_sits_for_two_organisations_counts_for_that_of_the_meetings_caucus_alone():
    one, other = meeting(make.caucus(), places_each=1), meeting(make.caucus(), 2, places_each=1)
    (haki, both), (andina, at_andina) = seated(one, "Haki"), seated(one, "Andina")
    elsewhere = make.keep(Seat(ngo_id=andina.id, caucus_id=other.caucus_id, holder_id=both.id, since=one.made_at))
    make.member(other.caucus, both, seat_id=elsewhere.id)
    come(one, both, at_andina)
    assert inside(one, both, at_andina) == [True, True]
    colleague = of(other, andina)
    come(other, both, colleague)
    assert inside(other, both, colleague) == [True, False]
    assert quotas.organisations(one, [both.id]) == {both.id: haki.id}
    assert quotas.held(other) == {andina.id: 1}


def test_who_is_not_in_it_counts_for_what_they_speak_for_and_for_nothing_if_that_is_several():
    one = meeting(make.caucus(), places_each=1)
    haki, first = seated(one, "Haki")
    speaker, torn = make.person(), make.person()
    for who, ngo in ((speaker, haki), (torn, haki), (torn, make.ngo("Andina"))):
        make.representative(who, ngo)
    come(one, first, speaker, torn)
    assert inside(one, first, speaker, torn) == [True, False, True]


def test_whose_colleague_has_moved_to_another_seat_comes_before_who_answers_now():
    one = meeting(make.caucus(), places=2, places_each=1)
    ngo, first = seated(one, "Haki")
    second, late = of(one, ngo), make.member(one.caucus)
    come(one, first, second)
    with transaction():
        db.session.query(Affiliation).filter_by(person_id=first.id).update({"seat_id": None})
    come(one, late)
    assert inside(one, second, late) == [True, False]
    assert len(letters.to(second.address)) == 1


def test_pressing_again_costs_nobody_their_place_or_turn():
    one = meeting(make.caucus(), places_each=1)
    haki = colleagues(one, "Haki", 2)
    come(one, *haki, haki[0], haki[1])
    assert inside(one, *haki) == [True, False]
    assert {row.way for row in make.rows(Answer)} == {AnswerWay.PAGE}


@pytest.mark.parametrize(
    ("places", "each", "field", "words"),
    [
        (0, None, "places", "“0” places were read"),
        (None, 0, "places_each", "“0” places for each organisation were read"),
        (5, 6, "places_each", "There are 5 places in all, so no organisation can have 6"),
        (1, 2, "places_each", "There is 1 place in all"),
        (None, 100_001, "places_each", "“100001” places for each"),
    ],
)
def test_a_number_that_makes_no_sense_is_refused_by_name(places, each, field, words):
    with pytest.raises(Invalid, match=words) as refused:
        quotas.checked(places, each)
    assert refused.value.field == field


def test_a_number_for_each_needs_none_in_all():
    assert quotas.checked(None, 2) == {"places": None, "places_each": 2}
    assert quotas.checked(2, 2) == {"places": 2, "places_each": 2}


def test_the_rule_is_said_as_one_speaks():
    assert [quotas.rule(number) for number in (1, 2)] == [
        "Each organisation can have 1 place.",
        "Each organisation can have 2 places.",
    ]
    assert [quotas.each(number) for number in (None, 3)] == [
        "no limit for one organisation",
        "3 for each organisation",
    ]


def test_the_number_on_the_waiting_list_counts_who_would_move_up_before_and_nobody_who_is_held_back():
    one = meeting(make.caucus(), places=3, places_each=2)
    haki, andina, expert = colleagues(one, "Haki", 4), colleagues(one, "Andina", 2), make.member(one.caucus)
    come(one, *haki, *andina, expert)
    assert inside(one, *haki, *andina, expert) == [True, True, False, False, True, False, False]
    assert waiting(one, haki[2], haki[3], andina[1], expert) == [1, 2, 1, 2]
    change(one, places=4)
    assert inside(one, andina[1]) == [True]
    assert waiting(one, haki[2], haki[3], expert) == [1, 2, 1]
    say(one, haki[0], NOT_COMING)
    assert waiting(one, haki[2], haki[3], expert) == [None, 1, 1]


def test_without_a_number_for_each_everybody_before_is_counted():
    one = meeting(make.caucus(), places=1)
    haki = colleagues(one, "Haki", 3)
    come(one, *haki)
    assert waiting(one, *haki) == [None, 1, 2]
