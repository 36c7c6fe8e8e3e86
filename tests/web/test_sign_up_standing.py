"""The page that says where a sign-up stands: answer, withdraw, come back."""

import re

import pytest

from caucusmail.database import db, transaction
from caucusmail.directory import asking, confirmation, registration, verification, visibility
from caucusmail.directory.applications import (
    Applicant,
    ApplicantState,
    Application,
    ApplicationState,
    Evidence,
)
from caucusmail.directory.models import Affiliation, AffiliationState, Seat
from caucusmail.directory.reasons import Reason
from caucusmail.directory.typed import Colleague
from caucusmail.groups.models import Subscription
from tests import make
from tests.directory.joiners import applicants, applied, confirmed
from tests.web.joining import link, rows


@pytest.fixture
def standing(vrwg):
    achieng, peter = applicants(applied(vrwg))
    confirmed(achieng, vrwg)
    return achieng, peter, "/join/status/" + confirmation.status_token(achieng)


def test_only_the_press_that_confirms_shows_the_link_to_ones_own_page(client, vrwg):
    token = asking.confirm_token(applicants(applied(vrwg))[0])
    shown = client.post(f"/join/confirm/{token}", data={"kept": vrwg.id}, follow_redirects=True).text
    own = re.search(r"http://localhost(/en/my/[\w-]+)", shown)[1]
    assert client.get(own).status_code == 200
    for again in (
        client.get(f"/join/confirm/{token}", follow_redirects=True),
        client.post(f"/join/confirm/{token}", data={"kept": vrwg.id}, follow_redirects=True),
    ):
        assert again.status_code == 200
        assert "/my/" not in again.text
        assert "foot of every letter" in again.text


def test_what_was_asked_is_shown_and_can_be_answered(walk, standing):
    achieng, _peter, path = standing
    with transaction():
        achieng.application.state, achieng.application.reason = ApplicationState.ASKED, "Who <knows> you?"
    walk.open(path)
    assert "Who &lt;knows&gt; you?" in walk.text
    walk.press(path + "/answer", text="The coalition.\nAsk Ilse.")
    assert walk.page.status_code == 303
    assert rows(Application)[0].state is ApplicationState.TO_REVIEW
    assert "Ask Ilse." in walk.open(path).text
    assert [row.asked for row in rows(Evidence)] == ["Who <knows> you?"]


def test_an_empty_answer_is_refused_beside_the_field(walk, standing):
    walk.open(standing[2]).press(standing[2] + "/answer", text="  ")
    assert walk.page.status_code == 422
    assert any("Nothing is written" in error for error in walk.errors)


def test_withdrawing_has_a_way_back(walk, standing):
    path = standing[2]
    walk.open(path).press(path + "/withdraw")
    assert walk.open(path).text.count("You have withdrawn") == 1
    assert walk.text.count('action="' + path + "/come-back") == 1
    assert rows(Affiliation)[0].state is AffiliationState.ENDED
    walk.press(path + "/come-back")
    assert rows(Affiliation)[0].state is AffiliationState.WAITING
    assert "You are back" in walk.open(path).text


def test_a_colleague_who_never_confirmed_is_a_line_without_blame(walk, standing, days_later):
    from caucusmail.directory import reminders

    assert "has not confirmed yet" in walk.open(standing[2]).text
    with days_later(14.1), transaction():
        reminders.expire_due()
    text = walk.open(standing[2]).text
    assert "A colleague: not confirmed, removed." in text
    assert "Peter" not in text


def test_an_invited_person_gets_mail_from_the_moment_they_confirm(walk, vrwg):
    ngo, admin, group = make.ngo(seats_cap=2), make.person(), make.group(vrwg)
    make.representative(admin, ngo, admin=True)
    make.keep(Seat(ngo_id=ngo.id, caucus_id=vrwg.id, holder_id=admin.id, since=ngo.made_at))
    with transaction():
        peter = Colleague("Peter", "peter@x.example", caucuses=(vrwg.id,))
        registration.invite(ngo, peter, "s" * 32, by=visibility.viewer(admin))
    (applicant,) = rows(Applicant)
    walk.open(link(applicant)).press(link(applicant))
    assert walk.page.status_code == 303
    assert [(row.group_id, row.person_id) for row in rows(Subscription)] == [(group.id, rows(Applicant)[0].person_id)]
    assert "You are in." in walk.open(walk.page.location).text


def test_every_page_has_a_state_of_applicants_that_is_shown(walk, standing):
    for state_ in ApplicationState:
        with transaction():
            db.session.get(Application, standing[0].application_id).state = state_
        assert walk.open(standing[2]).page.status_code == 200
    assert ApplicantState.WITHDRAWN


@pytest.mark.parametrize(
    ("prefix", "told"), [("/en", "open to non-governmental organisations"), ("/fr", "aux organisations")]
)
def test_who_was_declined_reads_the_reason_in_words_and_no_code(client, vrwg, prefix, told):
    application = applied(vrwg)
    confirmed(applicants(application)[0], vrwg)
    with transaction():
        verification.decline(application, Reason.NOT_NGO, "Sorry.", seen=application.state, by=make.secretary())
    page = client.get(f"{prefix}/join/status/{confirmation.status_token(applicants(application)[0])}").text
    assert "not-ngo" not in page
    assert told in page
    assert "Sorry." in page
