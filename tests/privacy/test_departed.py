"""Whoever has left everything a year ago is erased, without a word; who is here in any way is not."""

from datetime import timedelta

import pytest

from caucusmail import clock
from caucusmail.accounts.models import Person
from caucusmail.database import db, transaction
from caucusmail.delivery import suppression
from caucusmail.delivery.models import Delivery
from caucusmail.groups import membership
from tests import make
from tests.privacy.ruled import forgotten


def left(days: float) -> Person:
    caucus = make.caucus()
    person = make.member(caucus, make.person("Ada", "ada@mail.example"), make.group(caucus))
    with transaction():
        membership.leave_all(person, by=person)
        person.left_at = clock.now() - timedelta(days=days)
    return person


@pytest.mark.parametrize(("days", "gone"), [(364, 0), (366, 1)])
def test_a_year_after_leaving_everything(days, gone):
    person = left(days)
    letters = len(make.rows(Delivery))
    assert forgotten("departed") == gone
    assert (db.session.get(Person, person.id) is None) is bool(gone)
    assert suppression.left_alone("ada@mail.example") is bool(gone)
    assert len(make.rows(Delivery)) == letters


def test_who_has_an_office_or_a_place_stays_and_who_was_never_let_in_goes():
    long_ago = clock.now() - timedelta(days=400)
    with transaction():
        here = [make.secretary(), make.member(make.caucus()), make.coordinator(make.caucus()), make.person()]
        speaks, never = make.person(), make.person()
        make.representative(speaks, make.ngo())
        for one in (*here[:3], speaks, never):
            one.made_at = long_ago
    assert forgotten("departed") == 1
    assert db.session.get(Person, never.id) is None
    assert all(db.session.get(Person, one.id) for one in (*here, speaks))
