from datetime import timedelta

import pytest
import time_machine

from caucusmail import clock, zones
from caucusmail.database import transaction
from caucusmail.delivery.models import DeliveryState
from caucusmail.directory import representation, seating
from caucusmail.directory.affiliation import MovedOn
from caucusmail.directory.models import Affiliation, Representative, Seat, SeatRole
from caucusmail.directory.seating import SeatTaken
from caucusmail.directory.visibility import viewer
from caucusmail.groups import queries, seat_terms, terms
from caucusmail.groups.seat_terms import BadDay, Vacant
from tests import letters, make
from tests.groups.handed import office, stands
from tests.groups.leaving import PLACES, copy, digest

ALL = (*PLACES, Representative)


@pytest.fixture
def haki():
    return office()


def day(days):
    return zones.day(clock.now() + timedelta(days=days), "Africa/Nairobi")


def until(haki, last):
    with transaction():
        return seat_terms.set_end(haki.seats[0], last, by=haki.ben.person)


def subjects(person):
    return [one["Subject"] for one in letters.to(person.address)]


def test_a_term_ends_with_its_last_day_where_it_was_set(haki):
    assert until(haki, day(40))
    ends = haki.seats[0].held_until
    assert ends == zones.day_begins(day(41), "Africa/Nairobi")
    assert until(haki, day(40)) is None
    assert until(haki, None)
    assert haki.seats[0].held_until is None


@pytest.mark.parametrize("days", [-1, 3700])
def test_a_last_day_that_is_over_or_far_off_is_refused(haki, days):
    with pytest.raises(BadDay, match="over, or more than ten years"):
        until(haki, day(days))


def test_nobody_ends_where_nobody_sits(haki):
    with transaction():
        seat_terms.end(haki.seats[0], by=None)
    for act in (lambda: until(haki, day(3)), lambda: seat_terms.end(haki.seats[0], by=None)):
        with pytest.raises(Vacant):
            act()


def test_both_sides_are_told_a_month_before_and_once(haki):
    until(haki, day(40))
    with transaction():
        assert seat_terms.remind_due() == 0
    with time_machine.travel(clock.now() + timedelta(days=12)):
        for told in (1, 0):
            with transaction():
                assert seat_terms.remind_due() == told
    written = zones.written(day(40))
    assert subjects(haki.rosa) == subjects(haki.ben.person) == [f"A seat of Haki is held until {written}"]
    assert "You hold the seat of Haki in water caucus" in letters.text(letters.to(haki.rosa.address)[0])
    assert "set a later day or none" in letters.text(letters.to(haki.ben.person.address)[0])


def test_who_is_given_a_later_day_is_told_again_before_that_one(haki):
    until(haki, day(10))
    with transaction():
        assert seat_terms.remind_due() == 1
    until(haki, day(20))
    with transaction():
        assert seat_terms.remind_due() == 1


def test_after_the_last_day_the_seat_is_vacant_and_the_holder_still_speaks(haki):
    row = copy(haki.rosa, haki.groups[0], due_at=clock.now() + timedelta(days=90))
    until(haki, day(5))
    with time_machine.travel(clock.now() + timedelta(days=7)):
        moment = clock.now()
        for ended in (1, 0):
            with transaction():
                assert seat_terms.end_due() == ended
        assert haki.seats[0].holder_id is None
        assert haki.seats[0].holder_since - moment < timedelta(minutes=1)
        assert [stands(haki.rosa, one) for one in haki.caucuses] == ["ended", "active"]
        assert haki.holder in representation.speaking(haki.ngo)
    assert row.state is DeliveryState.WITHDRAWN
    assert [place.group.local_part for place in queries.subscriptions(haki.rosa)] == ["peace"]
    assert subjects(haki.rosa) == ["You no longer hold a seat of Haki"]
    assert subjects(haki.ben.person) == ["A seat of Haki is vacant"]


def test_an_ending_is_taken_back_to_the_last_column(haki):
    until(haki, day(40))
    before = digest(*ALL)
    with transaction():
        step = seat_terms.end(haki.seats[0], by=haki.ben.person)
    assert digest(*ALL) != before
    with time_machine.travel(clock.now() + timedelta(days=20)), transaction():
        assert terms.take_back(step, by=viewer(haki.ben.person))
    assert digest(*ALL) == before
    assert subjects(haki.rosa)[-1] == "You hold a seat of Haki again"
    with transaction():
        assert not terms.take_back(step, by=viewer(haki.ben.person))


