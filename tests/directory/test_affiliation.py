import pytest

from caucusmail import clock
from caucusmail.accounts.models import Person
from caucusmail.database import db, transaction
from caucusmail.directory import affiliation, queries, seating
from caucusmail.directory.models import (
    Affiliation,
    AffiliationState,
    Basis,
    Caucus,
    Consent,
    ConsentText,
    JoinMode,
    Representative,
    Seat,
)
from tests import make


def consent(person: Person, caucus: Caucus) -> Consent:
    if db.session.get(ConsentText, "f" * 64) is None:
        make.keep(ConsentText(fingerprint="f" * 64, version="1", language="en", text="Yes."))
    return make.keep(
        Consent(
            person_id=person.id,
            caucus_id=caucus.id,
            text_fingerprint="f" * 64,
            basis=next(iter(Basis)),
            form="join",
            asked_at=clock.now(),
            given_at=clock.now(),
        )
    )


def seated(person: Person, caucus: Caucus) -> tuple[Affiliation, Seat]:
    seat = make.keep(Seat(ngo_id=make.ngo().id, caucus_id=caucus.id, since=clock.now()))
    make.representative(person, seat.ngo)
    with transaction():
        place = affiliation.wait(person, caucus, by=person)
        assert affiliation.activate(place, by=None, seat=seat)
    return place, seat


def test_a_wish_waits_and_asking_twice_is_one_wish():
    person, caucus = make.person(), make.caucus()
    first = affiliation.wait(person, caucus, by=person)
    assert (first.state, affiliation.wait(person, caucus, by=person)) == (AffiliationState.WAITING, first)


def test_a_caucus_that_gathers_interest_notes_interest():
    caucus = make.caucus(join_mode=JoinMode.INTEREST)
    assert affiliation.wait(make.person(), caucus, by=None).state is AffiliationState.INTEREST


def test_asking_again_does_not_put_a_member_back_into_the_queue():
    caucus = make.caucus()
    person = make.member(caucus)
    assert affiliation.wait(person, caucus, by=person).state is AffiliationState.ACTIVE


def test_activating_seats_the_person():
    person = make.person()
    place, seat = seated(person, make.caucus())
    assert (place.state, place.seat_id, seat.holder_id) == (AffiliationState.ACTIVE, seat.id, person.id)


def test_a_seat_that_somebody_holds_is_refused():
    caucus = make.caucus()
    _place, seat = seated(make.person(), caucus)
    late = affiliation.wait(make.person(), caucus, by=None)
    with pytest.raises(seating.SeatTaken):
        affiliation.activate(late, by=None, seat=seat)


def test_who_withdrew_is_not_let_in_and_gets_no_seat():
    person, caucus = make.person(), make.caucus()
    seat = make.keep(Seat(ngo_id=make.ngo().id, caucus_id=caucus.id, since=clock.now()))
    place = affiliation.wait(person, caucus, by=person)
    affiliation.end(place, by=person)
    assert not affiliation.activate(place, by=None, seat=seat)
    assert seat.holder_id is None


def test_ending_withdraws_the_consent_and_leaves_the_seat_to_the_organisation():
    person, caucus = make.person(), make.caucus()
    place, seat = seated(person, caucus)
    proof = consent(person, caucus)
    affiliation.end(place, by=person)
    db.session.refresh(proof)
    assert (place.state, place.ended_by_id) == (AffiliationState.ENDED, person.id)
    assert seat.holder_id is None
    assert seat.until is None
    assert proof.withdrawn_at is not None


def test_ending_twice_changes_nothing():
    caucus = make.caucus()
    person = make.member(caucus)
    place = queries.affiliation(person, caucus)
    assert affiliation.end(place, by=person) is not None
    since = place.since
    assert affiliation.end(place, by=None) is None
    assert (place.since, place.ended_by_id) == (since, person.id)


def test_restoring_puts_back_state_seat_and_consent_exactly():
    person, caucus = make.person(), make.caucus()
    place, seat = seated(person, caucus)
    proof = consent(person, caucus)
    before = (place.state, place.since, place.seat_id, place.ended_by_id, seat.holder_id)
    former = affiliation.end(place, by=person)
    affiliation.restore(former, by=person)
    db.session.refresh(proof)
    assert (place.state, place.since, place.seat_id, place.ended_by_id, seat.holder_id) == before
    assert proof.withdrawn_at is None


def test_restoring_does_not_revive_a_consent_that_was_withdrawn_before():
    person, caucus = make.person(), make.caucus()
    place, _seat = seated(person, caucus)
    old = consent(person, caucus)
    with transaction():
        old.withdrawn_at = clock.now()
    affiliation.restore(affiliation.end(place, by=person), by=person)
    db.session.refresh(old)
    assert old.withdrawn_at is not None


def test_a_seat_given_to_somebody_else_is_not_taken_back():
    person, caucus = make.person(), make.caucus()
    place, seat = seated(person, caucus)
    former = affiliation.end(place, by=person)
    seating.take(seat, make.person().id)
    with pytest.raises(seating.SeatTaken):
        affiliation.restore(former, by=person)


def test_who_speaks_for_the_organisation_no_more_does_not_take_its_seat_back():
    person, caucus = make.person(), make.caucus()
    place, seat = seated(person, caucus)
    former = affiliation.end(place, by=person)
    (term,) = [one for one in make.rows(Representative) if one.person_id == person.id]
    with transaction():
        term.until = clock.now()
    with pytest.raises(seating.SeatTaken, match="no longer speak"), transaction():
        affiliation.restore(former, by=person)
    assert (place.state, seat.holder_id) == (AffiliationState.ENDED, None)
    with transaction():
        term.until = None
    affiliation.restore(former, by=person)
    assert seat.holder_id == person.id


def test_restoring_twice_is_refused():
    caucus = make.caucus()
    person = make.member(caucus)
    former = affiliation.end(queries.affiliation(person, caucus), by=person)
    affiliation.restore(former, by=person)
    with pytest.raises(affiliation.MovedOn):
        affiliation.restore(former, by=person)


def test_who_noted_interest_and_asks_again_waits_once_the_caucus_takes_members():
    caucus, person = make.caucus(join_mode=JoinMode.INTEREST), make.person()
    with transaction():
        place = affiliation.wait(person, caucus, by=person)
    caucus.join_mode = JoinMode.APPROVAL
    assert place.state is AffiliationState.INTEREST
    with transaction():
        assert affiliation.wait(person, caucus, by=person) == place
    assert place.state is AffiliationState.WAITING
