import re
from datetime import timedelta

import pytest

from caucusmail import clock, zones
from caucusmail.accounts import queries as accounts
from caucusmail.accounts import signing_in
from caucusmail.database import db, transaction
from caucusmail.delivery.models import DeliveryState
from caucusmail.directory import queries as directory
from caucusmail.directory import representation, seating
from caucusmail.directory.affiliation import MovedOn
from caucusmail.directory.models import AffiliationState, Representative, Seat
from caucusmail.directory.visibility import STRANGER, viewer
from caucusmail.errors import NotFound
from caucusmail.groups import membership, queries, seat_terms, terms, undo
from caucusmail.groups.undo import Way
from tests import make
from tests.groups.leaving import PLACES, copy, digest, letters_to

ALL = (*PLACES, Representative)


@pytest.fixture
def house():
    """Rosa looks after Justicia Andina; Luis holds its seat in Water and is in Peace as an individual."""
    ngo, water, peace = make.ngo("Justicia Andina"), make.caucus("water"), make.caucus("peace")
    rosa, luis = make.person("Rosa Quispe"), make.person("Luis Mamani")
    groups = [make.group(water), make.group(peace)]
    representatives = make.representative(rosa, ngo, admin=True), make.representative(luis, ngo)
    seat = make.keep(Seat(ngo_id=ngo.id, caucus_id=water.id, since=clock.now(), holder_id=luis.id))
    make.member(water, luis, groups[0], seat_id=seat.id)
    make.member(peace, luis, groups[1])
    return ngo, *representatives, seat, groups


def test_an_ended_term_leaves_the_seat_to_the_organisation(house):
    _ngo, rosa, luis, seat, _groups = house
    with transaction():
        terms.end(luis, by=rosa.person)
    assert (seat.holder_id, seat.until) == (None, None)
    assert directory.affiliation(luis.person, seat.caucus).state is AffiliationState.ENDED
    assert [place.caucus.slug for place in queries.places(luis.person)] == ["peace"]
    (letter,) = letters_to(luis.person)
    assert "Justicia Andina has told us" in letter
    assert "/undo/" not in letter


def test_an_ended_term_is_taken_back_exactly(house):
    _ngo, rosa, luis, _seat, _groups = house
    before = digest(*ALL)
    with transaction():
        step = terms.end(luis, by=rosa.person)
    assert digest(*ALL) != before
    with transaction():
        assert terms.take_back(step, by=viewer(rosa.person))
    assert digest(*ALL) == before
    with transaction():
        assert not terms.take_back(step, by=viewer(rosa.person))
    assert (terms.runs(step), undo.way(step)) == (True, Way.BACK)
    with transaction():
        terms.end(luis, by=rosa.person)
    assert (terms.runs(step), undo.way(step)) == (False, Way.GONE)


def test_ending_twice_is_ending_once(house):
    _ngo, rosa, luis, _seat, _groups = house
    with transaction():
        assert terms.end(luis, by=rosa.person)
    with transaction():
        assert terms.end(luis, by=rosa.person) is None
    assert len(letters_to(luis.person)) == 1


def test_who_was_ended_by_the_organisation_cannot_come_back_alone(house):
    _ngo, rosa, luis, seat, _groups = house
    with transaction():
        terms.end(luis, by=rosa.person)
    assert queries.left_lately(luis.person) == []
    with pytest.raises(membership.NoWayBack):
        membership.come_back(luis.person, seat.caucus, by=luis.person)


def test_what_lies_ready_for_the_former_representative_is_withdrawn(house):
    _ngo, rosa, luis, _seat, groups = house
    water, peace = copy(luis.person, groups[0]), copy(luis.person, groups[1])
    with transaction():
        terms.end(luis, by=rosa.person)
    db.session.expire_all()
    assert (water.state, peace.state) == (DeliveryState.WITHDRAWN, DeliveryState.QUEUED)


def test_the_last_administrator_stays(house):
    _ngo, rosa, luis, _seat, _groups = house
    with pytest.raises(representation.LastAdministrator, match="Make somebody else administrator first"):
        terms.end(rosa, by=rosa.person)
    with pytest.raises(representation.LastAdministrator):
        terms.set_admin(rosa, admin=False, by=rosa.person)
    with transaction():
        terms.set_admin(luis, admin=True, by=rosa.person)
        terms.set_admin(rosa, admin=False, by=luis.person)
    assert (rosa.admin, luis.admin) == (False, True)


def test_a_change_of_administrator_is_taken_back_unless_it_would_leave_none(house):
    _ngo, rosa, luis, _seat, _groups = house
    with transaction():
        made = terms.set_admin(luis, admin=True, by=rosa.person)
        assert terms.set_admin(luis, admin=True, by=rosa.person) is None
        terms.set_admin(rosa, admin=False, by=luis.person)
    with pytest.raises(representation.LastAdministrator):
        terms.take_back(made, by=viewer(luis.person))


def test_a_term_is_not_taken_back_over_a_taken_seat_or_place(house):
    ngo, rosa, luis, seat, _groups = house
    with transaction():
        step = terms.end(luis, by=rosa.person)
    with transaction():
        seating.take(seat, rosa.person_id)
    with pytest.raises(seating.SeatTaken):
        terms.take_back(step, by=viewer(rosa.person))
    db.session.rollback()
    with transaction():
        ngo.seats_cap = 1
    with pytest.raises(representation.NoPlaceLeft):
        terms.take_back(step, by=viewer(rosa.person))


