"""Every form is either dangerous, and its guard asks for a fresh proof, or ordinary, for a reason (decision 0028)."""

from collections import Counter

import pytest

from caucusmail.accounts import signing_in
from caucusmail.accounts.models import SignIn
from caucusmail.app import House
from caucusmail.database import transaction
from caucusmail.web.proving import ACTS
from tests import make
from tests.door import let_in
from tests.house.ordinary import ORDINARY
from tests.house.test_routes import SAFE, address, digest, rules, world

__all__ = ["world"]  # the fixture

ELSEWHERE = {"mailbox"}
"""Parts of the demonstration, which a house that serves people does not put up."""


def forms(app: House) -> set[str]:
    """The endpoint of every route that takes a form."""
    found = {rule.endpoint for rule in rules(app) if set(rule.methods or ()) - SAFE}
    return {endpoint for endpoint in found if endpoint.partition(".")[0] not in ELSEWHERE}


def test_every_form_is_dangerous_or_ordinary_for_one_reason(app):
    listed = Counter([*ACTS, *(endpoint for reason in ORDINARY.values() for endpoint in reason)])
    assert [endpoint for endpoint, times in listed.items() if times > 1] == []
    assert forms(app) - set(listed) == set(), (
        "new: put it into web.proving.ACTS and guard it, or into tests.house.ordinary"
    )
    assert set(listed) - forms(app) == set()


def test_the_guard_of_what_is_dangerous_asks_for_a_fresh_proof_and_no_other(app):
    asking = {one for one in forms(app) if getattr(app.view_functions[one], "fresh", False)}
    assert asking == set(ACTS)


@pytest.mark.parametrize("who", ["secretary", "administrator"])
def test_nothing_dangerous_is_done_a_while_after_the_last_proof(app, client, world, who):
    person = world["staff"]
    if who == "administrator":
        person = make.person()
        make.representative(person, make.ngo(), admin=True)
    let_in(client, person)
    with transaction():
        make.rows(SignIn)[-1].proved_at -= signing_in.FRESH
    before, asked = digest(but=("sign_ins",)), 0
    for rule in rules(app):
        if rule.endpoint in ACTS and "POST" in (rule.methods or ()):
            answer = client.post(address(rule, world), data={"name": "Haki"})
            theirs = answer.status_code == 303 and "why=proof" in answer.location
            assert theirs or (answer.status_code == 403 and who != "secretary"), rule.rule
            asked += theirs
    assert asked > (len(ACTS) if who == "secretary" else 30) - 1
    assert digest(but=("sign_ins",)) == before
