"""A person's own addresses, as pages."""

import re
from datetime import timedelta

import pytest
import time_machine

from caucusmail import clock
from caucusmail.accounts import addressing, queries
from caucusmail.accounts.models import AskedAddress
from caucusmail.database import transaction
from tests import letters, make
from tests.door import let_in

OLD, NEW, PAGE = "ada@old.example", "ada@new.example", "/en/account/addresses"


@pytest.fixture
def ada():
    caucus = make.caucus("water")
    return make.member(caucus, make.person("Ada", OLD), make.group(caucus))


@pytest.fixture
def page(client, ada):
    return let_in(client, ada)


def test_she_changes_her_address_from_her_own_page(page, ada):
    assert "/account/addresses" in page.get("/en/me").text
    assert OLD in page.get(PAGE).text
    asked = page.post(PAGE, data={"address": NEW, "use": "instead"}, follow_redirects=True)
    assert f"on its way to {NEW}" in asked.text
    assert (NEW in page.get(PAGE).text, ada.address) == (True, OLD)
    path = letters.link(letters.to(NEW)[0], "/address/")
    shown = page.get(path)
    assert (shown.status_code, ada.address, OLD in shown.text, "a***@old.example" in shown.text) == (
        200,
        OLD,
        False,
        True,
    )
    assert "The address is yours" in page.post(path).text
    assert ada.address == NEW
    assert page.post(path).status_code == 404


def test_the_page_says_which_address_cannot_take_a_change_back_yet(page, ada):
    says = "each can take the change back, but not one that was added less than 14 days ago."
    assert f"{says}</p>" in page.get(PAGE).text
    page.post(PAGE, data={"address": NEW, "use": "beside"})
    page.post(letters.link(letters.to(NEW)[0], "/address/"))
    assert f"{says} Not yet: {NEW}.</p>" in page.get(PAGE).text
    with time_machine.travel(clock.now() + addressing.WAY_BACK + timedelta(hours=1)):
        page = let_in(page, ada)
        assert f"{says}</p>" in page.get(PAGE).text


def test_the_answer_is_the_same_whether_the_address_is_known(page, stopped_clock):
    make.person("Ben", "ben@x.example")
    told = [
        page.post(PAGE, data={"address": address, "use": "instead"}, follow_redirects=True).text
        for address in ("ben@x.example", "eve@x.example")
    ]
    shown = [re.sub(r"(ben|eve)@x\.example|asked/\d+", "", one.partition("<h2>")[0]) for one in told]
    assert shown[0] == shown[1]


def test_what_was_typed_is_kept_beside_its_refusal(page):
    answer = page.post(PAGE, data={"address": "ada@", "use": "beside"})
    assert (answer.status_code, 'value="ada@"' in answer.text) == (422, True)
    assert re.search(r'value="beside"[^>]*checked|checked[^>]*value="beside"', answer.text)
    assert make.rows(AskedAddress) == []


def test_she_does_without_an_address_that_waits(page):
    page.post(PAGE, data={"address": NEW, "use": "beside"})
    (asked,) = make.rows(AskedAddress)
    assert page.post(f"{PAGE}/asked/{asked.id}/withdraw").status_code == 303
    assert page.get(letters.link(letters.to(NEW)[0], "/address/")).status_code == 404
    assert page.post(f"{PAGE}/asked/{asked.id}/withdraw").status_code == 404


def test_the_old_mailbox_takes_it_back_and_signs_her_out(page, ada, app):
    page.post(PAGE, data={"address": NEW, "use": "instead"})
    page.post(letters.link(letters.to(NEW)[0], "/address/"))
    path, other = letters.link(letters.to(OLD)[0], "/address/back/"), app.test_client()
    assert "Put it back" in other.get(path).text
    assert ada.address == NEW
    assert "a***@old.example" in other.post(path).text
    assert ada.address == OLD
    assert "Taken back" in other.get(path).text
    assert page.get(PAGE).status_code == 303


def test_further_addresses_are_made_the_main_one_removed_and_got_back(page, ada):
    page.post(PAGE, data={"address": NEW, "use": "beside"})
    page.post(letters.link(letters.to(NEW)[0], "/address/"))
    (further,) = queries.further_addresses(ada)
    said = page.post(f"{PAGE}/{further.id}/main", follow_redirects=True).text
    assert (ada.address, f"go to {NEW}" in said) == (NEW, True)
    page.post(re.search(r'action="([^"]*take-back/\d+)"', said)[1])
    assert addressing.all_of(ada) == [OLD, NEW]
    said = page.post(f"{PAGE}/{further.id}/remove", follow_redirects=True).text
    assert addressing.all_of(ada) == [OLD]
    undo = re.search(r'action="([^"]*take-back/\d+)"', said)[1]
    assert "Taken back" in page.post(undo, follow_redirects=True).text
    assert "before" in page.post(undo, follow_redirects=True).text
    assert addressing.all_of(ada) == [OLD, NEW]


def test_all_of_it_asks_for_a_fresh_proof(page, ada):
    with time_machine.travel(clock.now() + timedelta(minutes=16), tick=False):
        for path in (PAGE, f"{PAGE}/1/main", f"{PAGE}/1/remove", f"{PAGE}/take-back/1", f"{PAGE}/asked/1/withdraw"):
            answer = page.get(path) if path == PAGE else page.post(path)
            assert (answer.status_code, "why=proof" in answer.location) == (303, True), path


def test_others_addresses_are_not_there(page):
    ben = make.person("Ben")
    with transaction():
        asked = addressing.ask(ben, "ben@x.example", instead=False)
    with transaction():
        change = addressing.confirm(asked)
    (further,) = queries.further_addresses(ben)
    for path in (f"{further.id}/main", f"{further.id}/remove", f"take-back/{change.id}", f"asked/{asked.id}/withdraw"):
        assert page.post(f"{PAGE}/{path}").status_code == 404
    assert len(queries.further_addresses(ben)) == 1


def test_she_chooses_an_address_for_a_caucus_and_takes_that_back(page, ada):
    page.post(PAGE, data={"address": NEW, "use": "beside"})
    page.post(letters.link(letters.to(NEW)[0], "/address/"))
    (further,) = queries.further_addresses(ada)
    choice = f"{PAGE}/caucuses/water"
    said = page.post(f"{choice}/{further.id}", follow_redirects=True).text
    assert f"go to {NEW} from now on" in said
    assert f"{choice}/0" in page.get(PAGE).text
    page.post(f"{choice}/0")
    assert f"{choice}/0" not in page.get(PAGE).text
    assert page.post(f"{choice}/987654").status_code == page.post(f"{PAGE}/caucuses/peace/0").status_code == 404
