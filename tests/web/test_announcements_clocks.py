"""The question of what stays when the rules of a clock have changed: on the meeting's page and the desk, for its keepers."""

import re
from datetime import datetime
from typing import Any

import pytest

from caucusmail.announcements import reminding
from caucusmail.database import db, transaction
from caucusmail.delivery import ledger, pausing
from caucusmail.delivery.models import Lane, Pause
from caucusmail.meetings.models import Meeting, MeetingState
from tests import doctored, entering, make
from tests.browser import PHONE, assert_accessible, assert_fits, screenshot
from tests.entering import enter
from tests.filled import form
from tests.statements import counted
from tests.web.composing import page, sending, the
from tests.web.my import text
from tests.web.test_meetings import meeting

QUESTION = "The clocks in The Hague go by other rules now"
JULY = {"starts": datetime(2027, 7, 20, 15), "ends": datetime(2027, 7, 20, 16)}


@pytest.fixture
def one(vrwg: Any, ilse: Any, monkeypatch: pytest.MonkeyPatch) -> Meeting:
    made = meeting(vrwg, ilse, "Summer school", MeetingState.DRAFT, **JULY)
    doctored.without_summer_time(monkeypatch)
    return made


def test_its_keepers_are_asked_on_its_page_and_on_their_desk(client, one):
    for path in (f"/en/meetings/{one.reference}", "/en/compose"):
        page = text(client.get(path))
        assert QUESTION in page
        assert "Tue 20 Jul 2027, 15:00 in The Hague · Tue 20 Jul 2027, 14:00 UTC" in page
        assert "Tue 20 Jul 2027, 14:00 in The Hague · Tue 20 Jul 2027, 13:00 UTC" in page


def test_nobody_else_is_asked(client, vrwg, ilse, one):
    one.state = MeetingState.CONFIRMED
    db.session.commit()
    enter(client, make.member(vrwg))
    assert QUESTION not in text(client.get(f"/en/meetings/{one.reference}"))
    enter(client, make.coordinator(make.caucus("other")))
    assert QUESTION not in text(client.get("/en/compose"))
    assert client.post(f"/en/compose/clock/{one.reference}", data={"stays": "wall"}).status_code == 404


@pytest.mark.parametrize(("stays", "hour", "utc"), [("wall", 15, 14), ("world", 14, 13)])
def test_each_answer_is_a_press_and_ends_the_question(client, one, stays, hour, utc):
    page = client.post(f"/en/compose/clock/{one.reference}", data={"stays": stays}, follow_redirects=True)
    assert "The time is settled." in text(page)
    assert QUESTION not in text(page)
    found = db.session.get_one(Meeting, one.id)
    assert (found.starts.hour, found.starts_at.hour) == (hour, utc)
    again = client.post(f"/en/compose/clock/{one.reference}", data={"stays": stays}, follow_redirects=True)
    assert "This was answered already." in text(again)


def test_an_answer_that_is_none_changes_nothing(client, one):
    for stays in ("", "neither"):
        assert client.post(f"/en/compose/clock/{one.reference}", data={"stays": stays}).status_code == 404
    assert db.session.get_one(Meeting, one.id).starts == JULY["starts"]


def test_the_form_of_changes_does_not_offer_it(client, one):
    for method in ("GET", "POST"):
        assert client.open(f"/en/compose/change/{one.reference}/clock", method=method).status_code == 404


def test_the_desk_takes_as_many_statements_for_many_questions(client, vrwg, ilse, one):
    def count() -> int:
        db.session.expire_all()
        with counted() as statements:
            assert QUESTION in text(client.get("/en/compose"))
        return len(statements)

    few = count()
    for number in range(4):
        copy = meeting(vrwg, ilse, f"Number {number}", MeetingState.DRAFT, **JULY)
        copy.tzdata, copy.starts_at, copy.ends_at = one.tzdata, one.starts_at, one.ends_at
        db.session.commit()
    assert client.get("/en/compose").text.count(QUESTION) == 5
    assert count() == few


@pytest.mark.browser
@pytest.mark.parametrize("language", ["en", "fr", "ar-xb"])
def test_the_question_stands_on_a_phone(live, visit, monkeypatch, language):
    with live.world():
        caucus = make.caucus("vrwg", tag="VRWG", hue=3)
        keeper = make.coordinator(caucus)
        asked = meeting(caucus, keeper, "Summer school", **JULY)
        reference, cookie = asked.reference, entering.cookie(live.app, keeper, live.url)
    doctored.without_summer_time(monkeypatch)
    page = visit("/meetings", width=PHONE, language=language)
    page.context.add_cookies([cookie])
    for path in (f"meetings/{reference}", "compose"):
        page.goto(f"{live.url}/{language}/{path}")
        screenshot(page, f"clock-{re.sub('/.*', '', path)}-{language}")
        assert page.locator("button[name=stays]").count() == 2
        assert_fits(page)
        assert_accessible(page)


def test_a_paused_reminder_is_shown_to_who_keeps_the_meeting_and_goes_on(client, url, members):
    sending(client, url, accepted=250)
    held = the().meeting
    with transaction():
        message = ledger.open_message(reminding.KIND, Lane.ANNOUNCE, ("meetings", held.id), "vrwg")
        pausing.pause(message.id, Pause.POLICY, "550 5.7.26 not authenticated")
    html = page(client, f"/meetings/{held.reference}")
    assert "The reminder is paused." in html
    assert "550 5.7.26" in html
    where = f"/compose/reminder/{held.reference}"
    assert client.post(where, data=form(html, where, reason="")).status_code == 303
    assert "The reminder is paused." in page(client, f"/meetings/{held.reference}")
    client.post(where, data=form(html, where, reason="Mended."))
    assert "The reminder is paused." not in page(client, f"/meetings/{held.reference}")
