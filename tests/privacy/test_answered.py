"""Requests that were answered are kept for a year, those that wait for as long as they do."""

from datetime import timedelta

from caucusmail import clock
from caucusmail.database import transaction
from caucusmail.privacy import requests
from caucusmail.privacy.models import DataRequest, Right
from tests import make
from tests.privacy.ruled import forgotten


def test_a_year_after_the_answer_it_goes():
    noor = make.secretary()
    with transaction():
        for days in (364, 366, None):
            made = requests.note(Right.ACCESS, requests.today(), "Somebody", by=noor)
            if days is not None:
                requests.done(made, by=noor)
                made.closed_at = clock.now() - timedelta(days=days)
    assert forgotten("requests") == 1
    assert len(make.rows(DataRequest)) == 2
