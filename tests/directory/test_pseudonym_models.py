"""What the table of made-up names forbids."""

import pytest
from sqlalchemy.exc import IntegrityError

from caucusmail import clock
from caucusmail.directory.models import Affiliation
from caucusmail.directory.pseudonym_models import Pseudonym
from tests import make


def kept(place: Affiliation, name: str, mailbox: str, **more) -> Pseudonym:
    values = {"affiliation_id": place.id, "caucus_id": place.caucus_id, "made_at": clock.now()} | more
    return make.keep(Pseudonym(name=name, mailbox=mailbox, **values))


def places(number: int) -> list[Affiliation]:
    caucus = make.caucus()
    for _ in range(number):
        make.member(caucus)
    return make.rows(Affiliation)[-number:]


def test_a_name_is_there_once_in_a_caucus_and_may_be_in_another():
    first, second = places(2)
    (elsewhere,) = places(1)
    kept(first, "Vega Onyx 511", "a")
    kept(elsewhere, "Vega Onyx 511", "b")
    with pytest.raises(IntegrityError):
        kept(second, "Vega Onyx 511", "c")


def test_a_mailbox_is_there_once_in_the_house():
    first, second = places(2)
    kept(first, "Vega Onyx 511", "a")
    with pytest.raises(IntegrityError):
        kept(second, "Rigel Topaz 115", "a")


def test_a_membership_has_one():
    (place,) = places(1)
    kept(place, "Vega Onyx 511", "a")
    with pytest.raises(IntegrityError):
        kept(place, "Rigel Topaz 115", "b")
