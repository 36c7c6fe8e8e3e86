"""What SQL forbids."""

import pytest
from sqlalchemy.exc import IntegrityError

from caucusmail import clock
from caucusmail.database import db, transaction
from caucusmail.privacy.models import Erasure
from tests import make


def test_one_erasure_of_a_person_waits_and_it_goes_with_them():
    person, now = make.person(), clock.now()
    make.keep(Erasure(person_id=person.id, asked_at=now, due_at=now, remember=True))
    with pytest.raises(IntegrityError), transaction():
        db.session.add(Erasure(person_id=person.id, asked_at=now, due_at=now, remember=True))
    with transaction():
        db.session.execute(make.Person.__table__.delete())
    assert make.rows(Erasure) == []
