"""run_due(): forget what has outlived its purpose, rule by rule (``privacy.rules``), and note when and how many.

Each rule forgets in steps, each a transaction of its own, so that nobody waits long behind it; one that fails does not hold up
the others. What a killed run has not done, the next one does.
"""

import logging
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.dialects import postgresql, sqlite

from caucusmail import clock
from caucusmail.database import db, delete_some, transaction
from caucusmail.privacy.models import RetentionRun
from caucusmail.privacy.rules import RULES, Rule

logger = logging.getLogger(__name__)

STEPS = 10_000  # of one rule in one run
RUNS_KEPT = timedelta(days=90)


@dataclass(frozen=True)
class Told:
    """One rule, and how it goes."""

    rule: Rule
    last: datetime | None  # when it last ran; None: never
    number: int  # forgotten within the last 90 days
    late: bool  # it should have run twice since
    failed: bool  # it broke off when it last ran


def run_due(rules: Sequence[Rule] = RULES) -> int:
    """Run the rules whose time has come; how many rows and people were forgotten. Call it outside any transaction."""
    with transaction():
        last = _last()
        delete_some(RetentionRun, RetentionRun.at < clock.now() - RUNS_KEPT)
    now = clock.now()
    due = [rule for rule in rules if rule.name not in last or now - last[rule.name] >= rule.every]
    return sum(_run(rule) for rule in due)


def _run(rule: Rule) -> int:
    number, failed = 0, False
    try:
        for _step in range(STEPS):
            done = _step_of(rule)
            number += done
            if not done:
                break
    except Exception:  # the other rules must run
        failed = True
        logger.exception("the rule %s broke off; it is tried again at its next turn", rule.name)
    with transaction():
        _note(rule, number, failed=failed)
    return number


def _step_of(rule: Rule) -> int:
    if rule.alone:
        return rule.verb()
    with transaction():
        return rule.verb()


def _note(rule: Rule, number: int, *, failed: bool) -> None:
    insert: Any = postgresql.insert if db.engine.dialect.name == "postgresql" else sqlite.insert
    now = clock.now()
    made = insert(RetentionRun).values(rule=rule.name, day=now.date().isoformat(), at=now, number=number, failed=failed)
    again = {"at": now, "number": RetentionRun.number + number, "failed": failed}
    db.session.execute(made.on_conflict_do_update(index_elements=["rule", "day"], set_=again))


def _last() -> Mapping[str, datetime]:
    rows = db.session.execute(select(RetentionRun.rule, func.max(RetentionRun.at)).group_by(RetentionRun.rule))
    return {rule: at for rule, at in rows}


def told() -> list[Told]:
    """Every rule with its last run, in the order of the table."""
    last, now = _last(), clock.now()
    numbers = dict(
        db.session.execute(select(RetentionRun.rule, func.sum(RetentionRun.number)).group_by(RetentionRun.rule)).all()
    )
    broken = {(one.rule, one.at) for one in db.session.scalars(select(RetentionRun).where(RetentionRun.failed)).all()}
    return [
        Told(
            rule,
            at := last.get(rule.name),
            int(numbers.get(rule.name) or 0),
            at is None or now - at > 2 * rule.every + timedelta(hours=1),
            (rule.name, at) in broken,
        )
        for rule in RULES
    ]
