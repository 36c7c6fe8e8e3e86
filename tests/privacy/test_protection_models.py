"""What the database itself forbids."""

from datetime import timedelta

import pytest
from sqlalchemy.exc import IntegrityError

from caucusmail import clock
from caucusmail.accounts.models import Shelter
from caucusmail.privacy.protection_models import How, Protection
from tests import make


def protection(person, reference="one", **more) -> Protection:
    now = clock.now()
    kept = {"reference": reference, "stands_for": "Vega Onyx 511", "shelter": Shelter.SILENT, "how": How.SELF}
    return make.keep(Protection(person_id=person.id, by_id=person.id, begun_at=now, undo_until=now, **kept | more))


def test_nobody_is_protected_twice_at_once():
    person = make.person()
    protection(person, lifted_at=clock.now())
    protection(person, "two")
    with pytest.raises(IntegrityError):
        protection(person, "three")


def test_it_does_not_end_before_it_begins():
    with pytest.raises(IntegrityError):
        protection(make.person(), until=clock.now() - timedelta(days=1))
