"""Signing up in a real browser, on a phone, without JavaScript; and what hostile text does to the pages: nothing."""

import pytest

from caucusmail import clock
from caucusmail.database import db, transaction
from caucusmail.directory import asking, founding
from caucusmail.directory.applications import Applicant, ApplicantState, Application
from tests.browser import DESK, PHONE, Live, Visit, assert_accessible, assert_fits, follow, screenshot

pytestmark = pytest.mark.browser
SEND = "p.actions button.primary"


@pytest.fixture
def world(live: Live) -> Live:
    with live.world(), transaction():
        founding.found()
    return live


def looked_at(page, name: str, js: bool) -> None:
    assert_fits(page)
    if js:  # axe needs it
        assert_accessible(page)
    screenshot(page, name)


def to_people(page, name: str = "Mwangaza Haki Initiative") -> None:
    page.check("input[value=vrwg]")
    page.check("input[value=children]")
    follow(page, SEND)
    page.fill("#ngo_name", name)
    page.select_option("#country_code", "KE")
    page.fill("#vouchers", "The Kenyan national coalition.")
    follow(page, SEND)


@pytest.mark.parametrize(
    ("width", "language", "dark", "js"),
    [(PHONE, "en", False, False), (PHONE, "fr", True, True), (DESK, "en", True, True), (PHONE, "ar-xb", False, False)],
)
def test_a_phone_gets_all_the_way_without_javascript_or_with(world, visit: Visit, width, language, dark, js):
    name = f"join-{width}-{language}-"
    page = visit("/join", width=width, js=js, language=language, dark=dark)
    looked_at(page, name + "1-which", js)
    follow(page, SEND)
    looked_at(page, name + "1-which-errors", js)
    to_people(page)
    page.fill("#people-0-name", "Achieng Odera")
    page.fill("#people-0-address", "achieng@mhi.example")
    follow(page, "button[name=add]")
    page.fill("#people-1-name", "Peter Kamau")
    page.fill("#people-1-address", "pkamau.webmail.example")
    follow(page, SEND)
    looked_at(page, name + "3-people-errors", js)
    page.fill("#people-1-address", "pkamau@webmail.example")
    page.check("#authorised")
    page.check("#naming_policy")
    follow(page, SEND)
    looked_at(page, name + "4-check", js)
    page.wait_for_timeout(2500)
    follow(page, SEND)
    looked_at(page, name + "5-sent", js)
    with world.world():
        token = asking.confirm_token(db.session.query(Applicant).filter_by(address="achieng@mhi.example").one())
    page.goto(f"{world.url}/{language}/join/confirm/{token}")
    looked_at(page, name + "6-confirm", js)
    follow(page, SEND)
    looked_at(page, name + "7-status", js)
    with world.world():
        states = [row.state for row in db.session.query(Applicant).order_by(Applicant.id)]
    assert states == [ApplicantState.CONFIRMED, ApplicantState.UNCONFIRMED]


@pytest.mark.parametrize("js", [True, False])
def test_the_back_button_of_the_browser_loses_nothing(world, visit: Visit, js):
    page = visit("/join", width=PHONE, js=js)
    to_people(page)
    page.fill("#people-0-name", "Achieng Odera")
    page.fill("#people-0-address", "achieng@mhi.example")
    page.check("#authorised")
    page.check("#naming_policy")
    follow(page, SEND)
    page.go_back()
    assert page.input_value("#people-0-name") == "Achieng Odera"
    assert page.is_checked("#authorised")
    page.go_back()
    assert page.input_value("#ngo_name") == "Mwangaza Haki Initiative"
    assert page.input_value("#country_code") == "KE"
    page.go_back()
    assert page.is_checked("input[value=vrwg]")
    assert page.is_checked("input[value=children]")
    follow(page, SEND)
    follow(page, SEND)
    assert page.url.endswith("/join/people")


def test_enter_in_a_field_goes_on_and_removes_nobody(world, visit: Visit):
    page = visit("/join", width=PHONE, js=False)
    to_people(page)
    page.fill("#people-0-name", "Achieng Odera")
    follow(page, "button[name=add]")
    page.fill("#people-1-name", "Peter Kamau")
    with page.expect_navigation():
        page.press("#people-1-name", "Enter")
    assert page.url.endswith("/join/check")
    assert page.input_value("#people-1-name") == "Peter Kamau"


def test_an_expert_sees_no_field_of_an_organisation(world, visit: Visit):
    page = visit("/join", width=PHONE, js=False)
    page.check("input[value=vrwg]")
    follow(page, SEND)
    assert page.is_visible("#ngo_name")
    page.check("input[value=individual]")
    assert not page.is_visible("#ngo_name")


@pytest.mark.corpora
def test_no_payload_becomes_a_live_node(world, visit: Visit, corpora):
    payloads = (corpora / "xss" / "payloads.txt").read_text().splitlines()[::160]
    everything = " ".join(payloads)
    page = visit("/join", js=True)
    dialogs: list[str] = []
    page.on("dialog", lambda dialog: (dialogs.append(dialog.message), dialog.dismiss()))
    page.check("input[value=vrwg]")
    follow(page, SEND)
    page.fill("#ngo_name", payloads[1][:250])
    page.fill("#acronym", payloads[2][:40])
    page.select_option("#country_code", "KE")
    page.fill("#vouchers", everything[:4000])
    follow(page, SEND)
    page.fill("#people-0-name", payloads[3][:200])
    page.fill("#people-0-title", payloads[4][:120])
    page.fill("#people-0-address", "achieng@mhi.example")
    page.check("#authorised")
    page.check("#naming_policy")
    follow(page, SEND)
    live_nodes = "document.querySelectorAll('main script, main img, main svg, main iframe, main object, main [onerror], main [onload], main math, main style').length"
    assert page.url.endswith("/join/check")
    assert page.evaluate(live_nodes) == 0
    page.wait_for_timeout(2500)
    follow(page, SEND)
    with world.world():
        applicant = db.session.query(Applicant).one()
        stored = db.session.query(Application).one()
        assert stored.vouchers.split() == everything[:4000].split()
        token = asking.confirm_token(applicant)
        assert applicant.made_at <= clock.now()
    page.goto(f"{world.url}/en/join/confirm/{token}")
    assert page.evaluate(live_nodes) == 0
    follow(page, SEND)
    assert page.evaluate(live_nodes) == 0
    assert dialogs == []
