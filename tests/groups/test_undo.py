from datetime import timedelta

import pytest
import time_machine

from caucusmail import clock, tokens
from caucusmail.accounts import preferences
from caucusmail.audit import journal
from caucusmail.database import transaction
from caucusmail.directory import affiliation, showing
from caucusmail.directory import queries as directory
from caucusmail.directory.models import Shown
from caucusmail.groups import membership, pauses, queries, undo
from caucusmail.groups.models import Mode
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
    assert (person.languages, person.zone, undo.way(step)) == (["en"], "Africa/Nairobi", undo.Way.BACK)


def test_what_was_taken_back_and_then_chosen_anew_stays_and_is_called_so(water):
    person, caucus, group = water
    place = directory.affiliation(person, caucus)

    def choices():
        yield lambda: preferences.change(person, ["fr"], "Europe/Paris", by=person)
        yield lambda: pauses.pause(person, caucus, None, None, by=person)
        yield lambda: pauses.set_mode(person, group, Mode.EVERY, by=person)
        yield lambda: showing.choose(place, Shown.NAME_AND_ORGANISATION, by=person)

    for choose in choices():
        with transaction():
            step = choose()
        assert undo.way(step) is undo.Way.OPEN
        with transaction():
            assert undo.take_back(step)
        assert undo.way(step) is undo.Way.BACK
        with transaction():
            assert choose() is not None
        assert undo.way(step) is undo.Way.USED
        with transaction():
            assert not undo.take_back(step)
