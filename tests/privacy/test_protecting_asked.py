"""What others have asked of somebody who has not answered when they are protected: it is over as if nobody had, until it is lifted."""

from datetime import timedelta
from email.message import EmailMessage
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from caucusmail import clock, tokens
from caucusmail.accounts.models import Person, Recovery, RecoveryState, RecoveryWay
from caucusmail.database import db, transaction
from caucusmail.directory import confirmation, hand_overs, inviting, joining, reminders
from caucusmail.directory.applications import Applicant, ApplicantState, Application, ApplicationState
from caucusmail.directory.hand_over_models import HandOver, OfferState
from caucusmail.directory.models import Representative
from caucusmail.tokens import BadToken, Purpose
from tests import letters, make
from tests.door import let_in
from tests.groups.handed import AMINA, Office, office
from tests.privacy.protected import cells, lift, protect, telling

NAME = "Amina Diazcanary"


@pytest.fixture
def haki() -> Office:
    return office()


@pytest.fixture
def amina() -> Person:
    """Somebody who is known here, and does not belong to the organisation that asks her."""
    person, caucus = make.person(NAME, AMINA), make.caucus("other")
    make.member(caucus, person, make.group(caucus))
    return person


def asked(client: FlaskClient, haki: Office) -> FlaskClient:
    """Its administrator invites her, and Rosa offers her seats; the administrator's browser."""
    page = let_in(client, haki.ben.person)
    form: dict[str, Any] = {"name": NAME, "address": AMINA, "language": "en", "submission": "a" * 16}
    page.post(f"/en/organisations/{haki.ngo.id}/add", data=form | {"caucuses": [haki.caucuses[0].id]})
    haki.offered(name=NAME)
    return page


def letter(path: str) -> EmailMessage:
    """The letter to her whose link begins so."""
    (found,) = (one for one in letters.to(AMINA) if path in letters.text(one))
    return found


def links() -> list[str]:
    return [letters.link(letter(path), path) for path in ("/join/confirm/", "/hand-over/")]


def unanswered() -> tuple[Applicant, HandOver]:
    db.session.expire_all()
    (invited,), (offered,) = make.rows(Applicant), make.rows(HandOver)
    return invited, offered


def of_both(found: dict[str, Any]) -> dict[str, Any]:
    return {place: value for place, value in found.items() if place.startswith(("applicants.", "hand_overs."))}


def test_old_links_of_what_nobody_answered_open_nothing(client, app: Flask, haki, amina, stopped_clock):
    asked(client, haki)
    ways = links()
    made = protect(amina)
    people, terms = make.rows(Person), make.rows(Representative)
    for link in ways:
        for answer in (
            app.test_client().get(link),
            app.test_client().post(link, data={"answer": "yes", "kept": ["1"]}),
        ):
            assert answer.status_code == 404
            assert made.stands_for not in answer.text
    assert (make.rows(Person), make.rows(Representative)) == (people, terms)
    lift(made)
    assert {app.test_client().get(link).status_code for link in ways} == {404}


def test_who_asked_reads_nothing_of_her_and_gets_back_what_stood_there(client, haki, amina):
    page = asked(client, haki)
    assert NAME in page.get(f"/en/organisations/{haki.ngo.id}").text
    before = cells()
    made = protect(amina)
    shown = page.get(f"/en/organisations/{haki.ngo.id}").text
    assert [word for word in (made.stands_for, NAME, "protected.invalid", AMINA) if word in shown] == []
    assert [one.state for one in unanswered()] == [ApplicantState.EXPIRED, OfferState.LAPSED]
    assert telling(NAME, AMINA) == set()
    lift(made)
    assert of_both(cells()) == of_both(before)
    assert NAME in page.get(f"/en/organisations/{haki.ngo.id}").text


def test_once_it_is_lifted_a_new_letter_lets_her_answer(client, haki, amina, stopped_clock):
    asked(client, haki)
    lift(protect(amina))
    invited, offered = unanswered()
    for purpose, row, read in (
        (Purpose.CONFIRM_SIGN_UP, invited, confirmation.applicant_of),
        (Purpose.HAND_OVER, offered, hand_overs.read),
    ):
        with pytest.raises(BadToken):
            read(tokens.sign_at(purpose, row.id, made=clock.now()))
        assert read(tokens.sign_at(purpose, row.id, made=clock.now() + timedelta(seconds=2))) is row


def test_a_code_from_before_opens_nothing_either(client, haki, amina, stopped_clock):
    asked(client, haki)
    code = letters.code(letter("/join/confirm/"))
    made = protect(amina)
    for _time in range(2):
        with pytest.raises(confirmation.WrongCode):
            confirmation.by_code(AMINA, code, "a network")
        if made.lifted_at is None:
            lift(made)


def test_in_a_mailbox_that_others_read_too_her_old_links_are_as_dead(client, haki, amina, stopped_clock):
    make.person("Bob Other", AMINA)
    asked(client, haki)
    ways = links()
    made = protect(amina)
    assert {client.get(link).status_code for link in ways} == {404}
    assert not made.lifted_at
    assert {one.name for one in unanswered()} == {NAME}  # it may be meant for who reads along: what was typed stays


def test_a_withdrawn_invitation_cannot_be_put_back_meanwhile(client, haki, amina):
    asked(client, haki)
    with transaction():
        inviting.recall(unanswered()[0], by=haki.ben.person)
    made = protect(amina)
    with pytest.raises(inviting.NoLonger), transaction():
        inviting.put_back(unanswered()[0], by=haki.ben.person)
    lift(made)
    assert unanswered()[0].state is ApplicantState.RECALLED


def test_an_application_of_hers_is_not_forgotten_while_she_might_still_confirm_it(amina):
    make.application(caucuses=[make.caucus()])
    (line,) = make.rows(Applicant)
    with transaction():
        line.state, line.person_id, line.application.state = (
            ApplicantState.UNCONFIRMED,
            None,
            ApplicationState.UNCONFIRMED,
        )
        line.name, line.address, line.address_key, line.made_at = NAME, AMINA, AMINA, clock.now()
    made = protect(amina)
    with transaction():
        reminders.expire_due()
        assert reminders.remind_due() == 0
    lift(made)
    (kept,) = make.rows(Application)
    assert (kept.state, bool(kept.ngo_name)) == (ApplicationState.UNCONFIRMED, True)
    assert unanswered_state() == (ApplicantState.UNCONFIRMED, NAME)


def unanswered_state() -> tuple[ApplicantState, str]:
    db.session.expire_all()
    (line,) = make.rows(Applicant)
    return line.state, line.name


def test_a_recovery_of_her_account_that_somebody_began_by_her_address_ends(amina):
    now = clock.now()
    lost = Recovery(way=RecoveryWay.KNOWN, state=RecoveryState.ASKED, old_key=AMINA, asked_at=now, since=now)
    lost.name, lost.language, lost.address, lost.address_key = NAME, "en", "x@new.example", "x@new.example"
    make.keep(lost)
    protect(amina)
    db.session.refresh(lost)
    assert lost.ended_at is not None


def test_whom_a_name_and_an_address_can_mean(amina):
    bob = make.person("Bob Other", AMINA)
    line = Applicant(name="DIAZCANARY Amina", address_key=AMINA)
    assert joining.meant(None, line) == [amina]
    assert joining.meant(bob.id, line) == [bob]
    protect(amina)
    assert joining.meant(None, Applicant(name="Somebody", address_key=AMINA)) == [amina]
