"""What the tests of the directory share."""

import pytest

from caucusmail.accounts.models import Person
from tests import make


@pytest.fixture
def staff() -> Person:
    return make.secretary()
