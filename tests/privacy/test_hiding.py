"""A person's own rows, in every table."""

from caucusmail import clock
from caucusmail.accounts import addressing
from caucusmail.accounts.models import AddressChange, SecondAddress
from caucusmail.database import db, transaction
from caucusmail.delivery import covers
from caucusmail.privacy import hiding
from tests import make
from tests.privacy.protected import lift, protect
from tests.privacy.test_protecting import ADDRESS, NAME, SAFE

FURTHER, FORMER = "further@haki.example", "former@haki.example"


def her():
    person = make.person(NAME, ADDRESS)
    with transaction():
        addressing.put(person, [ADDRESS, FURTHER, FORMER])
        addressing.put(person, [ADDRESS, FURTHER])
    now = clock.now()
    make.keep(AddressChange(person_id=person.id, at=now, step="removed", was=[ADDRESS, FORMER], introduced_key=""))
    return person


def test_every_address_she_is_known_by_is_found_those_that_reach_her_first():
    found = hiding.of(her())
    assert (list(found.addresses), found.reached) == ([ADDRESS, FURTHER, FORMER], 2)
    assert found.known.alone == {ADDRESS, FURTHER}


def test_who_shares_a_mailbox_is_not_alone_there():
    person = her()
    make.person("Ben", FURTHER)
    assert hiding.of(person).known.alone == {ADDRESS}


def test_further_and_former_addresses_are_replaced_and_come_back():
    person = her()
    made = protect(person)
    second, (change,) = [one.address for one in make.rows(SecondAddress)], make.rows(AddressChange)
    assert second == [hiding.stand_in(made, FURTHER), hiding.stand_in(made, FORMER)]
    assert change.was == [hiding.stand_in(made, ADDRESS), hiding.stand_in(made, FORMER)]
    assert db.session.scalars(covers.people(FURTHER)).all() == [person.id]
    assert db.session.scalars(covers.people(FORMER)).all() == []  # one that was removed opens nothing
    lift(made)
    db.session.refresh(change)
    assert ([one.address for one in make.rows(SecondAddress)], change.was) == ([FURTHER, FORMER], [ADDRESS, FORMER])


def test_what_stands_for_an_address_tells_nothing_and_differs_with_each_protection():
    person = her()
    first = protect(person, address=SAFE)
    one = hiding.stand_in(first, ADDRESS)
    assert (one, hiding.stand_in(first, one)) == (hiding.stand_in(first, ADDRESS.upper()), one)
    lift(first)
    assert hiding.stand_in(protect(person), ADDRESS) != one