def test_who_sits_again_after_their_last_day_sits_without_one(haki):
    until(haki, day(5))
    with time_machine.travel(clock.now() + timedelta(days=7)):
        with transaction():
            seat_terms.turn()
        step = next(one for one in make.rows(terms.AuditEntry) if one.verb == seat_terms.OVER)
        with transaction():
            terms.take_back(step, by=viewer(haki.ben.person))
        with transaction():
            assert seat_terms.end_due() == 0
    assert (haki.seats[0].holder_id, haki.seats[0].held_until) == (haki.rosa.id, None)


def test_a_seat_that_somebody_else_took_is_not_given_back(haki):
    with transaction():
        step = seat_terms.end(haki.seats[0], by=haki.ben.person)
    with transaction():
        seating.take(haki.seats[0], haki.ben.person_id)
    before = digest(*ALL)
    with pytest.raises(SeatTaken), transaction():
        terms.take_back(step, by=viewer(haki.ben.person))
    assert digest(*ALL) == before


def test_a_day_set_for_somebody_who_is_gone_is_not_taken_back(haki):
    step = until(haki, day(5))
    with transaction():
        seat_terms.end(haki.seats[0], by=haki.ben.person)
    with pytest.raises(MovedOn), transaction():
        terms.take_back(step, by=viewer(haki.ben.person))


def test_a_seat_without_a_membership_is_vacated_and_taken_again(haki):
    bare = make.keep(Seat(ngo_id=haki.ngo.id, caucus_id=make.caucus().id, holder_id=haki.rosa.id, since=clock.now()))
    before = digest(*ALL)
    with transaction():
        step = seat_terms.end(bare, by=haki.ben.person)
    assert bare.holder_id is None
    with transaction():
        terms.take_back(step, by=viewer(haki.ben.person))
    assert digest(*ALL) == before


def test_an_alternate_comes_first_and_back(haki):
    water = haki.caucuses[0]
    second = make.keep(
        Seat(
            ngo_id=haki.ngo.id,
            caucus_id=water.id,
            role=SeatRole.ALTERNATE,
            holder_id=haki.ben.person_id,
            since=clock.now(),
        )
    )
    with transaction():
        step = seat_terms.make_first(second, by=haki.ben.person)
    assert (haki.seats[0].role, second.role) == (SeatRole.ALTERNATE, SeatRole.REPRESENTATIVE)
    with transaction():
        assert seat_terms.make_first(second, by=haki.ben.person) is None
    with transaction():
        terms.take_back(step, by=viewer(haki.ben.person))
    assert (haki.seats[0].role, second.role) == (SeatRole.REPRESENTATIVE, SeatRole.ALTERNATE)
    assert len(make.rows(Affiliation)) == 2


def test_an_older_last_day_is_not_put_over_a_newer_one(haki):
    first, second = until(haki, day(40)), until(haki, day(80))
    newer = haki.seats[0].held_until
    with pytest.raises(MovedOn), transaction():
        terms.take_back(first, by=viewer(haki.ben.person))
    assert haki.seats[0].held_until == newer
    for step in (second, first):  # one after the other, the newest first
        with transaction():
            assert terms.take_back(step, by=viewer(haki.ben.person))
    assert haki.seats[0].held_until is None


def test_a_day_that_was_changed_and_set_again_is_a_newer_one(haki):
    first = until(haki, day(40))
    until(haki, None)
    until(haki, day(40))
    with pytest.raises(MovedOn), transaction():
        terms.take_back(first, by=viewer(haki.ben.person))


def test_an_older_coming_first_leaves_no_two_representatives(haki):
    water, alternate = haki.caucuses[0], {"role": SeatRole.ALTERNATE, "since": clock.now()}
    second, third = (make.keep(Seat(ngo_id=haki.ngo.id, caucus_id=water.id, **alternate)) for _ in range(2))
    with transaction():
        older = seat_terms.make_first(second, by=haki.ben.person)
        newer = seat_terms.make_first(third, by=haki.ben.person)
    with pytest.raises(MovedOn), transaction():
        terms.take_back(older, by=viewer(haki.ben.person))
    assert [one.role for one in (haki.seats[0], second, third)] == [*[SeatRole.ALTERNATE] * 2, SeatRole.REPRESENTATIVE]
    with transaction():
        seat_terms.make_first(second, by=haki.ben.person)
    with pytest.raises(MovedOn), transaction():
        terms.take_back(older, by=viewer(haki.ben.person))
    with pytest.raises(MovedOn), transaction():
        terms.take_back(newer, by=viewer(haki.ben.person))


def test_who_was_seated_anew_sits_as_they_do_now(haki):
    with transaction():
        step = seat_terms.end(haki.seats[0], by=haki.ben.person)
    with transaction():
        seating.take(haki.seats[0], haki.rosa.id)
    before = digest(*ALL)
    with pytest.raises(MovedOn), transaction():
        terms.take_back(step, by=viewer(haki.ben.person))
    assert digest(*ALL) == before
