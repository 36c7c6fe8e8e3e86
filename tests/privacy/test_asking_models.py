"""What SQL forbids of what was asked."""

import pytest
from sqlalchemy.exc import IntegrityError

from caucusmail import clock
from caucusmail.privacy.asking_models import AskingState, ProtectionAsking
from tests import make
from tests.privacy.askers import Asked


def row(two: Asked, **more) -> ProtectionAsking:
    values = {"person_id": two.rosa.id, "caucus_id": two.caucus.id, "by_id": two.ilse.id, "asked_at": clock.now()}
    return ProtectionAsking(**values | more)


def test_one_at_a_time_is_open_for_each_person():
    two = Asked()
    make.keep(row(two, state=AskingState.DONE, answered_at=clock.now()))
    make.keep(row(two))
    with pytest.raises(IntegrityError):
        make.keep(row(two))


def test_what_is_answered_was_answered_at_a_time():
    with pytest.raises(IntegrityError):
        make.keep(row(Asked(), state=AskingState.DONE))
