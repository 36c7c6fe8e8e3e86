"""One membership on the seats of several organisations (decision 0029): what one of them does takes nothing from another."""

import pytest

from caucusmail.database import db, transaction
from caucusmail.directory import acquaintances, affiliation, keeping, roster, seat_requests
from caucusmail.directory import queries as directory
from caucusmail.directory.affiliation import MovedOn
from caucusmail.directory.models import AffiliationState, Representative, Seat
from caucusmail.directory.visibility import viewer
from caucusmail.groups import handing_back, handing_over, membership, moving, queries, seat_terms, terms
from tests import letters, make
from tests.groups.leaving import PLACES, copy, digest
from tests.groups.two_seats import two_seats

ACTIVE, ENDED = AffiliationState.ACTIVE, AffiliationState.ENDED
ALL = (*PLACES, Representative)


@pytest.fixture
def two():
    return two_seats()


@pytest.mark.parametrize("which", [0, 1])
def test_an_organisation_that_ends_a_term_leaves_the_other_seat_alone(two, which):
    before, row = digest(*ALL), copy(two.rosa, two.group)
    admin = [two.andina, two.haki][which].admin.person
    with transaction():
        step = terms.end(two.terms[which], by=admin)
    assert two.stands == (ACTIVE, two.seats[1 - which].id)
    assert two.holders[which] is None
    assert two.served == ["water"]
    assert row.state.value == "queued"
    with transaction():
        assert terms.take_back(step, by=viewer(admin))
    assert digest(*ALL) == before


def test_the_last_term_ends_the_membership_and_both_come_back_in_turn(two):
    before = digest(*ALL)
    with transaction():
        first = terms.end(two.terms[0], by=two.andina.admin.person)
    with transaction():
        second = terms.end(two.terms[1], by=two.haki.admin.person)
    assert (two.stands[0], two.served) == (ENDED, [])
    with pytest.raises(MovedOn), transaction():
        terms.take_back(first, by=viewer(two.andina.admin.person))
    db.session.rollback()
    for step, house in ((second, two.haki), (first, two.andina)):
        with transaction():
            assert terms.take_back(step, by=viewer(house.admin.person))
    assert digest(*ALL) == before


@pytest.mark.parametrize("which", [0, 1])
def test_a_term_on_one_seat_ends_and_is_taken_back(two, which):
    before = digest(*ALL)
    admin = [two.andina, two.haki][which].admin.person
    with transaction():
        step = seat_terms.end(two.seats[which], by=admin)
    assert two.stands == (ACTIVE, two.seats[1 - which].id)
    assert (two.holders[which], two.served) == (None, ["water"])
    said = letters.text(letters.to(two.rosa.address)[-1])
    assert f"You stay in, as you are there for {['Haki', 'Andina'][which]}, too." in said
    with transaction():
        terms.take_back(step, by=viewer(admin))
    assert digest(*ALL) == before


def test_who_leaves_vacates_every_seat_there_and_comes_back_to_each(two):
    before = digest(*ALL)
    with transaction():
        step = membership.leave_caucus(two.rosa, two.water, by=two.rosa)
    assert (two.stands[0], two.holders[:2]) == (ENDED, [None, None])
    with transaction():
        membership.take_back(two.rosa, step, by=two.rosa)
    assert digest(*ALL) == before


def test_who_comes_back_has_the_seats_that_are_still_free(two):
    with transaction():
        step = membership.leave_caucus(two.rosa, two.water, by=two.rosa)
    with transaction():
        terms.end(two.terms[0], by=two.andina.admin.person)
    with transaction():
        membership.take_back(two.rosa, step, by=two.rosa)
    assert two.stands == (ACTIVE, two.seats[1].id)
    assert two.holders[:2] == [None, two.rosa.id]


def test_taking_a_seat_over_leaves_the_other_ones_alone(two):
    before = digest(*ALL)
    offered = two.offer(two.ana, two.seats[2], two.rosa)
    with transaction():
        step = handing_over.accept(offered)
    assert two.holders == [two.rosa.id] * 3
    assert two.stands == (ACTIVE, two.seats[0].id)
    with transaction():
        handing_back.take_back(step, by=two.ana.person)
    after = digest(*ALL)
    assert {name: after[name] for name in ("affiliations", "seats", "subscriptions")} == {
        name: before[name] for name in ("affiliations", "seats", "subscriptions")
    }


def test_handing_one_of_two_seats_on_keeps_the_other_and_serves_the_successor(two):
    before, eva = digest(*PLACES), make.person("Eva", "eva@andina.example")
    offered = two.offer(two.terms[0], two.seats[0], eva)
    with transaction():
        step = handing_over.accept(offered)
    assert two.holders == [eva.id, two.rosa.id, two.ana.person_id]
    assert two.stands == (ACTIVE, two.seats[1].id)
    assert two.served == ["water"]
    assert [one.group.local_part for one in queries.subscriptions(eva)] == ["water"]
    said = letters.text(letters.to(two.rosa.address)[-1])
    assert "water caucus (Haki)" in said
    assert "Nothing more is sent" not in said
    with transaction():
        handing_back.take_back(step, by=two.rosa)
    assert two.stands == (ACTIVE, two.seats[0].id)
    assert digest(*PLACES)["seats"] == before["seats"]
    assert queries.subscriptions(eva) == []


