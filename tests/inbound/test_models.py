import pytest
from sqlalchemy.exc import IntegrityError

from caucusmail import clock
from caucusmail.inbound.models import Fate, Received
from tests import make

COLUMNS = {"recipient": "postmaster@caucus.example", "message_id": "<1@a.example>", "body_hash": "f" * 64, "raw": b"x"}


def test_a_message_waits_until_somebody_judges_it() -> None:
    row = make.keep(Received(at=clock.now(), **COLUMNS))
    assert (row.fate, row.attempts, row.lease_until) == (Fate.WAITING, 0, None)


def test_the_same_message_for_the_same_recipient_is_one_row() -> None:
    make.keep(Received(at=clock.now(), **COLUMNS))
    with pytest.raises(IntegrityError):
        make.keep(Received(at=clock.now(), **COLUMNS))
