"""Passkeys in a real Chromium with a virtual authenticator (WebDriver, 11), and what the pages do without."""

from dataclasses import replace
from html import unescape

import pytest

from caucusmail import settings
from caucusmail.accounts import factors
from caucusmail.accounts.models import SignIn
from tests import make
from tests.accounts.authenticator import Authenticator
from tests.accounts.devices import app_of
from tests.browser import PHONE, assert_accessible, assert_fits, follow
from tests.door import let_in
from tests.entering import cookie
from tests.web.second import codes_on, sign_in


@pytest.fixture
def named(live, monkeypatch):
    """The live site by a name: no passkey is made for a number (Web Authentication, 5.1.2)."""
    live.url = live.url.replace("127.0.0.1", "localhost")
    monkeypatch.setattr(settings, "_current", replace(settings.current(), site_url=live.url))
    return live


def with_authenticator(page):
    session = page.context.new_cdp_session(page)
    session.send("WebAuthn.enable")
    options = {
        "protocol": "ctap2",
        "transport": "internal",
        "hasResidentKey": True,
        "hasUserVerification": True,
        "isUserVerified": True,
        "automaticPresenceSimulation": True,
    }
    return session, session.send("WebAuthn.addVirtualAuthenticator", {"options": options})["authenticatorId"]


@pytest.mark.browser
def test_a_passkey_is_made_and_signs_in_and_a_device_that_does_not_know_its_user_is_told(named, visit):
    page = visit("/help", width=PHONE)
    with named.world():
        anna = make.person("Anna Kovač")
        page.context.add_cookies([cookie(named.app, anna, named.url)])
    session, device = with_authenticator(page)
    page.goto(f"{named.url}/en/account/second-factor/passkey")
    assert_fits(page)
    assert_accessible(page)
    page.fill("[name=label]", "Phone")
    follow(page, "main .primary")
    assert len(codes_on(page.content())) == 10
    follow(page, "header form button")
    page.goto(f"{named.url}/en/sign-in")
    session.send("WebAuthn.setUserVerified", {"authenticatorId": device, "isUserVerified": False})
    page.click("form[data-passkey] button")
    page.wait_for_selector("[data-failed]:visible")
    assert_accessible(page)
    session.send("WebAuthn.setUserVerified", {"authenticatorId": device, "isUserVerified": True})
    follow(page, "form[data-passkey] button")
    assert "You are signed in as Anna Kovač" in page.content()
    with named.world():
        rows = [one for one in make.rows(SignIn) if one.ended_at is None]
        assert [(one.person_id, one.factor_at is None) for one in rows] == [(anna.id, False)]
        assert factors.of(anna)[0].used_at is not None


@pytest.mark.browser
def test_without_javascript_nothing_of_passkeys_stands_in_the_way(named, visit):
    page = visit("/sign-in", js=False, width=PHONE)
    assert not page.is_visible("form[data-passkey]")
    with named.world():
        page.context.add_cookies([cookie(named.app, make.person(), named.url)])
    page.goto(f"{named.url}/en/account/second-factor/passkey")
    assert "needs JavaScript" in page.inner_text("main")
    follow(page, "noscript a")
    assert page.is_visible("svg.qr")


def asked(page: str) -> str:
    return unescape(page.partition('data-passkey="')[2].partition('"')[0])


def test_a_passkey_signs_in_at_once_and_at_the_second_step(client):
    anna = make.person("Anna", "anna@ngo.example")
    let_in(client, anna)
    device = Authenticator()
    made = device.make(asked(client.get("/account/second-factor/passkey").text))
    assert client.post("/account/second-factor/passkey", data={"answer": made, "label": "Key"}).status_code == 200
    client.post("/sign-out")
    answer = device.prove(asked(client.get("/sign-in").text))
    done = client.post("/sign-in/passkey?next=/account/password", data={"answer": answer})
    assert (done.status_code, done.headers["Location"]) == (303, "/account/password")
    client.post("/sign-out")
    assert sign_in(client, anna.address) == "/sign-in/second"
    answer = device.prove(asked(client.get("/sign-in/second").text))
    assert client.post("/sign-in/second/passkey", data={"answer": answer}).status_code == 303
    assert client.get("/account/password").status_code == 200


def test_a_wrong_passkey_says_so_on_the_page_it_was_used_on(client):
    anna = make.person("Anna", "anna@ngo.example")
    for answer in ("", "x", "{}"):
        page = client.post("/sign-in/passkey", data={"answer": answer})
        assert (page.status_code, 'role="alert"' in page.text) == (422, True)
    app_of(anna)
    sign_in(client, anna.address)
    page = client.post("/sign-in/second/passkey", data={"answer": "{}"})
    assert (page.status_code, "did not work here" in page.text) == (422, True)
    let_in(client, make.person())
    page = client.post("/account/second-factor/passkey", data={"answer": "{}", "label": "My <key>"})
    assert (page.status_code, "My &lt;key&gt;" in page.text) == (422, True)


def test_the_second_step_by_passkey_without_a_first_leads_to_it(client):
    assert client.post("/sign-in/second/passkey", data={"answer": "{}"}).headers["Location"] == "/sign-in"


def test_the_pages_stay_small(client):
    let_in(client, make.person())
    for path in ("/sign-in", "/account/second-factor/passkey", "/account/second-factor"):
        assert len(client.get(path).data) < 14 * 1024
