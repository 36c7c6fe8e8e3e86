"""Who was not let in is forgotten after 90 days."""

from datetime import timedelta

import pytest

from caucusmail import clock
from caucusmail.database import db, transaction
from caucusmail.directory import forgetting
from caucusmail.directory.applications import Applicant, Application, ApplicationState, Evidence
from tests import make
from tests.directory.joiners import applicants, applied, confirmed


def declined(days: float) -> Application:
    caucus = make.caucus()
    application = applied(caucus)
    confirmed(applicants(application)[0], caucus)
    with transaction():
        application.state, application.decided_at = ApplicationState.DECLINED, clock.now() - timedelta(days=days)
        application.reason, application.note = "Nobody knows Mwangaza.", "odd"
        db.session.add(Evidence(application_id=application.id, text="She knows us.", at=clock.now()))
    return application


@pytest.mark.parametrize(("days", "gone"), [(89, 0), (91, 1)])
def test_names_addresses_and_words_go_and_the_line_stays(days, gone):
    application = declined(days)
    with transaction():
        assert forgetting.forget_declined() == gone
    with transaction():
        assert forgetting.forget_declined() == 0
    assert application.state is ApplicationState.DECLINED
    assert (application.ngo_name == "", application.reason == "", application.note == "") == (bool(gone),) * 3
    assert {bool(one.address) for one in make.rows(Applicant)} == {not gone}
    assert len(make.rows(Evidence)) == 1 - gone


def test_what_waits_or_was_approved_stays():
    application = declined(91)
    with transaction():
        application.state = ApplicationState.APPROVED
    with transaction():
        assert forgetting.forget_declined() == 0
    assert application.ngo_name
