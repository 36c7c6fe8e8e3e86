"""Real commits, real threads: seats that are handed over twice, or ended meanwhile, on SQLite and PostgreSQL."""

import threading
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest

from caucusmail.accounts.models import Person
from caucusmail.app import House
from caucusmail.database import db, transaction
from caucusmail.directory import ending_offers, hand_overs
from caucusmail.directory.hand_over_models import HandOver, OfferState
from caucusmail.directory.hand_overs import Successor
from caucusmail.directory.models import Affiliation, AffiliationState, Representative, Seat
from caucusmail.errors import DomainError
from caucusmail.groups import handing_over, terms
from tests import another, make, services, settings_for
from tests.groups.handed import office

pytestmark = pytest.mark.journey


@pytest.fixture(params=["sqlite", "postgresql"])
def house(request, tmp_path) -> Iterator[House]:
    with services.fresh(request.param, "handing") as url, another.house(settings_for.testing(url, tmp_path)) as house:
        yield house


@pytest.fixture
def haki(house):
    """Ids: Rosa, her term, Ben, the seats."""
    with house.app_context():
        made = office()
        found = made.rosa.id, made.holder.id, made.ben.person_id, [one.id for one in made.seats]
        db.session.remove()
        return found


def at_once(house: House, *acts: Callable[[], object]) -> list[str]:
    """What each of ``acts``, begun together, was told: "" for success."""
    start = threading.Barrier(len(acts))

    def one(act: Callable[[], object]) -> str:
        with house.app_context():
            start.wait()
            try:
                with transaction():
                    act()
                return ""
            except DomainError as refused:
                return type(refused).__name__
            finally:
                db.session.remove()

    with ThreadPoolExecutor(len(acts)) as pool:
        return list(pool.map(one, acts))


def offer(haki, number: int):
    """Offer the seats to somebody of this number."""
    rosa, holder, _ben, seats = haki
    to = Successor(f"Amina {number}", f"amina{number}@haki.example", "en", seats)
    return hand_overs.offer(db.session.get_one(Representative, holder), to, by=db.session.get_one(Person, rosa))


def offered(house: House, haki) -> int:
    with house.app_context():
        with transaction():
            number = offer(haki, 1).id
        db.session.remove()
        return number


def accept(number: int):
    return handing_over.accept(db.session.get_one(HandOver, number))


def standing(house: House) -> tuple[set[int | None], Counter[AffiliationState]]:
    """Who sits on the seats, and how many memberships stand how."""
    with house.app_context():
        found = {one.holder_id for one in make.rows(Seat)}, Counter(one.state for one in make.rows(Affiliation))
        db.session.remove()
        return found


def test_of_eight_who_offer_the_same_seats_at_once_one_does(house, haki):
    told = at_once(house, *(lambda n=n: offer(haki, n) for n in range(8)))
    assert Counter(told) == {"": 1, "OfferedAlready": 7}


def test_of_eight_presses_of_yes_at_once_one_counts(house, haki):
    number = offered(house, haki)
    told = at_once(house, *(lambda: accept(number) for _ in range(8)))
    assert Counter(told) == {"": 1, "NoLonger": 7}
    holders, stand = standing(house)
    assert (len(holders), None in holders) == (1, False)
    assert stand == {AffiliationState.ENDED: 2, AffiliationState.ACTIVE: 2}


def test_of_two_offers_of_one_seat_that_are_accepted_at_once_one_is_done(house, haki):
    first = offered(house, haki)
    with house.app_context():
        same = db.session.get_one(HandOver, first)
        copied = {column.key: getattr(same, column.key) for column in HandOver.__table__.columns if column.key != "id"}
        other = {"name": "Bo", "address": "bo@x.example", "address_key": "bo@x.example"}
        second = make.keep(HandOver(**copied | other)).id  # as if both had been offered at the same moment
        db.session.remove()
    told = at_once(house, lambda: accept(first), lambda: accept(second))
    assert Counter(told) == {"": 1, "SeatTaken": 1}
    holders, stand = standing(house)
    assert len(holders) == 1
    assert stand == {AffiliationState.ENDED: 2, AffiliationState.ACTIVE: 2}
    with house.app_context():
        assert sorted(one.state for one in make.rows(HandOver)) == [OfferState.DONE, OfferState.OPEN]
        db.session.remove()


@pytest.mark.parametrize("_turn", range(3))
def test_a_yes_while_the_organisation_ends_the_term_leaves_one_of_the_two(house, haki, _turn):
    rosa, holder, ben, _seats = haki
    number = offered(house, haki)

    def end():
        return terms.end(db.session.get_one(Representative, holder), by=db.session.get_one(Person, ben))

    yes, ended = at_once(house, lambda: accept(number), end)
    holders, stand = standing(house)
    assert ended == ""
    assert rosa not in holders
    if yes:
        assert (yes, holders, stand) == ("SeatTaken", {None}, {AffiliationState.ENDED: 2})
    else:
        assert (len(holders), None in holders) == (1, False)
        assert stand == {AffiliationState.ENDED: 2, AffiliationState.ACTIVE: 2}


def test_a_yes_while_the_offer_is_withdrawn_leaves_one_of_the_two(house, haki):
    rosa, *_rest = haki
    number = offered(house, haki)

    def withdraw():
        ending_offers.withdraw(db.session.get_one(HandOver, number), by=db.session.get_one(Person, rosa))

    told = at_once(house, lambda: accept(number), withdraw)
    assert sorted(told) == ["", "NoLonger"]
    holders, _stand = standing(house)
    assert (holders == {rosa}) is (told[0] != "")
