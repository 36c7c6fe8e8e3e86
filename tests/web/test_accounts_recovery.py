"""Who cannot read their mailbox any more, as pages."""

from datetime import timedelta
from html import unescape

import pytest
import time_machine

from caucusmail import clock, tokens
from caucusmail.accounts import recovering
from caucusmail.accounts.models import Recovery, RecoveryState
from caucusmail.database import transaction
from caucusmail.tokens import Purpose
from tests import letters, make
from tests.accounts.authenticator import Authenticator
from tests.accounts.recoveries import NETWORK, NEW, OLD, by_code, by_people, changed, codes_of, looked
from tests.browser import PHONE, assert_accessible, assert_fits
from tests.door import let_in
from tests.filled import form


@pytest.fixture
def ada():
    return make.person("Ada", OLD)


def typed(**more):
    """A form that was open for a minute."""
    made = tokens.sign(Purpose.FORM_TIME, int((clock.now().timestamp() - 60) * 1000))
    return {"old": OLD, "address": NEW, "made": made, "nickname": ""} | more


def link(address=NEW, path="/recover/"):
    return letters.link(letters.to(address)[-1], path)


def test_from_the_sign_in_page_a_recovery_code_leads_to_the_new_address(client, ada):
    assert "/recover" in client.get("/en/sign-in").text
    assert "/recover/code" in client.get("/en/recover").text
    code = codes_of(ada)[0]
    answer = client.post("/en/recover/code", data=typed(code=code))
    assert (answer.status_code, "a letter is on its way" in client.get(answer.location).text) == (303, True)
    looked()
    path = link()
    assert "Yes, it is mine" in client.get(path).text
    assert make.rows(Recovery)[0].state is RecoveryState.ASKED  # looking changes nothing
    assert "Your address will be changed" in client.post(path, follow_redirects=True).text
    with time_machine.travel(clock.now() + timedelta(hours=48, minutes=1)):
        changed()
        assert "Your letters come here now" in client.get(path).text
    assert ada.address == NEW


def test_the_button_pressed_twice_does_no_harm(client, ada):
    by_code(codes_of(ada)[0])
    for _time in range(2):
        assert "Your address will be changed" in client.post(link(), follow_redirects=True).text
    assert client.post(link(), data={"do": "give-up"}).status_code == 303
    gone = client.get(link())
    assert (gone.status_code, make.rows(Recovery)) == (404, [])


def test_a_passkey_leads_to_the_page_of_ones_addresses_and_a_new_one_is_confirmed_by_letter(client, ada):
    let_in(client, ada)
    device = Authenticator()

    def asked(page):
        return unescape(page.partition('data-passkey="')[2].partition('"')[0])

    made = device.make(asked(client.get("/account/second-factor/passkey").text))
    client.post("/account/second-factor/passkey", data={"answer": made, "label": "Key"})
    client.post("/sign-out")
    page = client.get("/en/recover").text
    action = next(one for one in page.split('action="')[1:] if "passkey" in one.partition('"')[0]).partition('"')[0]
    done = client.post(unescape(action), data={"answer": device.prove(asked(page))})
    assert (done.status_code, done.location) == (303, "/en/account/addresses")
    said = client.post("/en/account/addresses", data={"address": NEW, "use": "instead"}, follow_redirects=True).text
    assert f"on its way to {NEW}" in said
    assert "The address is yours" in client.post(link(NEW, "/address/")).text
    assert ada.address == NEW


def test_the_link_in_the_old_mailbox_shows_a_button_and_stops_it(client, ada):
    asked = by_code(codes_of(ada)[0])
    stop = link(OLD, "/recover/stop/")
    assert "Stop the change of address?" in client.get(stop).text
    assert asked.ended_at is None
    assert "It is stopped" in client.post(stop).text
    assert "It is stopped" in client.get(stop).text
    assert asked.ended_at is not None


def test_a_stop_that_comes_too_late_says_what_to_do(client, ada):
    asked = by_code(codes_of(ada)[0])
    stop = link(OLD, "/recover/stop/")
    with transaction():
        recovering.confirm(asked)
    with time_machine.travel(clock.now() + timedelta(hours=49)):
        changed()
        for page in (client.get(stop), client.post(stop)):
            assert "For 14 days the link in our letter" in page.text


