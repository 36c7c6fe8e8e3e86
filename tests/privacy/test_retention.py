"""The rules run by themselves: when they are due, in steps, one beside the other, and what they did is noted."""

from datetime import timedelta

import pytest
import time_machine

from caucusmail import clock, database
from caucusmail.audit.models import AuditEntry
from caucusmail.database import transaction
from caucusmail.privacy import retention
from caucusmail.privacy.models import RetentionRun
from caucusmail.privacy.rules import DAILY, RULES, Rule
from tests import make
from tests.privacy.ruled import forgotten


def rule(verb, name: str = "journal") -> Rule:
    return Rule(name, "what", timedelta(days=1), "since", "why", verb, DAILY, ())


def later(**more) -> time_machine.travel:
    return time_machine.travel(clock.now() + timedelta(**more), tick=False)


def test_a_rule_runs_until_nothing_is_left_and_then_not_before_its_time():
    left = [3, 2, 0]
    one = rule(lambda: left.pop(0))
    assert retention.run_due([one]) == 5
    assert retention.run_due([one]) == 0
    assert left == []
    left.append(0)
    with later(hours=24):
        retention.run_due([one])
    assert left == []


def test_one_that_breaks_off_keeps_its_steps_holds_up_no_other_and_is_told():
    steps = iter([2])
    broken = rule(lambda: next(steps))
    assert retention.run_due([broken, rule(iter([7, 0]).__next__, "letters")]) == 9
    told = {one.rule.name: one for one in retention.told()}
    assert (told["journal"].failed, told["journal"].number) == (True, 2)
    assert (told["letters"].failed, told["letters"].number, told["letters"].late) == (False, 7, False)
    assert told["received"].last is None
    assert told["received"].late


def test_a_day_of_a_rule_is_one_line_and_lines_go_after_90_days():
    with time_machine.travel(clock.now().replace(hour=6), tick=False) as at:
        for _turn in range(3):
            retention.run_due([rule(iter([1, 0]).__next__)])
            at.shift(timedelta(hours=25 / 3))
        first = make.rows_by(RetentionRun, RetentionRun.at)
        assert len(first) <= 2
        at.shift(timedelta(days=91))
        retention.run_due([rule(lambda: 0)])
    assert len(make.rows_by(RetentionRun, RetentionRun.at)) == 1


def test_each_step_is_bounded_and_a_transaction_of_its_own(monkeypatch):
    monkeypatch.setattr(database, "AT_ONCE", 2)
    old = clock.now() - timedelta(days=731)
    with transaction():
        for at in (old, old, old, clock.now()):
            database.db.session.add(AuditEntry(at=at, verb="x", subject_kind="people", detail={}))
    assert forgotten("journal") == 3
    assert len(make.rows(AuditEntry)) == 1


@pytest.mark.parametrize("name", [one.name for one in RULES])
def test_every_rule_can_run_alone(name):
    assert forgotten(name) == 0
