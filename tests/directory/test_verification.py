import pytest

from caucusmail.audit.models import AuditEntry
from caucusmail.database import transaction
from caucusmail.directory import affiliation, queries, verification
from caucusmail.directory.applications import ApplicationKind, ApplicationState
from caucusmail.directory.models import AffiliationState, Ngo, NgoState, Representative, Seat
from caucusmail.directory.reasons import Reason
from caucusmail.directory.verification import DecidedAlready, Decision, NobodyLeft, NothingWritten
from caucusmail.groups import admission
from caucusmail.groups.models import Subscription
from tests import letters, make
from tests.directory.deciding import KNOWN, TO_REVIEW, approved, person


def test_approval_makes_the_organisation_its_people_their_seats_and_places(staff):
    vrwg, uj = make.caucus("vrwg"), make.caucus("uj")
    make.group(vrwg)
    application = make.application(
        "Mwangaza Haki", [vrwg, uj], ["achieng@mhi.example", "peter@webmail.example"], acronym="MHI"
    )
    approved(application, staff)
    (ngo,) = make.rows(Ngo)
    assert (ngo.name, ngo.acronym, ngo.domain, ngo.state) == ("Mwangaza Haki", "MHI", "mhi.example", NgoState.VERIFIED)
    assert (ngo.region.slug, ngo.verified_by_id) == ("africa", staff.id)
    assert {(one.person.address, one.admin) for one in make.rows(Representative)} == {
        ("achieng@mhi.example", True),
        ("peter@webmail.example", False),
    }
    assert len(make.rows(Seat)) == 4
    achieng = person("achieng@mhi.example")
    for caucus in (vrwg, uj):
        place = queries.affiliation(achieng, caucus)
        assert place.state is AffiliationState.ACTIVE
        assert place.seat.holder_id == achieng.id
    assert {one.person_id for one in make.rows(Subscription)} == {achieng.id, person("peter@webmail.example").id}
    assert (application.state, application.ngo_id) == (ApplicationState.APPROVED, ngo.id)


def test_an_expert_gets_in_without_an_organisation(staff):
    caucus = make.caucus()
    application = make.application("", [caucus], ["e@x.example"], kind=ApplicationKind.INDIVIDUAL, ngo_name="")
    approved(application, staff)
    place = queries.affiliation(person("e@x.example"), caucus)
    assert (place.state, place.seat_id) == (AffiliationState.ACTIVE, None)
    assert make.rows(Ngo) == []


def test_where_nobody_is_left_nothing_is_approved_and_nobody_is_told_of_a_decline(staff):
    caucus = make.caucus()
    application = make.application("Haki", [caucus], ["a@mhi.example"])
    with transaction():
        affiliation.end(queries.affiliation(person("a@mhi.example"), caucus), by=None)
    with pytest.raises(NobodyLeft), transaction():
        admission.approve(application, KNOWN, seen=TO_REVIEW, by=staff)
    assert make.rows(Ngo) == []
    with transaction():
        verification.decline(application, Reason.NOT_NGO, "", seen=TO_REVIEW, by=staff)
    assert letters.to("a@mhi.example") == []


def test_of_two_who_decide_at_once_the_second_is_told(staff):
    application = make.application("Haki", [make.caucus()])
    approved(application, staff)
    for second in (
        lambda: admission.approve(application, KNOWN, seen=TO_REVIEW, by=staff),
        lambda: verification.decline(application, Reason.NOT_NGO, "", seen=TO_REVIEW, by=staff),
        lambda: verification.ask(application, "Who?", seen=TO_REVIEW, by=staff),
        lambda: verification.hold(application, "", seen=TO_REVIEW, by=staff),
        lambda: verification.release(application, by=staff),
    ):
        with pytest.raises(DecidedAlready), transaction():
            second()
    assert len(make.rows(Ngo)) == 1


@pytest.mark.parametrize("seen", [ApplicationState.UNCONFIRMED, ApplicationState.EXPIRED, ApplicationState.APPROVED])
def test_only_what_waits_can_be_decided(staff, seen):
    application = make.application("Haki", state=seen)
    with pytest.raises(DecidedAlready), transaction():
        admission.approve(application, KNOWN, seen=seen, by=staff)


def test_approval_says_how_they_are_known(staff):
    application = make.application("Haki")
    with pytest.raises(NothingWritten), transaction():
        admission.approve(application, Decision("  "), seen=TO_REVIEW, by=staff)


def test_a_question_reaches_the_applicant_word_for_word_and_waits(staff):
    application = make.application("Haki", people=["a@mhi.example"])
    with transaction():
        verification.ask(application, "Who in Nairobi knows you? <b>", seen=TO_REVIEW, by=staff)
    (letter,) = letters.to("a@mhi.example")
    assert "Who in Nairobi knows you? <b>" in letters.text(letter)
    assert letters.link(letter, "/join/status/")
    assert application.state is ApplicationState.ASKED
    with transaction():
        verification.release(application, by=staff)
    assert application.state is TO_REVIEW


def test_declining_ends_the_waiting_and_tells_why(staff):
    caucus = make.caucus()
    application = make.application("Haki", [caucus], ["a@mhi.example"])
    with transaction():
        verification.decline(application, Reason.NOT_FOUND, "Try again in May.", seen=TO_REVIEW, by=staff)
    assert queries.affiliation(person("a@mhi.example"), caucus).state is AffiliationState.DECLINED
    assert (application.refusal, application.reason) == (Reason.NOT_FOUND, "Try again in May.")
    text = letters.text(letters.to("a@mhi.example")[0])
    assert "could not find enough" in text
    assert "Try again in May." in text
    assert str(letters.to("a@mhi.example")[0]["Subject"]) == "Your application for Haki was declined"
    assert "/en/help/ask" in text


def test_a_reason_of_ones_own_needs_words(staff):
    with pytest.raises(NothingWritten), transaction():
        verification.decline(make.application(), Reason.OTHER, " ", seen=TO_REVIEW, by=staff)


def test_putting_aside_writes_to_nobody(staff):
    application = make.application("Haki", people=["a@mhi.example"])
    with transaction():
        verification.hold(application, "Ask Samuel", seen=TO_REVIEW, by=staff)
    assert application.note == "Ask Samuel"
    assert letters.to("a@mhi.example") == []


def test_every_decision_is_in_the_journal_with_its_reason(staff):
    application = make.application("Haki")
    with transaction():
        verification.hold(application, "wait", seen=TO_REVIEW, by=staff)
    approved(application, staff)
    kept = [(one.verb, one.reason) for one in make.rows(AuditEntry) if one.subject_kind == "applications"]
    assert kept == [("application.held", "wait"), ("application.approved", KNOWN.how)]


def test_a_new_organisation_may_have_three_representatives(staff):
    approved(make.application(caucuses=[make.caucus()]), staff)
    assert [ngo.seats_cap for ngo in make.rows(Ngo)] == [3]
