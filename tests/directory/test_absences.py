from datetime import timedelta

import pytest
import time_machine

from caucusmail import clock
from caucusmail.database import transaction
from caucusmail.directory import absences
from caucusmail.directory.models import Sensitivity
from tests import make
from tests.announcements.rooms import Room
from tests.groups.absent import Seated, asked


def test_what_a_deputy_stands_in_for_is_seats_alone_and_nothing_confidential():
    haki, personal, quiet = Seated(Room()), Room(), Room()
    make.member(personal.caucus, haki.rosa, personal.group)
    assert list(absences.caucuses(haki.holder)) == [haki.room.caucus]
    haki.away()
    assert absences.standing_in(haki.amina) == {haki.room.caucus.id: haki.ngo.id}
    assert absences.standing_in(haki.rosa) == {}
    with transaction():
        haki.room.caucus.sensitivity = Sensitivity.CONFIDENTIAL
    assert (absences.standing_in(haki.amina), list(absences.caucuses(haki.holder))) == ({}, [])
    assert quiet.caucus.id not in absences.standing_in(haki.amina)


def test_it_holds_from_its_first_moment_and_no_longer_at_its_last():
    haki = Seated(Room())
    made = haki.away(first=clock.now().date() + timedelta(3))
    moments = {made.begins_at - timedelta(microseconds=1): False, made.begins_at: True}
    moments |= {made.ends_at - timedelta(microseconds=1): True, made.ends_at: False}
    for moment, holds in moments.items():
        with time_machine.travel(moment, tick=False):
            assert bool(absences.standing_in(haki.amina)) is holds


def test_what_is_ahead_is_shown_to_holder_deputy_and_organisation():
    haki = Seated(Room())
    made = asked(haki.holder, haki.amina)
    assert list(absences.ahead([haki.holder])) == list(absences.of_ngo(haki.ngo)) == [made]
    assert absences.taken_on(haki.amina) == []
    assert absences.of_person(haki.amina) == absences.of_person(haki.rosa) == [made]
    assert absences.of_person(make.person()) == []
    with time_machine.travel(made.ends_at, tick=False):
        assert absences.ahead([haki.holder]) == []


def test_a_seat_that_goes_to_somebody_else_is_passed_on_no_more():
    haki = Seated(Room())
    haki.away()
    with transaction():
        haki.seat.holder_id = None
    assert absences.standing_in(haki.amina) == {}


@pytest.mark.parametrize("whose", ["holder", "term"])
def test_once_a_term_has_ended_nobody_stands_in_and_no_page_says_so(whose):
    haki = Seated(Room())
    haki.away()
    assert absences.standing_in(haki.amina) != {}
    with transaction():
        getattr(haki, whose).until = clock.now()
    assert absences.standing_in(haki.amina) == {}
    assert absences.ahead([haki.holder]) == absences.of_ngo(haki.ngo) == absences.taken_on(haki.amina) == []
