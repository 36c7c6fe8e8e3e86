"""What was written while somebody was protected bears their own name and address once it is over, and no other."""

import pytest

from caucusmail import clock
from caucusmail.accounts import addressing, queries, signing_in
from caucusmail.accounts.models import Person, SignInLetter
from caucusmail.database import db, transaction
from caucusmail.delivery.models import Delivery, DeliveryState
from caucusmail.mail import addresses
from tests import letters, make
from tests.privacy.protected import lift, protect, telling
from tests.privacy.test_protecting import ADDRESS, NAME, SAFE, about_seats

FURTHER = "zuleikha@home.example"


@pytest.fixture
def her() -> Person:
    return make.person(NAME, ADDRESS)


def ask(address: str) -> int:
    with transaction():
        return signing_in.ask(address, "192.0.2.0/24")


def written() -> None:
    with transaction():
        signing_in.write_asked()


def sent() -> None:
    """Everything that was owed has left."""
    with transaction():
        for row in make.rows(Delivery):
            row.state, row.settled_at = DeliveryState.ACCEPTED, clock.now()


def everything_else(person: Person) -> None:
    """What becomes of somebody who is protected: they sign in, change their addresses, and are written to."""
    ask(ADDRESS)
    written()
    sent()
    with transaction():
        addressing.put(person, [ADDRESS, FURTHER])
    (further,) = queries.further_addresses(person)
    with transaction():
        addressing.make_main(person, further.id)
    about_seats(person, "accounts/told")
    about_seats(person, "directory/hand_over_done")


@pytest.mark.parametrize("safe", [None, ADDRESS])
def test_no_cover_and_no_made_up_name_is_left_behind(her, safe):
    made = protect(her, address=safe)
    everything_else(her)
    assert telling(addresses.COVERS) >= {"deliveries.address", "sign_in_letters.address_key", "address_changes.was"}
    lift(made)
    assert telling(addresses.COVERS) == set()
    # a letter stays as it left
    assert telling(made.stands_for) == {"protections.stands_for", "outgoing_texts.raw"}
    assert {row.name for row in make.rows(Delivery)} == {NAME}
    assert {row.address for row in make.rows(Delivery)} == {ADDRESS, FURTHER}


def test_the_safe_address_stays_nobodys_to_read(her):
    made = protect(her, address=SAFE)
    about_seats(her, "directory/hand_over_done")
    ask(SAFE)
    written()
    sent()
    lift(made)
    assert telling(SAFE) == set()
    assert telling(NAME) >= {"deliveries.name"}


def test_a_link_to_sign_in_that_was_asked_for_before_it_ended_still_works(her):
    made = protect(her)
    ask(ADDRESS)
    written()
    lift(made)
    token = letters.link(letters.to(ADDRESS)[-1], "/sign-in/").rpartition("/")[2]
    assert signing_in.people(token) == [her]
    (row,) = make.rows(Delivery)
    assert (row.state, row.address) == (DeliveryState.QUEUED, ADDRESS)


def test_of_askings_beyond_the_limit_and_of_late_ones_no_address_is_kept(her, stopped_clock):
    protect(her)
    for _again in range(signing_in.LETTERS_PER_PLACE.tries):
        ask(ADDRESS)
        written()
    over = ask(ADDRESS)
    assert telling(ADDRESS) == set()
    with pytest.raises(signing_in.WrongCode), transaction():
        signing_in.by_code(over, "123-456", "192.0.2.0/24")
    stopped_clock.shift(7200)
    late = ask(ADDRESS)
    assert telling(ADDRESS) == {"sign_in_letters.address_key"}  # for a moment, until the job has looked
    stopped_clock.shift(signing_in.VALID.total_seconds() + 1)
    written()
    assert telling(ADDRESS) == set()
    assert db.session.get(SignInLetter, late).code_fingerprint == ""


def test_neither_letters_nor_pages_about_addresses_show_a_cover(her, client, stopped_clock):
    protect(her)
    stopped_clock.shift(60)
    with transaction():
        asked = addressing.ask(her, FURTHER, instead=False)
    confirm = letters.link(letters.to(FURTHER)[-1], "/address/")
    assert "z***@haki.example" in client.get(confirm).text
    with transaction():
        addressing.confirm(asked)
    with transaction():
        (further,) = queries.further_addresses(her)
        cover = her.address
        addressing.make_main(her, further.id)
    told = [one for one in letters.to(cover) if "address" in one["Subject"]]
    assert any("z***@h" in letters.text(one) for one in told)
    assert [one for one in told if addresses.COVERS in letters.text(one)] == []
    back = letters.link(told[-1], "/address/back/")
    assert addresses.COVERS not in client.get(back).text
