import pytest
from sqlalchemy.exc import IntegrityError

from caucusmail import clock
from caucusmail.database import db, transaction
from caucusmail.directory.hand_over_models import WAITING, HandOver, OfferState
from tests import make


def test_an_offer_begins_open_and_goes_with_the_term_it_is_about():
    term = make.representative(make.person(), make.ngo())
    typed = {"name": "Amina", "address": "a@x.example", "address_key": "a@x.example", "language": "en"}
    one = make.keep(HandOver(representative_id=term.id, seat_ids=[1], asked_at=clock.now(), **typed))
    assert (one.state, one.agreed, one.state in WAITING, OfferState.DONE in WAITING) == (
        OfferState.OPEN,
        {},
        True,
        False,
    )
    with transaction():
        db.session.delete(term)
    assert make.rows(HandOver) == []


def test_an_offer_is_somebodys():
    with pytest.raises(IntegrityError):
        make.keep(HandOver(seat_ids=[1], asked_at=clock.now(), name="", address="", address_key="", language="en"))
    db.session.rollback()
