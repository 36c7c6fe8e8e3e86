from caucusmail.demo import applications
from caucusmail.directory import windows
from caucusmail.directory.applications import Applicant, Application, ApplicationState, ReviewWindow
from caucusmail.directory.models import Affiliation, AffiliationState, Ngo
from tests import make
from tests.demo.test_world import NOW


def test_the_queue_holds_applications_that_look_like_members(demo_world):
    waiting = [a for a in make.rows(Application) if a.state is ApplicationState.TO_REVIEW]
    assert {a.name_key for a in waiting} & {ngo.name_key for ngo in make.rows(Ngo)}
    assert len(waiting) > 100


def test_some_applications_of_the_queue_lack_evidence(demo_world):
    waiting = [row for row in make.rows(Application) if row.state is ApplicationState.TO_REVIEW]
    assert 0 < sum(not (row.website or row.vouchers) for row in waiting) < len(waiting)


def test_review_windows_are_of_whole_days(demo_world):
    for row in make.rows(ReviewWindow):
        assert windows.span(windows.first_day(row), windows.last_day(row)) == (row.opens_at, row.closes_at)


def test_a_name_an_acronym_and_a_domain_of_one_letter_more_are_among_the_look_alikes(demo_world):
    members = make.rows(Ngo)
    waiting = [one for one in make.rows(Application) if one.state is ApplicationState.TO_REVIEW]
    assert {one.acronym for one in waiting} & {one.acronym for one in members if one.acronym} - {""}
    domains = {one.domain for one in members if one.domain}
    typed = {one.address.rpartition("@")[2] for one in make.rows(Applicant) if one.address.startswith("office@")}
    assert {domain.replace("s.", ".", 1) for domain in typed} <= domains
    assert typed.isdisjoint(domains)


def test_what_was_declined_has_its_reason_and_day_and_what_waits_has_neither(demo_world):
    for one in make.rows(Application):
        declined = one.state is ApplicationState.DECLINED
        assert (one.decided_at is not None) is (one.refusal is not None) is declined
        assert one.made_at < one.confirmed_at


def test_nobody_who_applied_is_active_yet(demo_world):
    applying = {one.person_id for one in make.rows(Applicant)}
    states = {one.state for one in make.rows(Affiliation) if one.person_id in applying}
    assert states == {AffiliationState.WAITING, AffiliationState.DECLINED, AffiliationState.INTEREST}


def test_one_review_is_open_now_and_the_next_says_why_it_is_late():
    first, second = applications.windows(NOW)
    assert first.opens_at < NOW < first.closes_at < second.opens_at
    assert not first.note
    assert set(second.note) == {"en", "fr"}
