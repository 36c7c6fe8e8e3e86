"""What the domain refuses. How each kind is answered: tests/web/test_errors.py."""

from collections.abc import Iterator

import pytest

from caucusmail import errors
from caucusmail.announcements.holding import TooLate
from caucusmail.errors import Conflict, DomainError, Invalid, NotAllowed, NotFound
from caucusmail.zones import NoSuchZone

KINDS = (NotFound, NotAllowed, Conflict, Invalid)


def below(kind: type[DomainError]) -> Iterator[type[DomainError]]:
    for one in kind.__subclasses__():
        yield one
        yield from below(one)


def test_whatever_the_house_refuses_is_of_one_of_the_four_kinds():
    refusals = set(below(DomainError)) - set(KINDS)
    assert {errors.TooMany, TooLate, NoSuchZone} <= refusals
    assert {one for one in refusals if sum(issubclass(one, kind) for kind in KINDS) != 1} == set()


def test_what_makes_no_sense_names_its_field_and_says_only_its_sentence():
    with pytest.raises(Invalid) as refused:
        raise Invalid("starts", "Which day?")
    assert (refused.value.field, str(refused.value)) == ("starts", "Which day?")
