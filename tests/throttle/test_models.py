import pytest
from sqlalchemy.exc import IntegrityError

from caucusmail import clock
from caucusmail.throttle.models import Tally
from tests import make


def tally(kind: str, key: str) -> Tally:
    return make.keep(Tally(kind=kind, key_fingerprint=key * 64, since=clock.now()))


def test_one_thing_of_one_key_is_counted_in_one_row():
    assert tally("letter", "a").tries == 1
    tally("letter", "b")
    tally("code", "a")
    with pytest.raises(IntegrityError):
        tally("letter", "a")
