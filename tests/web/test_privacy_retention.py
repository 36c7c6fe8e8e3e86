"""The table of rules as everybody reads it, and how it goes, for the secretariat."""

import gzip
from datetime import timedelta

import pytest
from sqlalchemy import update

from caucusmail.database import db, transaction
from caucusmail.privacy import retention
from caucusmail.privacy.models import RetentionRun
from caucusmail.privacy.rules import RULES
from caucusmail.web.privacy.retention import span
from tests.web.my import text

PAGE = "/your-data/how-long"


def test_everybody_reads_every_rule_in_their_language(client):
    page = client.get(f"/en{PAGE}")
    for rule in RULES:
        assert str(rule.what) in text(page)
    assert "14 days after: the form was sent." in text(page)
    assert "24 months after: the entry." in text(page)
    assert "14 jours après" in text(client.get(f"/fr{PAGE}"))
    css = client.get("/static/house.css").data
    assert len(gzip.compress(page.data)) + len(gzip.compress(css)) <= 14 * 1024


def test_it_is_found_from_the_page_about_data(client):
    assert PAGE in client.get("/en/your-data").text


def test_the_secretariat_sees_what_ran_and_what_did_not(staff):
    assert "/staff/retention" in staff.get("/staff").text
    assert "Has not run yet." in staff.get("/staff/retention").text
    retention.run_due()
    page = text(staff.get("/staff/retention"))
    assert "Has not run yet." not in page
    assert "0 forgotten within 90 days." in page
    assert "late" not in page.replace("later", "")


@pytest.mark.parametrize(
    ("kept", "words"),
    [
        (timedelta(), "at once"),
        (timedelta(days=2), "2 days"),
        (timedelta(days=365), "12 months"),
        (timedelta(hours=5), "5 hours"),
    ],
)
def test_a_span_is_told_in_the_unit_people_reckon_in(app, kept, words):
    assert span(kept) == words


def test_what_runs_is_folded_and_what_broke_off_is_not(staff):
    retention.run_due()
    page = staff.get("/staff/retention").text
    assert "<details><summary>" in page
    assert page.index("<details>") < page.index(str(RULES[0].what))
    assert f"{len(RULES)} rules run as they should." in page
    with transaction():
        db.session.execute(update(RetentionRun).where(RetentionRun.rule == RULES[0].name).values(failed=True))
    page = staff.get("/staff/retention").text
    assert page.index(str(RULES[0].what)) < page.index("<details>")
    assert f"{len(RULES) - 1} rules run as they should." in page