def test_the_only_coordinator_may_hand_one_of_two_seats_on(two):
    make.coordinator(two.water, two.rosa)
    offered = two.offer(two.terms[0], two.seats[0], make.person("Eva", "eva@andina.example"))
    with transaction():
        handing_over.accept(offered)
    with pytest.raises(keeping.LastCoordinator):
        two.offer(two.terms[1], two.seats[1], make.person("Ben", "ben@haki.example"))


def test_a_hand_over_taken_back_takes_nothing_that_was_given_since(two):
    eva = make.person("Eva", "eva@andina.example")
    offered = two.offer(two.terms[0], two.seats[0], eva)
    with transaction():
        step = handing_over.accept(offered)
    later = two.offer(two.ana, two.seats[2], eva)
    with transaction():
        handing_over.accept(later)
    with transaction():
        handing_back.take_back(step, by=two.rosa)
    place = directory.affiliation(eva, two.water)
    assert (place.state, place.seat_id) == (ACTIVE, two.seats[2].id)
    assert two.holders == [two.rosa.id, two.rosa.id, eva.id]
    assert [one.group.local_part for one in queries.subscriptions(eva)] == ["water"]


def test_who_moves_from_one_organisation_stays_in_by_the_other(two):
    before = digest(*ALL)
    with transaction():
        step = moving.move(two.terms[0], [], "", by=two.rosa)
    assert two.stands == (ACTIVE, two.seats[1].id)
    assert (two.holders[0], two.served) == (None, ["water"])
    said = letters.text(letters.to(two.rosa.address)[-1])
    assert "water caucus (Haki)" in said
    assert "no longer in" not in said
    with transaction():
        moving.take_back(step, by=two.rosa)
    assert digest(*ALL) == before


def test_nobody_stays_as_an_individual_where_another_seat_is_theirs(two):
    assert [seat.id for seat in moving.staying(two.terms[0])] == [two.seats[1].id]
    with pytest.raises(moving.NotAlone), transaction():
        moving.move(two.terms[0], [two.water.id], "", by=two.rosa)


def test_a_seat_that_was_asked_for_comes_beside_the_others(two):
    make.keep(Seat(ngo_id=two.red.ngo.id, caucus_id=two.water.id, since=two.seats[2].since))
    with transaction():
        asked = seat_requests.ask(two.rosa, "Red", [two.water.id])
    with transaction():
        moving.give(asked, by=two.red.admin.person)
    assert two.stands == (ACTIVE, two.seats[0].id)
    assert [one.ngo.name for one in directory.held_seats(two.rosa.id, two.water.id)] == ["Andina", "Haki", "Red"]


def test_somebody_on_two_chairs_of_one_organisation_sits_on_the_one_taken_over(two):
    made = make.keep(Seat(ngo_id=two.andina.ngo.id, caucus_id=two.water.id, since=two.seats[0].since))
    eva = make.person("Eva", "eva@andina.example")
    term = make.representative(eva, two.andina.ngo)
    with transaction():
        affiliation.activate(affiliation.wait(eva, two.water, by=eva), by=eva, seat=made)
    before = digest(*PLACES)["seats"]
    offered = two.offer(term, made, two.rosa)
    with transaction():
        step = handing_over.accept(offered)
    assert two.stands == (ACTIVE, made.id)
    assert two.holders[:2] == [None, two.rosa.id]
    with transaction():
        handing_back.take_back(step, by=eva)
    assert two.stands == (ACTIVE, two.seats[0].id)
    assert digest(*PLACES)["seats"] == before


def test_who_sees_somebody_is_said_for_each_organisation(two):
    (place,) = queries.places(two.rosa)
    assert [one.name for one in place.ngos] == ["Andina", "Haki"]
    assert (place.ngo_names, place.ngo.name) == ("Andina and Haki", "Andina")
    with transaction():
        terms.end(two.terms[0], by=two.andina.admin.person)
    (place,) = queries.places(two.rosa)
    assert place.ngo_names == "Haki"


def test_the_roster_names_each_organisation_once(two):
    keeper = make.coordinator(two.water)
    lines = {one.name: one.organisation for one in roster.everybody(two.water, viewer(keeper))}
    assert lines == {"Rosa Quispe": "Andina and Haki", "Ana": "Red"}


def test_the_secretariat_reads_for_whom_somebody_is_in(two):
    found = acquaintances.one(viewer(make.secretary()), two.rosa.id)
    assert [found.here_for(place) for place in found.memberships] == ["Andina and Haki"]
