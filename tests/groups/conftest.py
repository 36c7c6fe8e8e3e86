"""What the tests of groups share."""

from datetime import timedelta

import pytest

from caucusmail import clock
from caucusmail.accounts.models import Person
from caucusmail.database import transaction
from caucusmail.directory.models import Caucus
from caucusmail.groups import membership, queries
from caucusmail.groups.models import EmailGroup, Mode
from tests import make
from tests.directory.test_affiliation import consent, seated


@pytest.fixture
def water() -> tuple[Person, Caucus, EmailGroup]:
    """A member who holds a seat in Water, has agreed to it and has paused its letters."""
    person, caucus = make.person(), make.caucus("water")
    group = make.group(caucus)
    seated(person, caucus)
    consent(person, caucus)
    with transaction():
        membership.subscribe(person, caucus)
    with transaction():
        place = queries.subscriptions(person)[0]
        place.paused_from, place.paused_until = clock.now(), clock.now() + timedelta(days=3)
        place.mode = Mode.NONE
    return person, caucus, group
