"""Numbers that single nobody out."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from caucusmail.directory.rounding import rounded


@pytest.mark.parametrize(
    ("number", "said"), [(0, None), (4, None), (5, 5), (19, 15), (37, 30), (298, 250), (2512, 2500)]
)
def test_a_number_is_said_rounded_down(number, said):
    assert rounded(number) == said


@given(st.integers(0, 100_000))
def test_no_number_is_said_larger_than_it_is(number):
    assert (rounded(number) or 0) <= number
