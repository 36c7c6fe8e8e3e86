import pytest

from caucusmail import tokens
from caucusmail.accounts.models import Person
from caucusmail.database import transaction
from caucusmail.directory import asking, confirmation, registration, visibility
from caucusmail.directory.applications import ApplicantState, Application, ApplicationState, Wish
from caucusmail.directory.confirmation import Answered, NothingKept, TooManyTries, WrongCode
from caucusmail.directory.models import (
    Affiliation,
    AffiliationState,
    Consent,
    ConsentText,
    JoinMode,
    Representative,
    Seat,
)
from caucusmail.directory.representation import NoPlaceLeft
from caucusmail.directory.typed import Colleague
from caucusmail.tokens import BadToken, Purpose
from tests import make
from tests.directory.joiners import ACHIENG, applicants, applied, code_in, confirmed, days_later, letters

__all__ = ["days_later"]


def test_confirming_makes_a_person_who_waits_with_proof_of_consent():
    vrwg, children = make.caucus("vrwg"), make.caucus("children", join_mode=JoinMode.INTEREST)
    application = applied(vrwg, children)
    done = confirmed(applicants(application)[0], vrwg, children)
    assert (done.person.name, done.person.zone, done.person.languages) == ("Achieng Odera", "Africa/Nairobi", ["en"])
    states = {place.caucus_id: place.state for place in make.rows(Affiliation)}
    assert states == {vrwg.id: AffiliationState.WAITING, children.id: AffiliationState.INTEREST}
    assert application.state is ApplicationState.TO_REVIEW
    assert len(make.rows(Consent)) == 2
    for given in make.rows(Consent):
        assert given.text.language == "en"
        assert given.asked_at <= given.given_at
    assert len(make.rows(Person)) == 1


def test_what_was_unticked_is_let_go():
    vrwg, uj = make.caucus("vrwg"), make.caucus("uj")
    (achieng, _peter) = applicants(applied(vrwg, uj))
    confirmed(achieng, uj)
    assert [place.caucus_id for place in make.rows(Affiliation)] == [uj.id]
    assert {wish.caucus_id: wish.kept for wish in make.rows(Wish) if wish.applicant_id == achieng.id} == {
        vrwg.id: False,
        uj.id: True,
    }


def test_pressing_twice_is_done_once():
    vrwg = make.caucus()
    achieng, _peter = applicants(applied(vrwg))
    assert confirmed(achieng, vrwg).person == confirmed(achieng, vrwg).person
    assert len(make.rows(Consent)) == 1
    assert len(make.rows(Person)) == 1


def test_what_one_never_asked_for_cannot_be_kept():
    vrwg, other = make.caucus(), make.caucus()
    achieng, _peter = applicants(applied(vrwg))
    with pytest.raises(NothingKept):
        confirmed(achieng, other)


def test_a_person_we_know_is_linked_and_never_doubled():
    vrwg, uj = make.caucus("vrwg"), make.caucus("uj")
    known = make.member(vrwg, make.person("A. Odera", "achieng@mhi.example"))
    achieng, _peter = applicants(applied(vrwg, uj))
    assert confirmed(achieng, vrwg, uj).person == known
    states = {place.caucus_id: place.state for place in make.rows(Affiliation)}
    assert states == {vrwg.id: AffiliationState.ACTIVE, uj.id: AffiliationState.WAITING}


def test_the_consent_is_kept_in_the_language_of_the_page_that_was_confirmed(french):
    vrwg = make.caucus("vrwg")
    confirmed(applicants(applied(vrwg))[0], vrwg)
    (given,) = make.rows(Consent)
    assert given.text.language == "fr"
    assert len(make.rows_by(ConsentText, ConsentText.fingerprint)) == 1


def test_the_secretariat_gets_a_letter_a_day_at_most():
    secretary = make.secretary()
    vrwg = make.caucus()
    for number in range(3):
        who = Colleague("A", f"a{number}@x.example")
        confirmed(applicants(applied(vrwg, people=(who,)))[0], vrwg)
    (letter,) = letters(secretary.address)
    assert "1 application waits" in letter
    assert "/staff/queue" in letter


