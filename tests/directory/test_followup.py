import pytest

from caucusmail.database import transaction
from caucusmail.directory import followup, joining, verification
from caucusmail.directory.applications import ApplicantState, ApplicationState, Evidence
from caucusmail.directory.followup import Decided, NothingSaid
from caucusmail.directory.models import Affiliation, AffiliationState, Consent
from caucusmail.directory.verification import Decision
from caucusmail.groups import membership
from tests import make
from tests.directory.joiners import ACHIENG, applicants, applied, confirmed


@pytest.fixture
def vrwg():
    return make.caucus("vrwg")


@pytest.fixture
def both(vrwg):
    achieng, peter = applicants(applied(vrwg))
    confirmed(achieng, vrwg)
    confirmed(peter, vrwg)
    return achieng, peter


def act(verb, *args):
    with transaction():
        return verb(*args)


def test_an_answer_brings_an_asked_application_back(both):
    application = both[0].application
    with transaction():
        application.state, application.reason = ApplicationState.ASKED, "Who knows you?"
    act(followup.answer, both[0], "The national coalition.")
    assert application.state is ApplicationState.TO_REVIEW
    (added,) = make.rows(Evidence)
    assert (added.asked, added.text) == ("Who knows you?", "The national coalition.")


def test_evidence_can_be_added_unasked(both):
    act(followup.answer, both[0], "A newspaper.")
    assert both[0].application.state is ApplicationState.TO_REVIEW
    assert [row.text for row in joining.standing(both[0]).evidence] == ["A newspaper."]


@pytest.mark.parametrize("text", ["", "  \n "])
def test_an_empty_answer_is_refused(both, text):
    with pytest.raises(NothingSaid):
        act(followup.answer, both[0], text)


def test_a_decided_application_takes_no_more(both):
    with transaction():
        both[0].application.state = ApplicationState.DECLINED
    for verb in (followup.withdraw, followup.come_back):
        with pytest.raises(Decided):
            act(verb, both[0])
    with pytest.raises(Decided):
        act(followup.answer, both[0], "But …")


def test_one_who_withdraws_leaves_the_colleague_on_it(both):
    act(followup.withdraw, both[0])
    assert both[0].application.state is ApplicationState.TO_REVIEW
    states = {row.person_id: row.state for row in make.rows(Affiliation)}
    assert states == {
        both[0].person_id: AffiliationState.ENDED,
        both[1].person_id: AffiliationState.WAITING,
    }


def test_when_all_have_withdrawn_the_application_is_and_coming_back_brings_it_back(both):
    for one in both:
        act(followup.withdraw, one)
    assert both[0].application.state is ApplicationState.WITHDRAWN
    act(followup.come_back, both[0])
    assert both[0].application.state is ApplicationState.TO_REVIEW
    place = next(row for row in make.rows(Affiliation) if row.person_id == both[0].person_id)
    assert place.state is AffiliationState.WAITING
    given = [row.withdrawn_at is None for row in make.rows(Consent) if row.person_id == both[0].person_id]
    assert given == [False, True]


def test_withdrawing_twice_changes_nothing(both):
    act(followup.withdraw, both[0])
    act(followup.withdraw, both[0])
    act(followup.come_back, both[0])
    act(followup.come_back, both[0])
    assert len([row for row in make.rows(Consent) if row.person_id == both[0].person_id]) == 2


def test_only_who_filled_in_the_form_sees_the_colleagues(both):
    assert [one.name for one in joining.standing(both[0]).colleagues] == ["Peter Kamau"]
    assert list(joining.standing(both[1]).colleagues) == []


def test_who_leaves_everything_they_asked_for_is_off_the_application_and_back_on_it_by_taking_it_back(vrwg, both):
    children = make.caucus("children")
    achieng, peter = both
    application = achieng.application
    with transaction():
        application.state = ApplicationState.HELD
    who = joining.standing(achieng).person
    with transaction():
        step = membership.leave_caucus(who, vrwg, by=who)
    assert (achieng.state, peter.state) == (ApplicantState.WITHDRAWN, ApplicantState.CONFIRMED)
    assert application.state is ApplicationState.HELD
    with transaction():
        assert membership.leave_caucus(who, children, by=who) is None
        membership.take_back(who, step, by=who)
    assert achieng.state is ApplicantState.CONFIRMED


def test_when_the_last_one_leaves_the_application_is_withdrawn_and_comes_back_as_it_stood(vrwg):
    (achieng,) = applicants(applied(vrwg, people=(ACHIENG,)))
    confirmed(achieng, vrwg)
    application, who = achieng.application, joining.standing(achieng).person
    with transaction():
        application.state, application.reason = ApplicationState.ASKED, "Who knows you?"
    with transaction():
        membership.leave_all(who, by=who)
    assert application.state is ApplicationState.WITHDRAWN
    with transaction():
        membership.come_back(who, vrwg, by=who)
    assert (achieng.state, application.state) == (ApplicantState.CONFIRMED, ApplicationState.ASKED)


def test_who_leaves_one_of_two_wishes_stays_on_the_application(vrwg):
    uj = make.caucus("uj")
    (achieng,) = applicants(applied(vrwg, uj, people=(ACHIENG,)))
    confirmed(achieng, vrwg, uj)
    who = joining.standing(achieng).person
    with transaction():
        membership.leave_caucus(who, vrwg, by=who)
    assert achieng.state is ApplicantState.CONFIRMED


def test_what_was_decided_without_them_cannot_be_waited_for_again_but_the_rest_comes_back(vrwg, both):
    water = make.caucus("water")
    achieng, _peter = both
    who = joining.standing(achieng).person
    make.member(water, who)
    with transaction():
        step = membership.leave_all(who, by=who)
    with transaction():
        verification.approve(
            achieng.application, Decision("Known."), seen=ApplicationState.TO_REVIEW, by=make.secretary()
        )
    with pytest.raises(Decided), transaction():
        membership.come_back(who, vrwg, by=who)
    with transaction():
        membership.take_back(who, step, by=who)
    states = {row.caucus_id: row.state for row in make.rows(Affiliation) if row.person_id == who.id}
    assert states == {vrwg.id: AffiliationState.ENDED, water.id: AffiliationState.ACTIVE}
    assert achieng.state is ApplicantState.WITHDRAWN
