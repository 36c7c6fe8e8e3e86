"""Made-up names."""

import re

import pytest

from caucusmail.directory import made_up


def test_two_words_and_three_digits_in_plain_letters():
    for number in (0, 1, 899, 900, 12_345_678, 2**64 - 1):
        assert re.fullmatch(r"[A-Z][a-z]+ [A-Z][a-z]+ [1-9][0-9]{2}", made_up.name(number))


def test_numbers_beside_each_other_are_spread_over_more_names_than_anybody_can_guess():
    names = {made_up.name(number * 7919) for number in range(20_000)}
    assert len(names) > 19_500
    assert 900 * len(made_up.STARS) * len(made_up.PLANTS_AND_STONES) > 3_000_000


def test_no_word_is_there_twice():
    words = [*made_up.STARS, *made_up.PLANTS_AND_STONES]
    assert sorted(set(words)) == sorted(words)


@pytest.mark.parametrize(
    ("one", "other", "alike"),
    [
        ("Vega Onyx 511", "Vega Topaz 300", True),
        ("Vega Onyx 511", "Rigel Onyx 300", True),
        ("Vega Onyx 511", "Rigel Topaz 511", True),
        ("Tarazed Kiwi 212", "Nectar Neem 900", True),
        ("Vega Onyx 511", "Rigel Topaz 115", False),
    ],
)
def test_three_characters_in_a_row_make_two_names_alike(one, other, alike):
    assert made_up.alike(one, [other]) is alike
    assert made_up.alike(other, ["Mizar Neem 999", one]) is alike
    assert made_up.alike(one, []) is False