def test_a_link_opens_the_entry_for_fourteen_days(days_later):
    achieng, _peter = applicants(applied(make.caucus()))
    token = asking.confirm_token(achieng)
    with days_later(13.9):
        assert confirmation.applicant_of(token) == achieng
    with days_later(14.1), pytest.raises(BadToken):
        confirmation.applicant_of(token)


def test_a_link_leads_back_to_somebody_who_has_confirmed_for_fourteen_days(days_later):
    vrwg = make.caucus()
    achieng, _peter = applicants(applied(vrwg))
    confirmed(achieng, vrwg)
    token = asking.confirm_token(achieng)
    with days_later(13.9):
        assert confirmation.applicant_of(token) == achieng
    with days_later(14.1), pytest.raises(BadToken):
        confirmation.applicant_of(token)


def test_a_status_page_opens_until_the_links_of_the_person_are_revoked(days_later):
    vrwg = make.caucus()
    achieng, _peter = applicants(applied(vrwg))
    person = confirmed(achieng, vrwg).person
    token = confirmation.status_token(achieng)
    with days_later(400):
        assert confirmation.applicant_of_status(token) == achieng
    with transaction():
        person.settings_version += 1
    with pytest.raises(BadToken):
        confirmation.applicant_of_status(token)


@pytest.mark.parametrize("purpose", [p for p in Purpose if p is not Purpose.CONFIRM_SIGN_UP])
def test_a_token_of_another_purpose_opens_nothing(purpose):
    achieng, _peter = applicants(applied(make.caucus()))
    with pytest.raises(BadToken):
        confirmation.applicant_of(tokens.sign(purpose, achieng.id))


def test_a_status_token_of_somebody_unconfirmed_opens_nothing():
    achieng, _peter = applicants(applied(make.caucus()))
    with pytest.raises(BadToken):
        confirmation.applicant_of_status(tokens.sign(Purpose.APPLICATION, achieng.id, 1))


@pytest.mark.parametrize("typed", ["{}", " {} ", "{0}", "٠", "plain"])
def test_the_code_works_however_it_is_typed(typed):
    achieng, _peter = applicants(applied(make.caucus()))
    code = code_in(letters("achieng@mhi.example")[0])
    if typed == "٠":
        code = "".join(chr(0x660 + int(c)) if c.isdigit() else c for c in code)
    elif typed == "plain":
        code = code.replace("-", "")
    else:
        code = typed.format(code)
    assert confirmation.by_code("ACHIENG@mhi.example", code, "192.0.2.0/24") == achieng


def test_a_wrong_code_tells_no_more_than_an_unknown_address():
    applied(make.caucus())
    problems = []
    for address in ("achieng@mhi.example", "nobody@mhi.example"):
        with pytest.raises(WrongCode) as problem:
            confirmation.by_code(address, "000-00x", "192.0.2.0/24")
        problems.append(str(problem.value))
    assert problems[0] == problems[1]


def test_codes_cannot_be_tried_for_ever():
    applied(make.caucus())
    right = code_in(letters("achieng@mhi.example")[0])
    for number in range(confirmation.CODES.tries):
        with pytest.raises(WrongCode):
            confirmation.by_code("achieng@mhi.example", "abc", f"198.51.{number}.0/24")
    with pytest.raises(TooManyTries):
        confirmation.by_code("achieng@mhi.example", right, "203.0.113.0/24")


def test_this_was_not_me_deletes_name_and_address_at_once():
    achieng, peter = applicants(applied(make.caucus()))
    token = asking.confirm_token(achieng)
    with transaction():
        confirmation.refuse(achieng)
    assert (achieng.name, achieng.address, achieng.state) == ("", "", ApplicantState.EXPIRED)
    assert letters("achieng@mhi.example") == []
    assert peter.address == "pkamau@webmail.example"
    with pytest.raises(BadToken):
        confirmation.applicant_of(token)


