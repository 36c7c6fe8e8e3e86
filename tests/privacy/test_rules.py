"""The table of rules is whole: every table that knows people is in it, or says why not."""

from datetime import timedelta

from caucusmail.database import Model
from caucusmail.privacy import retention
from caucusmail.privacy.rules import KEPT, RULES
from tests.house.personal_tables import KNOWN

TABLES = {table for tables in KNOWN.values() for table in tables}


def test_every_table_that_knows_people_has_a_rule_or_a_reason():
    ruled = {table for rule in RULES for table in rule.tables}
    assert ruled & set(KEPT) == set()
    assert TABLES - ruled - set(KEPT) == set()
    assert all(KEPT.values())


def test_no_rule_or_reason_is_about_a_table_that_is_not_there():
    named = {table for rule in RULES for table in rule.tables} | set(KEPT)
    assert named - set(Model.metadata.tables) == set()
    assert named - TABLES == set()


def test_every_rule_says_what_since_when_and_why_and_has_a_name_of_its_own():
    assert len({rule.name for rule in RULES}) == len(RULES)
    for rule in RULES:
        assert str(rule.what)
        assert str(rule.since)
        assert str(rule.why)
        assert timedelta() <= rule.kept <= timedelta(days=730)
        assert len(rule.name) <= 32


def test_in_an_empty_house_every_verb_finds_nothing():
    assert retention.run_due() == 0
