from datetime import timedelta

import pytest

from caucusmail import clock
from caucusmail.accounts import queries as accounts
from caucusmail.accounts import signing_in
from caucusmail.database import transaction
from caucusmail.directory import queries, reopening, verification
from caucusmail.directory.applications import ApplicationState
from caucusmail.directory.models import AffiliationState, JoinMode, Ngo, NgoState, Representative, Seat
from caucusmail.directory.reasons import Reason
from caucusmail.directory.reopening import InTheWay, TooLate
from caucusmail.directory.verification import Decision
from caucusmail.groups import admission
from caucusmail.groups.models import Subscription
from tests import letters, make
from tests.directory.deciding import TO_REVIEW, approved, person


def test_taking_an_approval_back_unmakes_all_of_it(staff):
    caucus = make.caucus()
    make.group(caucus)
    application = make.application("Haki", [caucus], ["a@mhi.example"])
    approved(application, staff)
    with transaction():
        admission.reopen(application, by=staff)
    assert application.state is TO_REVIEW
    assert queries.affiliation(person("a@mhi.example"), caucus).state is AffiliationState.WAITING
    for table in (Ngo, Seat, Representative, Subscription):
        assert make.rows(table) == []
    approved(application, staff)
    assert len(make.rows(Subscription)) == 1


def test_taking_a_link_back_leaves_the_organisation_as_it_was(staff):
    caucus, ngo, old = make.caucus(), make.ngo("Mwangaza"), make.person()
    before = make.representative(old, ngo)
    seat = make.keep(Seat(ngo_id=ngo.id, caucus_id=caucus.id, holder_id=old.id, since=clock.now()))
    application = make.application("Mwangaza Haki", [caucus], ["a@mhi.example"])
    approved(application, staff, Decision("Same people.", into=ngo))
    with transaction():
        admission.reopen(application, by=staff)
    assert make.rows(Representative) == [before]
    assert make.rows(Seat) == [seat]


def test_taking_a_link_back_gives_the_organisation_its_former_state_and_nobody_a_new_right(staff):
    ngo = make.ngo("Mwangaza", state=NgoState.LAPSED, how_verified="A call in 2021.", verified_at=None)
    application = make.application("Mwangaza", [make.caucus()], ["a@mhi.example"])
    member = make.representative(person("a@mhi.example"), ngo, title="clerk")
    with transaction():
        secret = signing_in.begin(person("a@mhi.example"))
    approved(application, staff, Decision("They wrote again.", into=ngo))
    assert (ngo.state, member.admin) == (NgoState.VERIFIED, True)
    assert accounts.signed_in(secret) is None
    with transaction():
        admission.reopen(application, by=staff)
    assert (ngo.state, ngo.how_verified, ngo.verified_at) == (NgoState.LAPSED, "A call in 2021.", None)
    assert ngo.expires_at is None
    assert (member.admin, member.title, member.until) == (False, "clerk", None)


def test_taking_a_link_back_gives_a_former_representative_their_former_term(staff):
    ngo, ended = make.ngo("Mwangaza"), clock.now() - timedelta(days=90)
    application = make.application("Mwangaza", [make.caucus()], ["a@mhi.example"])
    began = ended - timedelta(days=9)
    term = make.representative(person("a@mhi.example"), ngo, since=began, until=ended)
    approved(application, staff, Decision("Same.", into=ngo))
    assert term.until is None
    with transaction():
        admission.reopen(application, by=staff)
    assert (term.since, term.until, term.admin) == (began, ended, False)


def test_what_was_changed_after_a_link_stays_when_the_link_is_taken_back(staff):
    ngo = make.ngo("Mwangaza", state=NgoState.LAPSED)
    application = make.application("Mwangaza", [make.caucus()], ["a@mhi.example"])
    approved(application, staff, Decision("They wrote again.", into=ngo))
    with transaction():
        admission.renew(ngo, "Their new statutes.", by=staff)
    with transaction():
        admission.reopen(application, by=staff)
    assert (ngo.state, ngo.how_verified) == (NgoState.VERIFIED, "Their new statutes.")


def test_an_approval_on_which_others_hang_is_not_taken_back_in_one_step(staff):
    application = make.application("Haki", [make.caucus()], ["a@mhi.example"])
    approved(application, staff)
    make.representative(make.person(), make.rows(Ngo)[0])
    with pytest.raises(InTheWay), transaction():
        admission.reopen(application, by=staff)
    assert application.state is ApplicationState.APPROVED


def test_taking_a_decline_back_lets_them_wait_again(staff):
    caucus, interest = make.caucus(), make.caucus(join_mode=JoinMode.INTEREST)
    application = make.application("Haki", [caucus, interest], ["a@mhi.example"])
    with transaction():
        verification.decline(application, Reason.NOT_NGO, "", seen=TO_REVIEW, by=staff)
    with transaction():
        admission.reopen(application, by=staff)
    who = person("a@mhi.example")
    assert queries.affiliation(who, caucus).state is AffiliationState.WAITING
    assert queries.affiliation(who, interest).state is AffiliationState.INTEREST
    assert letters.to("a@mhi.example")[-1]["Subject"] == "We are looking at your application again"


def test_after_thirty_days_there_is_no_way_back(staff, monkeypatch):
    application = make.application("Haki")
    approved(application, staff)
    later = clock.now() + timedelta(days=30, minutes=1)
    monkeypatch.setattr(clock, "now", lambda: later)
    assert not reopening.possible(application)
    with pytest.raises(TooLate), transaction():
        admission.reopen(application, by=staff)
