"""One rule of forgetting is run, as the job does it."""

from dataclasses import replace
from datetime import timedelta

from caucusmail.database import db
from caucusmail.privacy import retention
from caucusmail.privacy.rules import RULES


def forgotten(name: str) -> int:
    """Run the rule called ``name`` now, however lately it ran; how many it forgot."""
    [rule] = [rule for rule in RULES if rule.name == name]
    number = retention.run_due([replace(rule, every=timedelta())])
    db.session.expire_all()
    return number
