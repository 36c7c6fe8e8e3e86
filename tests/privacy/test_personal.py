"""What privacy itself knows of a person."""

from caucusmail.database import transaction
from caucusmail.privacy import erasing, personal
from caucusmail.privacy.models import Erasure
from tests import make


def test_that_they_asked_is_shown_and_forgotten():
    person = make.person()
    assert personal.export(person)["erasures"] == []
    with transaction():
        erasing.ask(person, remember=True)
    [shown] = personal.export(person)["erasures"]
    assert set(shown) == {"asked_at", "due"}
    with transaction():
        personal.erase(person)
    assert make.rows(Erasure) == []
