"""Somebody at risk is protected at once, and everything is put back when it is lifted."""

from datetime import timedelta

import pytest

from caucusmail import clock
from caucusmail.accounts import addressing, queries, signing_in
from caucusmail.accounts.models import Person, Shelter
from caucusmail.database import db, transaction
from caucusmail.delivery import covers, ledger
from caucusmail.delivery.ledger import To
from caucusmail.delivery.models import Delivery, DeliveryState
from caucusmail.directory.models import Affiliation, AffiliationState, Shown
from caucusmail.mail.rendering import Letter
from caucusmail.privacy import protecting
from caucusmail.privacy.protecting import NotAhead, NotProtected, ProtectedAlready, TooLate
from caucusmail.privacy.protection_models import How, SealedValue
from tests import make
from tests.groups.leaving import copy
from tests.privacy.protected import lift, protect

NAME, ADDRESS, SAFE = "Zuleikha Canarywood", "zuleikha.c@haki.example", "somebody@safe.example"


@pytest.fixture
def her() -> Person:
    return make.person(NAME, ADDRESS)


def about_seats(person: Person, kind: str) -> Delivery:
    letter = Letter(kind, "en", "Your seat", "It is so.", "<p>It is so.</p>")
    with transaction():
        return ledger.enqueue(letter, To(person.address, person.name, person.id))


def test_her_name_and_address_stand_nowhere_and_are_put_back(her):
    made = protect(her)
    assert (her.name, her.shelter) == (made.stands_for, Shelter.SILENT)
    assert her.address == her.address_key
    assert her.address.endswith("@protected.invalid")
    lift(made)
    assert (her.name, her.address, her.address_key, her.shelter) == (NAME, ADDRESS, ADDRESS, None)
    assert not db.session.query(SealedValue).count()


def test_what_she_changed_meanwhile_stays(her):
    made = protect(her)
    with transaction():
        her.name = "Zuleikha C."
    lift(made)
    assert (her.name, her.address) == ("Zuleikha C.", ADDRESS)
    assert made.numbers["changed_meanwhile"] == 1


def test_her_place_stays_and_members_see_nothing_of_her(her):
    caucus = make.caucus()
    make.member(caucus, her, shown=Shown.NAME_AND_ORGANISATION)
    made = protect(her)
    (place,) = make.rows(Affiliation)
    assert (place.state, place.shown) == (AffiliationState.ACTIVE, Shown.NOTHING)
    lift(made)
    assert place.shown is Shown.NAME_AND_ORGANISATION


def test_a_copy_that_was_held_back_lies_ready_again_if_its_time_is_still_to_come(her):
    caucus = make.caucus()
    group = make.group(caucus)
    make.member(caucus, her, group)
    ahead = copy(her, group, due_at=clock.now() + timedelta(minutes=2))
    late = copy(her, group, due_at=clock.now() - timedelta(hours=2))
    made = protect(her)
    assert {ahead.state, late.state} == {DeliveryState.WITHDRAWN}
    lift(made)
    db.session.expire_all()
    assert (ahead.state, ahead.address, late.state) == (DeliveryState.QUEUED, ADDRESS, DeliveryState.WITHDRAWN)


def test_what_became_of_her_seats_meanwhile_she_reads_once_it_is_over_and_what_is_done_against_her_at_once(her):
    made = protect(her)
    seats, recovery = (about_seats(her, kind) for kind in ("directory/hand_over_done", "accounts/recovery_told"))
    assert (seats.state, recovery.state) == (DeliveryState.WITHDRAWN, DeliveryState.QUEUED)
    lift(made)
    db.session.expire_all()
    assert (seats.state, seats.address) == (DeliveryState.QUEUED, ADDRESS)


def test_every_device_is_signed_out_but_the_one_in_her_hand(her):
    with transaction():
        other, hand = signing_in.begin(her), signing_in.begin(her)
    kept = queries.signed_in(hand)
    protect(her, keep=kept.id)
    assert queries.signed_in(other) is None
    assert queries.signed_in(hand) is kept


