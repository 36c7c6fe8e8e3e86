"""What the tables of sign-up forbid, whoever writes to them, and what goes with what."""

from datetime import timedelta

import pytest
from sqlalchemy import delete
from sqlalchemy.exc import IntegrityError

from caucusmail import clock
from caucusmail.database import db, transaction
from caucusmail.directory.applications import (
    SHORTEST_SUBMISSION,
    Applicant,
    Application,
    Evidence,
    ReviewWindow,
    Wish,
)
from tests import make


def test_an_application_bears_a_mark_that_cannot_be_guessed():
    assert make.application(submission="s" * SHORTEST_SUBMISSION).id
    with pytest.raises(IntegrityError):
        make.application(submission="s" * (SHORTEST_SUBMISSION - 1))


def test_no_two_applications_bear_one_mark():
    make.application(submission="s" * 32)
    with pytest.raises(IntegrityError):
        make.application(submission="s" * 32)


def test_an_applicant_wishes_for_a_caucus_once():
    caucus = make.caucus()
    make.application(caucuses=[caucus])
    (wish,) = make.rows(Wish)
    with pytest.raises(IntegrityError):
        make.keep(
            Wish(applicant_id=wish.applicant_id, caucus_id=caucus.id, text_fingerprint=wish.text_fingerprint, kept=True)
        )


def test_a_review_window_closes_after_it_opens():
    now = clock.now()
    with pytest.raises(IntegrityError):
        make.keep(ReviewWindow(opens_at=now, closes_at=now))


def test_the_same_review_window_is_opened_once():
    now = clock.now()
    make.keep(ReviewWindow(opens_at=now, closes_at=now + timedelta(days=1)))
    make.keep(ReviewWindow(opens_at=now, closes_at=now + timedelta(days=2)))
    with pytest.raises(IntegrityError):
        make.keep(ReviewWindow(opens_at=now, closes_at=now + timedelta(days=1)))


def test_with_an_application_go_its_people_their_wishes_and_what_they_added():
    application = make.application(caucuses=[make.caucus()])
    (one,) = make.rows(Applicant)
    make.keep(Evidence(application_id=application.id, applicant_id=one.id, text="Ask them.", at=clock.now()))
    with transaction():
        db.session.execute(delete(Application).where(Application.id == application.id))
    assert [make.rows(table) for table in (Applicant, Wish, Evidence)] == [[], [], []]


def test_what_somebody_added_outlives_their_line():
    application = make.application()
    (one,) = make.rows(Applicant)
    added = make.keep(Evidence(application_id=application.id, applicant_id=one.id, text="Ask them.", at=clock.now()))
    with transaction():
        db.session.execute(delete(Applicant).where(Applicant.id == one.id))
    db.session.refresh(added)
    assert (added.applicant_id, added.text) == (None, "Ask them.")