def test_this_was_not_me_forgets_the_address_on_every_application_but_where_it_was_confirmed():
    vrwg = make.caucus()
    kept = applicants(applied(vrwg))[0]
    confirmed(kept, vrwg)
    (one,), (other,) = (applicants(applied(vrwg, people=(ACHIENG,))) for _ in range(2))
    with transaction():
        confirmation.refuse(one)
    assert (other.state, other.address) == (ApplicantState.EXPIRED, "")
    assert (kept.state, kept.address) == (ApplicantState.CONFIRMED, "achieng@mhi.example")


def test_who_has_confirmed_is_not_forgotten_by_an_old_page():
    vrwg = make.caucus()
    achieng, _peter = applicants(applied(vrwg))
    confirmed(achieng, vrwg)
    with transaction():
        confirmation.refuse(achieng)
    applied(vrwg, people=(ACHIENG,), network="198.51.100.0/24")
    assert achieng.address == "achieng@mhi.example"


def test_nobody_joins_a_declined_application():
    vrwg = make.caucus()
    application = applied(vrwg)
    achieng, peter = applicants(application)
    confirmed(achieng, vrwg)
    application.state = ApplicationState.DECLINED
    with pytest.raises(Answered):
        confirmed(peter, vrwg)


# Those whose organisation is in already need no review


@pytest.fixture
def invited():
    ngo, vrwg, admin = make.ngo(seats_cap=2), make.caucus("vrwg"), make.person("Achieng")
    make.representative(admin, ngo, admin=True)
    make.keep(Seat(ngo_id=ngo.id, caucus_id=vrwg.id, holder_id=admin.id, since=ngo.made_at))
    with transaction():
        peter = Colleague("Peter", "peter@x.example", caucuses=(vrwg.id,))
        registration.invite(ngo, peter, "s" * 32, by=visibility.viewer(admin))
    (applicant,) = applicants(make.rows(Application)[0])
    return ngo, vrwg, applicant


def test_an_invited_person_is_in_at_once_on_a_seat_of_the_organisation(invited):
    ngo, vrwg, applicant = invited
    done = confirmed(applicant, vrwg)
    assert list(done.entered) == [vrwg]
    (place,) = make.rows(Affiliation)
    assert place.state is AffiliationState.ACTIVE
    assert place.seat.ngo_id == ngo.id
    assert place.seat.holder_id == done.person.id
    assert applicant.application.state is ApplicationState.APPROVED
    assert {row.person_id for row in make.rows(Representative)} >= {done.person.id}


def test_when_the_last_place_was_taken_meanwhile_confirming_is_refused_kindly(invited):
    ngo, vrwg, applicant = invited
    make.representative(make.person(), ngo)
    with pytest.raises(NoPlaceLeft, match="as many as it may have"), transaction():
        confirmation.confirm(applicant, [vrwg.id])


def test_a_colleague_who_confirms_after_the_approval_is_in_at_once():
    vrwg, uj, ngo = make.caucus("vrwg"), make.caucus("uj"), make.ngo()
    application = applied(vrwg, uj)
    achieng, peter = applicants(application)
    confirmed(achieng, vrwg, uj)
    application.state, application.ngo_id = ApplicationState.APPROVED, ngo.id
    make.keep(Seat(ngo_id=ngo.id, caucus_id=vrwg.id, since=ngo.made_at))
    done = confirmed(peter, vrwg, uj)
    assert list(done.entered) == [vrwg]
    assert [wish.kept for wish in make.rows(Wish) if wish.applicant_id == peter.id] == [True, False]
    assert ACHIENG.address != peter.address


def test_who_comes_late_into_an_organisation_that_nobody_looks_after_looks_after_it():
    vrwg, ngo = make.caucus("vrwg"), make.ngo()
    application = applied(vrwg)
    application.state, application.ngo_id = ApplicationState.APPROVED, ngo.id
    make.keep(Seat(ngo_id=ngo.id, caucus_id=vrwg.id, since=ngo.made_at))
    confirmed(applicants(application)[1], vrwg)
    assert [one.admin for one in make.rows(Representative)] == [True]
