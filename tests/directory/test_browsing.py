from datetime import timedelta

from caucusmail import clock
from caucusmail.directory import browsing
from caucusmail.directory.models import AffiliationState, JoinMode, NgoState
from tests import make


def interested(number: int, caucus, state: NgoState = NgoState.VERIFIED, **term) -> None:
    for _ in range(number):
        person = make.person()
        make.representative(person, make.ngo(state=state), **term)
        make.member(caucus, person, state=AffiliationState.INTEREST)


def test_interest_counts_organisations_from_ten():
    caucus = make.caucus(join_mode=JoinMode.INTEREST)
    interested(9, caucus)
    assert browsing.interest(caucus) is None
    interested(1, caucus)
    assert browsing.interest(caucus) is not None


def test_interest_counts_no_organisation_that_has_lapsed_or_for_which_nobody_speaks_any_more():
    caucus, now = make.caucus(join_mode=JoinMode.INTEREST), clock.now()
    interested(9, caucus)
    interested(1, caucus, since=now - timedelta(days=9), until=now - timedelta(days=1))
    interested(1, caucus, NgoState.LAPSED)
    assert browsing.interest(caucus) is None
