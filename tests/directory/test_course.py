"""What two people do with one application at the same moment: one has read it, the other moves it and is done first."""

import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest

from caucusmail.app import House
from caucusmail.database import db, transaction
from caucusmail.directory import confirmation, course, followup
from caucusmail.directory.applications import Applicant, ApplicantState, Application, ApplicationState
from caucusmail.directory.models import Affiliation, AffiliationState
from caucusmail.directory.verification import Decision
from caucusmail.groups import admission
from tests import another, make, services, settings_for
from tests.directory.joiners import applicants, applied, confirmed


def test_an_application_moves_only_from_a_state_it_is_in():
    application = make.application()
    with transaction():
        assert not course.move(application, ApplicationState.ASKED, to=ApplicationState.HELD)
        assert course.move(application, ApplicationState.ASKED, ApplicationState.TO_REVIEW, to=ApplicationState.HELD)
    assert application.state is ApplicationState.HELD


@pytest.fixture
def house(tmp_path) -> Iterator[House]:
    """On PostgreSQL, where both are under way at once; on SQLite the second waits before it has read anything."""
    url = services.fresh_postgresql("caucusmail_courses")
    with another.house(settings_for.testing(url, tmp_path)) as house, house.app_context():
        yield house
        db.session.remove()
    services.drop_postgresql(url)


def meanwhile(house: House, act: Callable[[], object]) -> None:
    """Somebody else does ``act`` in a transaction of their own, from its beginning to its end."""

    def theirs() -> None:
        with house.app_context():
            with transaction():
                act()
            db.session.remove()

    with ThreadPoolExecutor(1) as pool:
        pool.submit(theirs).result()


def approve(application_id: int, by_id: int) -> None:
    application, by = db.session.get(Application, application_id), db.session.get(make.Person, by_id)
    admission.approve(application, Decision("known"), seen=ApplicationState.TO_REVIEW, by=by)


def read(applicant_id: int) -> Applicant:
    """The applicant as this transaction has read them, with their application."""
    applicant = db.session.get_one(Applicant, applicant_id)
    assert applicant.application.state
    return applicant


@pytest.mark.journey
def test_who_withdraws_from_what_was_just_approved_is_told_so(house):
    caucus, by = make.caucus(), make.secretary()
    application = make.application(caucuses=[caucus])
    (applicant,) = applicants(application)
    db.session.remove()
    with pytest.raises(followup.Decided), transaction():
        mine = read(applicant.id)
        meanwhile(house, lambda: approve(application.id, by.id))
        followup.withdraw(mine)
    db.session.remove()
    assert [one.state for one in make.rows(Application)] == [ApplicationState.APPROVED]
    assert [one.state for one in make.rows(Affiliation)] == [AffiliationState.ACTIVE]


@pytest.mark.journey
def test_when_the_last_two_withdraw_at_once_nobody_is_waited_for(house):
    application = make.application(caucuses=[make.caucus()], people=["a@x.example", "b@x.example"])
    ids = [one.id for one in applicants(application)]
    db.session.remove()
    start = threading.Barrier(2)

    def withdraw(applicant_id: int) -> None:
        with house.app_context():
            start.wait()
            with transaction():
                followup.withdraw(read(applicant_id))
            db.session.remove()

    with ThreadPoolExecutor(2) as pool:
        list(pool.map(withdraw, ids))
    assert [one.state for one in make.rows(Application)] == [ApplicationState.WITHDRAWN]


@pytest.mark.journey
def test_who_confirms_while_it_is_approved_is_in(house):
    caucus, by = make.caucus(), make.secretary()
    application = applied(caucus)
    (first, second), application_id = [one.id for one in applicants(application)], application.id
    confirmed(db.session.get_one(Applicant, first), caucus)
    db.session.remove()
    with transaction():
        mine = read(second)
        meanwhile(house, lambda: approve(application_id, by.id))
        done = confirmation.confirm(mine, [caucus.id])
    assert [one.id for one in done.entered] == [caucus.id]
    db.session.remove()
    assert [one.state for one in make.rows(Affiliation)] == [AffiliationState.ACTIVE] * 2


@pytest.mark.journey
def test_who_has_just_confirmed_is_not_forgotten(house):
    caucus = make.caucus()
    applicant = applicants(applied(caucus))[0]
    db.session.remove()
    with transaction():
        mine = read(applicant.id)
        meanwhile(house, lambda: confirmation.confirm(read(applicant.id), [caucus.id]))
        confirmation.refuse(mine)
    db.session.remove()
    kept = make.rows(Applicant)[0]
    assert (kept.state, kept.name) == (ApplicantState.CONFIRMED, "Achieng Odera")
