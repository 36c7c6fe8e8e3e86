"""Who knows somebody that cannot read their mailbox, and the secretariat's queue, as pages."""

from datetime import timedelta

import pytest
import time_machine

from caucusmail import clock
from caucusmail.accounts.models import RecoveryState
from tests import letters, make
from tests.accounts.recoveries import NEW, OLD, by_code, by_people, changed, codes_of
from tests.browser import PHONE, assert_accessible, assert_fits
from tests.door import let_in
from tests.entering import cookie


@pytest.fixture
def ada():
    return make.person("Ada", OLD)


@pytest.fixture
def ben(ada):
    ngo = make.ngo("Haki")
    make.representative(ada, ngo)
    ben = make.person("Ben", "ben@haki.example")
    make.representative(ben, ngo)
    return ben


def test_a_colleague_and_the_secretariat_bring_her_back(client, ada, ben):
    asked = by_people()
    page = let_in(client, ben)
    path = letters.link(letters.to("ben@haki.example")[0], "/vouching")
    shown = page.get(path).text
    assert all(words in shown for words in ("Ada", "a***@", "Call me at the office."))
    assert NEW not in shown
    assert "optional" not in shown
    assert path in page.get("/en/me").text
    assert page.post(f"/en/vouching/{asked.id}/yes", data={"how": ""}).status_code == 422
    assert (
        "The secretariat decides now"
        in page.post(f"/en/vouching/{asked.id}/yes", data={"how": "I saw her."}, follow_redirects=True).text
    )
    page = let_in(client, make.secretary())
    assert "1 person waits for another address" in page.get("/en/staff").text
    decide = page.get("/en/staff/recoveries").text
    assert all(words in decide for words in ("Vouched for by Ben", "(Haki)", "I saw her.", "a***@"))
    assert NEW not in decide
    assert "optional" not in decide
    desk = f"/en/staff/recoveries/{asked.id}"
    assert page.post(f"{desk}/approve", data={"how": ""}).status_code == 422
    assert "In two days" in page.post(f"{desk}/approve", data={"how": "Called."}, follow_redirects=True).text
    assert "Will be changed on" in page.get("/en/staff/recoveries").text
    with time_machine.travel(clock.now() + timedelta(hours=49)):
        changed()
    assert ada.address == NEW


def test_a_no_is_taken_back_from_the_notice(client, ada, ben):
    asked = by_people()
    page = let_in(client, ben)
    said = page.post(f"/en/vouching/{asked.id}/no", follow_redirects=True).text
    assert f"/en/vouching/{asked.id}/take-back" in said
    page.post(f"/en/vouching/{asked.id}/take-back")
    assert (asked.ended_at, "Call me at the office." in page.get("/en/vouching").text) == (None, True)


def test_the_secretariat_vouches_stops_and_takes_back(client, ada, ben):
    asked, page = by_people(), let_in(client, make.secretary())
    desk = f"/en/staff/recoveries/{asked.id}"
    assert "Colleagues of their organisation are asked" in page.get("/en/staff/recoveries").text
    page.post(f"{desk}/vouch", data={"how": "Called."})
    assert "somebody else of the secretariat decides" in page.get("/en/staff/recoveries").text
    assert page.post(f"{desk}/approve", data={"how": "Called."}).status_code == 409
    page.post(f"{desk}/take-back")
    assert asked.state is RecoveryState.VOUCHING
    said = page.post(f"{desk}/decline", follow_redirects=True).text
    assert ("It has ended" in said, f"{desk}/take-back" in said, asked.ended_at is not None) == (True, True, True)
    page.post(f"{desk}/take-back")
    assert asked.ended_at is None


def test_saying_yes_asks_for_a_fresh_proof(client, ada, ben):
    asked = by_people()
    page = let_in(client, ben)
    with time_machine.travel(clock.now() + timedelta(minutes=16)):
        answer = page.post(f"/en/vouching/{asked.id}/yes", data={"how": "I saw her."})
        assert (answer.status_code, "why=proof" in answer.location) == (303, True)


def test_what_a_recovery_code_began_stands_in_the_queue(client, ada):
    by_code(codes_of(ada)[0])
    page = let_in(client, make.secretary()).get("/en/staff/recoveries").text
    assert ("A recovery code was used" in page, "Stop it" in page) == (True, True)


def test_where_nobody_waits_it_says_so(client):
    assert "There is nothing to do" in let_in(client, make.person()).get("/en/vouching").text
    assert "Nobody waits" in let_in(client, make.secretary()).get("/en/staff/recoveries").text


@pytest.mark.browser
def test_the_pages_fit_a_phone(live, visit):
    page = visit("/help", width=PHONE)
    with live.world():
        ada = make.person("Ada", OLD)
        ngo = make.ngo("Haki")
        make.representative(ada, ngo)
        make.representative(ben := make.person("Ben"), ngo)
        by_people()
        staff = make.secretary()
    for who, path in ((ben, "/en/vouching"), (staff, "/en/staff/recoveries")):
        page.context.clear_cookies()
        with live.world():
            page.context.add_cookies([cookie(live.app, who, live.url)])
        page.goto(live.url + path)
        assert "Call me at the office." in page.inner_text("main")
        assert_fits(page)
        assert_accessible(page)
