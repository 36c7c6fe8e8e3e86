from dataclasses import FrozenInstanceError

import pytest

from caucusmail.directory.applications import ApplicationKind
from caucusmail.directory.typed import Colleague, SignUp


def test_what_nobody_typed_is_claimed_of_nobody():
    sign_up = SignUp(ApplicationKind.ORGANISATION, "s", (1,), (Colleague("Ada", "ada@mail.example"),))
    assert [sign_up.authorised, sign_up.naming_policy, sign_up.in_exile] == [False] * 3
    assert sign_up.people[0].caucuses is None


def test_what_was_typed_stays_as_it_was_typed():
    typed = Colleague("Ada", "ada@mail.example")
    with pytest.raises(FrozenInstanceError):
        typed.name = "Bea"