def test_who_is_signed_in_sees_it_and_stops_it_and_nobody_elses(client, ada):
    water = make.caucus("water")
    make.coordinator(water)
    make.member(water, ada)
    asked = by_people()
    page = let_in(client, make.person())
    assert page.post(f"/en/account/recoveries/{asked.id}/stop").status_code == 404
    page = let_in(client, ada)
    assert NEW in page.get("/en/account/addresses").text
    assert page.post(f"/en/account/recoveries/{asked.id}/stop").status_code == 303
    assert asked.ended_at is not None


@pytest.mark.parametrize("page", ["/en/recover/code", "/en/recover/people"])
def test_a_form_explains_what_is_missing_and_a_machine_is_thanked_for_nothing(client, page):
    empty = client.post(page, data={"made": typed()["made"]})
    assert (empty.status_code, "Nothing was filled in" in empty.text) == (422, True)
    full = typed(code="x", name="Ada", words="x")
    wrong = client.post(page, data=full | {"old": "ada"})
    assert (wrong.status_code, "is not a complete email address" in wrong.text) == (422, True)
    same = client.post(page, data=full | {"address": OLD})
    assert "cannot read any more" in same.text
    assert client.post(page, data=full | {"nickname": "x"}).status_code == 303
    old = client.post(page, data=full | {"made": ""})
    assert (old.status_code, "open for more than a day" in old.text) == (422, True)
    assert make.rows(Recovery) == []


@pytest.mark.parametrize("page", ["/en/recover/code", "/en/recover/people"])
def test_whose_browser_fills_in_the_form_presses_once_more_and_types_nothing_again(client, page, stopped_clock):
    written = {"old": [OLD], "address": [NEW], "code": ["abcde-23456"], "name": ["Ada"], "words": ["Ring me."]}
    full = form(client.get(page).text, "", **written)
    stopped_clock.shift(1)
    quick = client.post(page, data=full)
    assert quick.status_code == 422
    assert "Nothing is lost: look it over and press once more." in quick.text
    again = form(quick.text, "")
    assert {name: value for name, value in again.items() if name in written}.items() <= written.items()
    assert len(again.keys() & written.keys()) > 2
    stopped_clock.shift(1)
    assert client.post(page, data=again).status_code == 303


def test_a_network_that_asks_too_often_is_told_when_to_come_back(client):
    for _time in range(20):
        with transaction():
            recovering.by_code(OLD, "x", NEW, "127.0.0.0/24")
    answer = client.post("/en/recover/code", data=typed(code="x"))
    assert (answer.status_code, "in an hour" in answer.text) == (429, True)
    with transaction():
        recovering.by_code(OLD, "x", NEW, NETWORK)


def test_what_was_typed_is_only_text(client, ada):
    water = make.caucus("water")
    make.member(water, ada)
    ilse = make.coordinator(water)
    with transaction():
        recovering.by_people(OLD, NEW, "<b>Ada</b>", "<script>x</script>", NETWORK)
    client.post(link())
    looked()
    page = let_in(client, ilse).get("/en/vouching").text
    assert ("&lt;script&gt;" in page, "&lt;b&gt;Ada" in page, "<script>x" in page) == (True, True, False)


def test_the_pages_stay_small_and_are_kept_nowhere(client, ada):
    by_people()
    for path in ("/recover", "/recover/code", "/recover/people", "/recover/sent", link(), link(OLD, "/recover/stop/")):
        answer = client.get(path)
        assert len(answer.data) < 14 * 1024
        assert answer.headers["Cache-Control"] == "no-store"


@pytest.mark.browser
def test_the_pages_fit_a_phone(live, visit):
    with live.world():
        ada = make.person("Ada", OLD)
        water = make.caucus("water")
        make.member(water, ada)
        make.coordinator(water)
        by_people()
        paths = [link(), link(OLD, "/recover/stop/")]
    page = visit("/en/recover", width=PHONE)
    for path in ("/en/recover", "/en/recover/code", "/en/recover/people", "/en/recover/sent", *paths):
        page.goto(live.url + path)
        assert_fits(page)
        assert_accessible(page)
