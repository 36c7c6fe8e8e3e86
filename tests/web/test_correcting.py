"""A mistake in what was announced is corrected on one page."""

import pytest
from flask.testing import FlaskClient

from caucusmail.announcements.models import Announcement, AnnouncementKind
from caucusmail.database import db
from tests import make
from tests.entering import enter
from tests.filled import form
from tests.web.composing import page, sending, the


@pytest.fixture
def sent(client: FlaskClient, url: str) -> str:
    """The address of an announcement of which one copy has left."""
    sending(client, url, accepted=250)
    return url


def newest() -> Announcement:
    db.session.expire_all()
    return the()


def test_a_mistake_is_corrected_on_one_page_and_both_stand_on_the_site(client, sent):
    first = the()
    where = f"{sent}/correct"
    assert f'href="{where}"' in page(client, f"{sent}/progress")
    html = page(client, where)
    assert "Come and *plan* with us." in html
    answer = client.post(where, data=form(html, where, body_en="Come and *listen*.", note_en="We plan next week."))
    made = newest()
    assert (answer.status_code, answer.location) == (303, f"/compose/{made.id}/progress")
    assert made.kind is AnnouncementKind.CORRECTION
    old = page(client, f"/announcements/{first.reference}")
    assert "This was corrected:" in old
    assert f"/announcements/{made.reference}" in old
    assert f"/announcements/{first.reference}" in page(client, f"/announcements/{made.reference}")


def test_nothing_changed_nothing_lost(client, sent):
    where = f"{sent}/correct"
    answer = client.post(where, data=form(page(client, where), where, note_en="A word."))
    html = answer.get_data(as_text=True)
    assert answer.status_code == 422
    assert "It reads as it did" in html
    assert "A word." in html
    answer = client.post(where, data=form(page(client, where), where, subject_en=""))
    assert answer.status_code == 422
    assert newest().kind is AnnouncementKind.MEETING


def test_a_second_click_leads_to_the_numbers(client, sent):
    where = f"{sent}/correct"
    filled = form(page(client, where), where, body_en="Come and *listen*.")
    client.post(where, data=filled)
    made = newest().id
    answer = client.post(where, data=filled, follow_redirects=True)
    assert "Somebody corrected this a moment ago" in answer.get_data(as_text=True)
    late = client.post(where, data=filled | {"body_en": "Other. " * 40})
    assert late.status_code == 409
    assert "Somebody corrected this a moment ago" in late.text
    assert ("Other. " * 40).strip() + "</textarea>" in late.text
    assert f'href="{sent}/progress"' in late.text
    assert newest().id == made


def test_a_draft_has_nothing_to_correct_and_nobody_else_finds_it(client, url):
    answer = client.get(f"{url}/correct", follow_redirects=True)
    assert "it has not left yet" in answer.get_data(as_text=True)
    enter(client, make.coordinator(make.caucus("other")))
    assert client.get(f"{url}/correct").status_code == 404
