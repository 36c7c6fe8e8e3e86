from datetime import timedelta

import pytest

from caucusmail import clock
from caucusmail.directory import queries
from caucusmail.directory.applications import ApplicationState, ReviewWindow
from caucusmail.directory.models import AffiliationState, Keeper
from caucusmail.errors import NotFound
from tests import make


@pytest.mark.parametrize("state", AffiliationState)
def test_a_place_is_found_whatever_its_state(state):
    caucus = make.caucus()
    who = make.member(caucus, state=state)
    make.member(caucus), make.member(make.caucus(), who)
    place = queries.affiliation(who, caucus)
    assert (place.person_id, place.caucus_id, place.state) == (who.id, caucus.id, state)


def test_who_never_asked_has_no_place():
    assert queries.affiliation(make.person(), make.caucus()) is None


def test_an_application_is_found_once_somebody_has_confirmed_it():
    application = make.application()
    assert queries.application(application.id) is application
    silent = make.application(state=ApplicationState.UNCONFIRMED)
    for number in (silent.id, 999_999):
        with pytest.raises(NotFound, match="no application"):
            queries.application(number)


def test_what_is_not_there_is_said_to_be_not_there():
    ngo = make.ngo()
    assert queries.ngo(ngo.id) is ngo
    with pytest.raises(NotFound, match="no organisation"):
        queries.ngo(ngo.id + 1)


def test_a_caucus_that_is_not_there_is_named_as_it_was_asked_for_but_not_at_any_length():
    caucus = make.caucus("water")
    assert queries.caucus("water") is caucus
    with pytest.raises(NotFound, match=f"“{'x' * 60}”"):
        queries.caucus("x" * 1000)


def test_a_term_is_found_with_its_caucus_only():
    caucus = make.caucus()
    make.coordinator(caucus)
    (term,) = make.rows(Keeper)
    assert queries.keeper(term.id, caucus) is term
    for number, of in ((term.id, make.caucus()), (term.id + 1, caucus)):
        with pytest.raises(NotFound, match="no such term"):
            queries.keeper(number, of)


def test_a_review_window_is_found_by_its_number():
    window = make.keep(ReviewWindow(opens_at=clock.now(), closes_at=clock.now() + timedelta(days=1)))
    assert queries.window(window.id) is window
    with pytest.raises(NotFound, match="no such review window"):
        queries.window(window.id + 1)