def test_a_step_of_another_organisation_or_an_old_one_is_not_found(house, monkeypatch):
    ngo, rosa, luis, _seat, _groups = house
    with transaction():
        step = terms.end(luis, by=rosa.person)
        number = terms.key(step)
    looks = viewer(rosa.person)
    assert terms.step(looks, ngo.id, number) is step
    for by, who, entry in (
        (looks, make.ngo().id, number),
        (looks, ngo.id, 999999),
        (viewer(luis.person), ngo.id, number),
        (STRANGER, ngo.id, number),
    ):
        with pytest.raises(NotFound):
            terms.step(by, who, entry)
    later = clock.now() + timedelta(days=31)
    monkeypatch.setattr(clock, "now", lambda: later)
    with pytest.raises(NotFound):
        terms.step(looks, ngo.id, number)


def test_who_ended_their_own_term_can_take_it_back_and_nobody_else_through_them(house):
    ngo, rosa, luis, _seat, _groups = house
    with transaction():
        terms.set_admin(luis, admin=True, by=rosa.person)
    before = digest(*ALL)
    with transaction():
        other = terms.key(terms.set_admin(luis, admin=False, by=rosa.person))
        terms.set_admin(luis, admin=True, by=rosa.person)
        mine = terms.end(rosa, by=rosa.person)
    looks = viewer(rosa.person)
    assert looks.administers == frozenset()
    assert terms.step(looks, ngo.id, mine.id) is mine
    with pytest.raises(NotFound):
        terms.step(looks, ngo.id, other)
    letter = letters_to(rosa.person)[-1]
    assert "You have ended your term" in letter
    step = undo.read(re.search(r"/undo/(\S+)", letter)[1])
    with transaction():
        assert undo.take_back(step)
    assert "You are not an administrator of it again by that" in letters_to(rosa.person)[-1]
    assert not rosa.admin
    with transaction():  # all but that is as before
        terms.set_admin(rosa, admin=True, by=luis.person)
    assert digest(*ALL) == before
    with transaction():
        assert not undo.take_back(step)


def test_whose_ended_term_is_taken_back_is_told_so(house):
    _ngo, rosa, luis, _seat, _groups = house
    with transaction():
        step = terms.end(luis, by=rosa.person)
    with transaction():
        terms.take_back(step, by=viewer(rosa.person))
    told, again = letters_to(luis.person)
    assert "has told us that you no longer represent it" in told
    assert "This was taken back: you represent it as before" in again
    assert "water caucus" in again


def test_who_becomes_administrator_or_is_no_longer_is_told_and_signs_in_anew(house):
    _ngo, rosa, luis, _seat, _groups = house
    for admin, told in ((True, "now on you are an administrator"), (False, "You are no longer an administrator")):
        with transaction():
            secret, other = signing_in.begin(luis.person), signing_in.begin(rosa.person)
        with transaction():
            step = terms.set_admin(luis, admin=admin, by=rosa.person)
        assert told in letters_to(luis.person)[-1]
        assert accounts.signed_in(secret) is None
        assert accounts.signed_in(other)
    with transaction():
        secret = signing_in.begin(luis.person)
    with transaction():
        terms.take_back(step, by=viewer(rosa.person))
    assert accounts.signed_in(secret) is None
    assert "now on you are an administrator" in letters_to(luis.person)[-1]


def test_an_administrator_whose_term_ends_is_signed_out_but_where_they_end_it_themselves(house):
    _ngo, rosa, luis, _seat, _groups = house
    with transaction():
        terms.set_admin(luis, admin=True, by=rosa.person)
        here, there = signing_in.begin(rosa.person), signing_in.begin(rosa.person)
    with transaction():
        terms.end(rosa, by=rosa.person, keep=accounts.signed_in(here).id)
    assert accounts.signed_in(here)
    assert accounts.signed_in(there) is None


def test_what_was_done_to_it_since_is_not_undone_by_an_older_step(house):
    _ngo, rosa, luis, _seat, _groups = house
    with transaction():
        first = terms.set_admin(luis, admin=True, by=rosa.person)
        terms.set_admin(luis, admin=False, by=rosa.person)
        again = terms.set_admin(luis, admin=True, by=rosa.person)
    with pytest.raises(MovedOn), transaction():
        terms.take_back(first, by=viewer(rosa.person))
    assert luis.admin
    with transaction():
        assert terms.take_back(again, by=viewer(rosa.person))
    assert not luis.admin


def test_nobody_takes_back_without_the_right_of_today(house):
    _ngo, rosa, luis, seat, _groups = house
    with transaction():
        terms.set_admin(luis, admin=True, by=rosa.person)
        steps = [
            seat_terms.set_end(seat, zones.day(clock.now() + timedelta(days=40), "UTC"), by=luis.person),
            terms.set_admin(luis, admin=False, by=luis.person),
        ]
    before = digest(*ALL)
    for step in steps:
        with pytest.raises(NotFound), transaction():
            terms.take_back(step, by=viewer(luis.person))
    assert digest(*ALL) == before
    assert not terms.may_take_back(STRANGER, steps[0])