@pytest.mark.parametrize("safe", [None, SAFE, ADDRESS])
def test_she_signs_in_with_the_address_that_she_knows(her, safe):
    protect(her, address=safe)
    with transaction():
        signing_in.ask(ADDRESS, "192.0.2.0/24")
    with transaction():
        assert signing_in.write_asked() == 1
    assert queries.reached_at(ADDRESS) == [her]


def test_letters_go_to_the_safe_address_until_it_is_lifted(her):
    made = protect(her, address=SAFE)
    assert (her.shelter, queries.reached_at(SAFE)) == (Shelter.REROUTED, [her])
    lift(made)
    assert (her.address, queries.reached_at(SAFE)) == (ADDRESS, [])


def test_twice_is_refused(her):
    made = protect(her)
    with pytest.raises(ProtectedAlready):
        protect(her)
    lift(made)
    with pytest.raises(NotProtected):
        lift(made)
    assert protect(her).id != made.id


@pytest.mark.parametrize("days", [-1, 0, 400])
def test_it_ends_ahead_and_within_a_year(her, days):
    with pytest.raises(NotAhead):
        protect(her, until=clock.now() + timedelta(days=days))
    assert her.name == NAME


def test_it_ends_on_its_day(her):
    made = protect(her, until=clock.now() + timedelta(days=2))
    assert protecting.end_due() == 0
    with transaction():
        protecting.prolong(made, clock.now() + timedelta(days=3), by=her)
        made.until = made.begun_at + timedelta(microseconds=1)
    assert protecting.end_due() == 1
    db.session.refresh(her)
    assert her.name == NAME


def test_who_began_it_takes_it_back_within_an_hour(her):
    other = make.person()
    with transaction():
        made = protecting.protect(her, by=other, how=How.ADMINISTRATOR)
    with pytest.raises(TooLate), transaction():
        protecting.undo(made, by=her)
    with transaction():
        protecting.undo(made, by=other)
    assert her.name == NAME


def owed(person: Person) -> Delivery:
    with transaction():
        letter = Letter(
            "test/letter", "en", "Hello", "Hello,\n\nthis is a letter.\n", "<p>Hello, this is a letter.</p>"
        )
        return ledger.enqueue(letter, To(person.address, person.name, person.id))


def test_a_letter_that_waits_goes_to_the_safe_address_and_then_to_hers(her):
    row = owed(her)
    made = protect(her, address=SAFE)
    db.session.refresh(row)
    assert (row.state, covers.under([row.address_key])[row.address_key].address) == (DeliveryState.QUEUED, SAFE)
    lift(made)
    db.session.refresh(row)
    assert (row.state, row.name, row.address) == (DeliveryState.QUEUED, NAME, ADDRESS)


def test_a_letter_that_waits_does_not_leave_if_nothing_is_sent(her):
    row = owed(her)
    made = protect(her)
    db.session.refresh(row)
    assert (row.state, made.numbers["stopped"]) == (DeliveryState.WITHDRAWN, 1)
    assert owed(her).state is DeliveryState.WITHDRAWN


def test_somebody_who_reads_at_the_same_address_is_not_touched(her):
    other = make.person("Ben", ADDRESS)
    made = protect(her)
    assert (other.name, other.address) == ("Ben", ADDRESS)
    assert set(queries.reached_at(ADDRESS)) == {her, other}
    lift(made)
    assert her.address == ADDRESS


def test_an_address_that_becomes_hers_meanwhile_is_covered_and_stays(her):
    made = protect(her)
    with transaction():
        addressing.replace(her, SAFE, by=her)
    assert her.address.endswith("@protected.invalid")
    assert queries.reached_at(SAFE) == [her]
    lift(made)
    assert (her.address, her.address_key, her.name) == (SAFE, SAFE, NAME)


def test_a_further_address_that_becomes_the_main_one_meanwhile_stays(her):
    with transaction():
        addressing.put(her, [ADDRESS, SAFE])
    made = protect(her)
    (further,) = queries.further_addresses(her)
    with transaction():
        addressing.make_main(her, further.id)
    lift(made)
    assert (her.address, sorted(addressing.all_of(her))) == (SAFE, sorted([SAFE, ADDRESS]))
