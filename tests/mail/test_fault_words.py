import re

import pytest

from caucusmail.mail import fault_words

TABLES = ("SWITCHED_OFF", "OURS", "FULL", "PATIENCE", "NO_HOST", "ABSENT", "ON_THE_WAY", "WEAKLY_OURS")


@pytest.mark.parametrize("name", TABLES)
def test_every_line_of_a_table_is_a_pattern_that_matches_no_empty_answer(name: str):
    table = getattr(fault_words, name)
    assert isinstance(table, tuple)
    assert [line for line in table if re.compile(line, re.IGNORECASE).search("")] == []


@pytest.mark.parametrize("name", TABLES)
def test_no_table_matches_a_plain_success(name: str):
    assert not re.search("|".join(getattr(fault_words, name)), "250 2.0.0 Ok: queued as 4F1B2", re.IGNORECASE)
