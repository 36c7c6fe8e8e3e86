import pytest
from sqlalchemy.exc import IntegrityError

from caucusmail import clock
from caucusmail.database import db, transaction
from caucusmail.directory.absence_models import Absence
from tests import make
from tests.announcements.rooms import Room
from tests.groups.absent import Seated


def test_the_database_refuses_one_that_ends_before_it_begins():
    haki, now = Seated(Room()), clock.now()
    with pytest.raises(IntegrityError), transaction():
        db.session.add(
            Absence(representative_id=haki.holder.id, deputy_id=haki.amina.id, asked_at=now, begins_at=now, ends_at=now)
        )


def test_it_goes_with_its_holder_and_with_its_deputy():
    haki = Seated(Room())
    haki.away()
    with transaction():
        db.session.delete(haki.term)
        db.session.delete(haki.amina)
    assert make.rows(Absence) == []
