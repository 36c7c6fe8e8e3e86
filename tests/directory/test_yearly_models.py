import pytest
from sqlalchemy.exc import IntegrityError

from caucusmail import clock
from caucusmail.database import db
from caucusmail.directory.yearly_models import Answered, YearlyAnswer, YearlyRound
from tests import make


def test_an_organisation_is_asked_once_in_a_round():
    one, ngo = make.keep(YearlyRound(begins_at=clock.now())), make.ngo()
    assert make.keep(YearlyAnswer(round_id=one.id, ngo_id=ngo.id)).state is Answered.WAITING
    with pytest.raises(IntegrityError), db.session.begin_nested():
        db.session.add(YearlyAnswer(round_id=one.id, ngo_id=ngo.id))


def test_a_round_closes_after_it_begins():
    now = clock.now()
    with pytest.raises(IntegrityError), db.session.begin_nested():
        db.session.add(YearlyRound(begins_at=now, begun_at=now, closes_at=now))
