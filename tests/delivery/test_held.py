"""What a discreet letter holds back, by its link alone."""

import pytest

from caucusmail import tokens
from caucusmail.accounts import addressing
from caucusmail.accounts.models import Person
from caucusmail.database import db, transaction
from caucusmail.delivery import held, ledger
from caucusmail.delivery.ledger import To
from caucusmail.delivery.models import Delivery, DeliveryState
from caucusmail.mail.rendering import Letter
from caucusmail.tokens import BadToken, Purpose
from tests import make
from tests.door import let_in
from tests.privacy.protected import protect

LETTER = Letter("x/y", "en", "Your seat", "Dear Ada,\n\nSee https://x.example/a <b>now</b>.\n", "<p>x</p>")


@pytest.fixture
def row() -> Delivery:
    ada = make.person("Ada", discreet=True)
    with transaction():
        return ledger.enqueue(LETTER, To(ada.address, ada.name, ada.id))


def link(row: Delivery) -> str:
    return tokens.sign(Purpose.READ, row.id, row.settings_version or 0)


def test_it_is_shown_word_for_word_and_escaped(row):
    found = held.by_token(link(row))
    assert (found.language, found.subject, found.text.strip()) == ("en", "Your seat", LETTER.text.strip())
    assert '<a href="https://x.example/a">' in found.html
    assert "&lt;b&gt;now" in found.html


@pytest.mark.parametrize("change", ["settings", "withdrawn", "nobody"])
def test_what_was_taken_back_is_not_shown(row, change):
    token = link(row)
    with transaction():
        if change == "settings":
            db.session.get_one(Person, row.person_id).settings_version += 1
        elif change == "withdrawn":
            row.state = DeliveryState.WITHDRAWN
        else:
            row.person_id = None
    with pytest.raises(BadToken):
        held.by_token(token)


def test_after_a_change_of_address_its_reader_reads_it_signed_in_and_nobody_else_does(client, row):
    path = f"/en/read/{link(row)}"
    with transaction():
        ada = db.session.get_one(Person, row.person_id)
        addressing.replace(ada, "ada@new.example", by=None)
    for who in (None, make.person("Ben")):
        page = let_in(client, who) if who else client
        shown = page.get(path)
        assert (shown.status_code, "Sign in to read this letter" in shown.text) == (403, True)
        assert "Your seat" not in shown.text
        assert shown.headers["Cache-Control"] == "no-store"
        assert ("was for somebody else" in shown.text) == bool(who)
    shown = let_in(client, ada).get(path)
    assert (shown.status_code, "Your seat" in shown.text) == (200, True)


def test_what_went_without_their_own_links_is_not_shown_either_once_they_are_protected(row):
    with transaction():
        row.settings_version = None  # as to a mailbox that may no longer be theirs
        row.state, row.begun_at, row.settled_at = DeliveryState.ACCEPTED, row.due_at, row.due_at
    token = link(row)
    assert held.by_token(token).text
    protect(db.session.get_one(Person, row.person_id))
    with pytest.raises(held.SignInFirst):
        held.by_token(token)


def test_the_page_needs_no_sign_in_and_changes_nothing(client, row):
    page = client.get(f"/read/{link(row)}")
    assert page.status_code == 200
    assert "Your seat" in page.text
    assert page.headers["Referrer-Policy"] == "no-referrer"
    assert client.get(f"/read/{tokens.sign(Purpose.SETTINGS, row.id, 1)}").status_code == 404
