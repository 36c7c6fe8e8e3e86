from dataclasses import replace

import pytest

from caucusmail.database import transaction
from caucusmail.directory import joining, registration
from caucusmail.directory.applications import (
    Applicant,
    ApplicantState,
    Application,
    ApplicationKind,
    ApplicationState,
    Evidence,
)
from caucusmail.directory.registration import (
    Settled,
)
from caucusmail.directory.typed import Colleague
from tests import make
from tests.directory.joiners import ACHIENG, PETER, applied, confirmed, letters, sign_up
from tests.letters import written


def again(form, **changed):
    """The same form sent once more, changed, and what is owed written."""
    with transaction():
        registration.apply(replace(form, **changed), "192.0.2.0/24")
    written()


def test_a_form_sent_again_with_a_corrected_address_writes_there_and_forgets_the_other():
    form = sign_up(make.caucus())
    with transaction():
        registration.apply(form, "192.0.2.0/24")
    written()
    right = replace(PETER, address="peter@webmail.example")
    with transaction():
        registration.apply(replace(form, people=(ACHIENG, right)), "192.0.2.0/24")
    written()
    assert len(letters("peter@webmail.example")) == 1
    assert len(letters("achieng@mhi.example")) == 1
    assert letters("pkamau@webmail.example") == []
    assert [(one.state, one.address) for one in make.rows(Applicant) if not one.address] == [
        (ApplicantState.REPLACED, "")
    ]


def test_after_one_has_confirmed_the_other_can_still_be_corrected():
    vrwg = make.caucus("vrwg")
    form = sign_up(vrwg)
    again(form)
    confirmed(make.rows(Applicant)[0], vrwg)
    again(form, people=(replace(ACHIENG, name="Somebody Else"), replace(PETER, address="peter@webmail.example")))
    achieng, mistyped, peter = make.rows(Applicant)
    assert (achieng.state, achieng.name) == (ApplicantState.CONFIRMED, "Achieng Odera")
    assert (mistyped.state, mistyped.address) == (ApplicantState.REPLACED, "")
    assert (peter.state, peter.first) == (ApplicantState.UNCONFIRMED, False)
    assert len(letters("peter@webmail.example")) == 1
    assert len(letters("achieng@mhi.example")) == 1
    assert [one.address for one in joining.standing(achieng).colleagues] == ["peter@webmail.example"]


def test_after_a_colleague_has_confirmed_the_one_who_filled_in_the_form_can_correct_their_own_address():
    vrwg = make.caucus("vrwg")
    form = sign_up(vrwg)
    again(form)
    confirmed(make.rows(Applicant)[1], vrwg)
    again(form, people=(replace(ACHIENG, address="odera@mhi.example"), PETER))
    assert [(one.address, one.first) for one in make.rows(Applicant)] == [
        ("", True),
        ("pkamau@webmail.example", False),
        ("odera@mhi.example", True),
    ]


def test_what_is_corrected_of_the_organisation_after_a_confirmation_reaches_the_secretariat_once():
    vrwg = make.caucus("vrwg")
    form = sign_up(vrwg)
    again(form)
    confirmed(make.rows(Applicant)[0], vrwg)
    for _ in range(2):
        again(form, ngo_name="Mwangaza Haki Institute")
    assert make.rows(Application)[0].ngo_name == "Mwangaza Haki Initiative"
    assert [one.text for one in make.rows(Evidence)] == [
        "Corrected on the form:\nName of the organisation: Mwangaza Haki Institute"
    ]


def test_sent_again_as_it_was_after_the_decision_nothing_happens():
    form = sign_up(make.caucus("vrwg"))
    again(form)
    with transaction():
        make.rows(Application)[0].state = ApplicationState.APPROVED
        for one in make.rows(Applicant):
            one.state = ApplicantState.CONFIRMED
    again(form)
    assert len(make.rows(Applicant)) == 2


@pytest.mark.parametrize("state", [ApplicationState.APPROVED, ApplicationState.DECLINED, ApplicationState.EXPIRED])
def test_nobody_is_added_to_a_decided_application(state):
    form = sign_up(make.caucus("vrwg"))
    again(form)
    with transaction():
        make.rows(Application)[0].state = state
    with pytest.raises(Settled, match="goes as a new application"):
        again(form, people=(ACHIENG, replace(PETER, address="peter@webmail.example")))
    assert len(make.rows(Applicant)) == 2


def test_nobody_is_added_to_an_expert_who_has_confirmed():
    vrwg = make.caucus("vrwg")
    form = sign_up(vrwg, people=(ACHIENG,), kind=ApplicationKind.INDIVIDUAL)
    again(form)
    confirmed(make.rows(Applicant)[0], vrwg)
    with pytest.raises(Settled):
        again(form, people=(replace(ACHIENG, address="other@mhi.example"),))


def test_a_name_is_kept_on_one_line_and_without_marks():
    applied(
        make.caucus(), people=(Colleague("Eve\u2028\ue000x\ue001", "eve@x.example", "Head\nof all"),), ngo_name="A\nB"
    )
    (applicant,) = make.rows(Applicant)
    assert (applicant.name, applicant.title, applicant.application.ngo_name) == ("Eve x", "Head of all", "A B")
