import pytest

from caucusmail.database import transaction
from caucusmail.directory import affiliation, seating, several_seats
from caucusmail.directory.models import AffiliationState, NgoState, Representative
from caucusmail.directory.seating import SeatTaken
from tests import make
from tests.groups.leaving import PLACES, digest
from tests.groups.two_seats import two_seats

ACTIVE, ENDED = AffiliationState.ACTIVE, AffiliationState.ENDED
ALL = (*PLACES, Representative)


@pytest.fixture
def two():
    return two_seats()


def up(two, *seats):
    with transaction():
        return several_seats.get_up(two.rosa, seats, by=None)


def test_a_second_seat_leaves_the_first_as_it_is(two):
    assert two.stands == (ACTIVE, two.seats[0].id)
    assert two.holders[:2] == [two.rosa.id, two.rosa.id]
    assert [one.id for one in several_seats.others(two.seats[0], two.rosa)] == [two.seats[1].id]
    assert [one.id for one in several_seats.of(two.haki.ngo, two.rosa)] == [two.seats[1].id]


@pytest.mark.parametrize("lost", [0, 1])
def test_losing_one_of_two_seats_moves_the_membership_to_the_other(two, lost):
    left = up(two, two.seats[lost])
    assert left["former"] == []
    assert two.stands == (ACTIVE, two.seats[1 - lost].id)
    assert two.holders[lost] is None


@pytest.mark.parametrize("lost", [0, 1])
def test_sitting_again_is_as_it_was_to_the_last_column(two, lost):
    before = digest(*ALL)
    left = up(two, two.seats[lost])
    with transaction():
        several_seats.sit_again(two.rosa, left["up"])
    assert digest(*ALL) == before


def test_losing_the_last_seat_ends_the_membership(two):
    left = up(two, *two.seats[:2])
    assert [len(left["former"]), len(left["up"])] == [1, 1]
    assert two.stands[0] is ENDED
    with transaction():
        affiliation.restore(left["former"][0], by=None)
        several_seats.sit_again(two.rosa, left["up"])
    assert two.stands == (ACTIVE, two.seats[0].id)


def test_a_seat_is_not_taken_again_for_a_membership_that_has_ended_since(two):
    left = up(two, two.seats[0])
    up(two, two.seats[1])
    with pytest.raises(affiliation.MovedOn), transaction():
        several_seats.sit_again(two.rosa, left["up"])


def test_a_seat_beside_an_individual_membership_is_left_without_ending_it(two):
    with transaction():
        two.place.seat_id = None
    assert up(two, *two.seats[:2])["former"] == []
    assert two.stands == (ACTIVE, None)


def test_ending_a_membership_vacates_all_its_seats_and_restoring_takes_those_that_are_free(two):
    before = digest(*ALL)
    with transaction():
        former = affiliation.end(two.place, by=two.rosa)
    assert (two.stands[0], two.holders[:2]) == (ENDED, [None, None])
    with transaction():
        affiliation.restore(former, by=two.rosa)
    assert digest(*ALL) == before
    with transaction():
        former = affiliation.end(two.place, by=two.rosa)
        seating.take(two.seats[0], make.person().id)
    with transaction():
        affiliation.restore(former, by=two.rosa)
    assert two.stands == (ACTIVE, two.seats[1].id)


def test_restoring_is_refused_only_where_no_seat_is_free(two):
    with transaction():
        former = affiliation.end(two.place, by=two.rosa)
        for seat in two.seats[:2]:
            seating.take(seat, make.person().id)
    with pytest.raises(SeatTaken), transaction():
        affiliation.restore(former, by=two.rosa)


def test_the_seat_of_an_organisation_that_lapses_is_no_longer_the_first(two):
    with transaction():
        two.andina.ngo.state = NgoState.LAPSED
        several_seats.show_others(two.andina.ngo)
    assert two.stands == (ACTIVE, two.seats[1].id)
    with transaction():
        two.haki.ngo.state = NgoState.LAPSED
        several_seats.show_others(two.haki.ngo)
    assert two.stands == (ACTIVE, two.seats[1].id)
    assert two.holders[:2] == [two.rosa.id, two.rosa.id]
