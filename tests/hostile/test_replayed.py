"""A link whose button is pressed a second time, by whoever has it, does nothing more."""

from flask import Flask
from flask.testing import FlaskClient

from caucusmail import tokens
from caucusmail.accounts.models import AddressChange, AskedAddress, Recovery
from caucusmail.directory.absence_models import Absence
from caucusmail.directory.applications import Applicant
from caucusmail.directory.hand_over_models import HandOver
from caucusmail.directory.yearly_models import YearlyAnswer
from caucusmail.tokens import Purpose
from tests import make
from tests.hostile import world
from tests.hostile.test_tokens import TAKES

PRESSED = {"answer": "yes", "do": "confirm", "all": "yes", "reason": "Left.", "text": "Here it is."}
ROWS = {
    Purpose.ADDRESS: AskedAddress,
    Purpose.ADDRESS_BACK: AddressChange,
    Purpose.APPLICATION: Applicant,
    Purpose.CONFIRM_SIGN_UP: Applicant,
    Purpose.DEPUTY: Absence,
    Purpose.HAND_OVER: HandOver,
    Purpose.RECOVERY: Recovery,
    Purpose.RECOVERY_STOP: Recovery,
    Purpose.YEARLY: YearlyAnswer,
}
"""Of which row the link is about."""
AGAIN = {"join.answer"}
"""May be used more than once: each answer to the secretariat is one more."""


def links(endpoint: str, member: make.Person) -> list[str]:
    """Tokens that may open it: of every row there is, with what else a link may name."""
    purpose = TAKES.get(endpoint, Purpose.SETTINGS)
    if purpose is Purpose.SETTINGS:
        return [tokens.sign(purpose, member.id, member.settings_version)]
    rows = make.rows(ROWS[purpose]) if purpose in ROWS else []
    return [tokens.sign(purpose, row.id, *more) for row in rows for more in ((), (0,), (1,), (row.id,), (member.id,))]


def test_the_same_press_twice_changes_what_it_changes_once(client: FlaskClient, app: Flask, stopped_clock):
    ours, did = world.build().ours, set()
    for rule in world.rules(app, "POST"):
        if "token" not in rule._converters or rule.endpoint in AGAIN:
            continue
        for token in links(rule.endpoint, ours.member):
            path, before = world.path(app, rule, ours, token=token), world.digest()
            client.post(path, data=PRESSED)
            once = world.digest()
            again = app.test_client().post(path, data=PRESSED)
            assert again.status_code < 500, path
            assert world.digest() == once, path
            if once != before:
                did.add(rule.endpoint)
    assert {"addresses.confirm", "deputies.answer", "my_changes.leave_all", "recovery.stop"} <= did
