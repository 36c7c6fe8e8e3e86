from datetime import timedelta

import pytest
import time_machine

from caucusmail import clock, tokens
from caucusmail.accounts import preferences
from caucusmail.audit import journal
from caucusmail.database import transaction
from caucusmail.directory import affiliation
from caucusmail.groups import membership, queries, undo
from caucusmail.tokens import BadToken, Purpose
from tests import make
from tests.groups.leaving import PLACES, digest


def test_leaving_is_taken_back_exactly(water):
    person, caucus, _group = water
    before = digest(*PLACES)
    with transaction():
        step = membership.leave_caucus(person, caucus, by=person)
    assert digest(*PLACES) != before
    with transaction():
        assert undo.take_back(step)
    assert digest(*PLACES) == before


def test_taking_back_twice_changes_nothing(water):
    person, caucus, _group = water
    with transaction():
        step = membership.leave_caucus(person, caucus, by=person)
    with transaction():
        undo.take_back(step)
    before = digest(*PLACES)
    with transaction():
        assert not undo.take_back(step)
    assert digest(*PLACES) == before


def test_leaving_everything_is_taken_back_exactly(water):
    person, _caucus, _group = water
    other, wished = make.caucus(), make.caucus()
    make.member(other, person, make.group(other))
    with transaction():
        affiliation.wait(person, wished, by=person)
    before = digest(*PLACES)
    with transaction():
        step = membership.leave_all(person, by=person)
    assert queries.places(person) == []
    assert person.left_at is not None
    with transaction():
        undo.take_back(step)
    assert digest(*PLACES) == before


def test_an_old_step_cannot_undo_a_newer_leaving(water):
    person, caucus, _group = water
    with transaction():
        first = membership.leave_caucus(person, caucus, by=person)
    with transaction():
        affiliation.wait(person, caucus, by=person)
    with transaction():
        membership.leave_caucus(person, caucus, by=person)
    with pytest.raises(affiliation.MovedOn):
        undo.take_back(first)


def test_a_link_leads_to_its_step_and_a_forged_or_a_strange_one_to_nothing(water):
    person, caucus, _group = water
    with transaction():
        step = membership.leave_caucus(person, caucus, by=person)
        other = journal.record("caucus.moved", person, person)
    assert undo.read(undo.token(step)) is step
    for text in ("", "x", undo.token(step)[:-1], undo.token(other), tokens.sign(Purpose.UNDO, 999_999)):
        with pytest.raises(BadToken):
            undo.read(text)


def test_a_link_back_is_good_for_thirty_days(water):
    person, caucus, _group = water
    with transaction():
        link = undo.token(membership.leave_caucus(person, caucus, by=person))
    with time_machine.travel(clock.now() + timedelta(days=29, hours=23)):
        assert undo.read(link)
    with time_machine.travel(clock.now() + timedelta(days=30, hours=1)), pytest.raises(BadToken):
        undo.read(link)


def test_a_way_back_is_open_then_walked_and_gone_when_it_was_left_anew(water):
    person, caucus, _group = water
    with transaction():
        step = membership.leave_caucus(person, caucus, by=person)
    assert undo.way(step) is undo.Way.OPEN
    with transaction():
        undo.take_back(step)
    assert undo.way(step) is undo.Way.BACK
    with transaction():
        membership.leave_caucus(person, caucus, by=person)
    assert undo.way(step) is undo.Way.GONE


def test_a_preference_is_taken_back_once(water):
    person, _caucus, _group = water
    with transaction():
        step = preferences.change(person, ["fr"], "Europe/Paris", by=person)
    assert undo.way(step) is undo.Way.OPEN
    with transaction():
        assert undo.take_back(step)
    assert (person.languages, person.zone, undo.way(step)) == (["en"], "Africa/Nairobi", undo.Way.GONE)
