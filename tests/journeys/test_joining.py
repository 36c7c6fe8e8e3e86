"""Scenario (a): an NGO in Nairobi signs up two people to two caucuses, on a phone without JavaScript, and is let in."""

import time
from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser

from tests.browser import PHONE, assert_fits
from tests.journeys import processes
from tests.journeys.looking import Looker, look
from tests.journeys.processes import House
from tests.journeys.rows import asked
from tests.journeys.visitor import Visitor, caught, link, newest, words

pytestmark = [pytest.mark.journey, pytest.mark.browser]

ACHIENG, PETER = "achieng@mhi.example", "pkamau@webmail.example"
NGO = "Mwangaza Haki Initiative"
VOUCHER = "Kenya Human Rights Desk, Njeri Wanjiru"
THIS_CLOSE = 60 * 1024  # bytes: the whole sign-up


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    """The demo world, as the first `make run` makes it."""
    instance = tmp_path_factory.mktemp("joining") / "instance"
    with processes.demo(instance) as house:
        yield house


def test_two_people_sign_up_by_phone_confirm_and_are_let_in(chromium: Browser, house: House) -> None:
    phone = look(chromium, house, js=False, width=PHONE)
    choose(phone)
    say_who(phone)
    name_people(phone)
    send(phone)
    assert phone.weight <= THIS_CLOSE
    letters = {address: newest(house, address, "Confirm") for address in (ACHIENG,)}
    letters[PETER] = newest(house, PETER)
    tell_apart(letters)
    confirm(phone, house, letters[ACHIENG])
    keep_consent(house)
    desk = look(chromium, house, js=False)
    let_in(desk, house)
    welcome(house)
    assert not phone.foreign
    assert not desk.foreign


def choose(phone: Looker) -> None:
    """Home, the caucus, the ticks."""
    phone.go("/")
    phone.picture("a-1-home")
    phone.press("Victims’ Rights Working Group")
    phone.picture("a-2-caucus")
    assert_fits(phone.page)
    phone.press("Ask to join")
    assert phone.page.is_checked("input[value=vrwg]")
    assert phone.page.locator("input[value=wigj]").count() == 0  # joins on its own site
    phone.page.check("input[value=children]")
    phone.picture("a-3-which")
    assert "at most two letters until it restarts" in phone.says()
    phone.press("Continue")


def say_who(phone: Looker) -> None:
    """The organisation; nothing is listed back."""
    phone.page.fill("[name=ngo_name]", NGO)
    phone.page.fill("[name=acronym]", "MHI")
    phone.page.select_option("[name=country_code]", "KE")
    phone.page.fill("[name=vouchers]", VOUCHER)
    phone.picture("a-4-who")
    phone.press("Continue")


def name_people(phone: Looker) -> None:
    """Herself and a colleague; on the way Back and forth again."""
    page = phone.page
    page.fill("[name=people-0-name]", "Achieng Odera")
    page.fill("[name=people-0-title]", "Programme officer")
    page.fill("[name=people-0-address]", ACHIENG)
    phone.press("+ Add a colleague")
    page.fill("[name=people-1-name]", "Peter Kamau")
    page.fill("[name=people-1-address]", PETER)
    page.select_option("[name=people-1-language]", "fr")
    page.check("[name=authorised]")
    page.check("[name=naming_policy]")
    phone.picture("a-5-people")
    assert page.input_value("[name=people-0-zone]") == "Africa/Nairobi"
    phone.press("Back")
    assert page.input_value("[name=ngo_name]") == NGO
    phone.press("Continue")
    assert page.input_value("[name=people-1-address]") == PETER
    assert page.input_value("[name=people-1-language]") == "fr"
    assert page.is_checked("[name=authorised]")
    phone.press("Continue")


def send(phone: Looker) -> None:
    """Check, the browser's own Back and forth, and send."""
    phone.picture("a-6-check")
    assert_fits(phone.page)
    for word in (NGO, "MHI", "Kenya", VOUCHER, ACHIENG, PETER, "Nairobi"):
        assert word in phone.says()
    phone.page.go_back()
    assert phone.page.input_value("[name=people-0-name]") == "Achieng Odera"
    phone.press("Continue")
    time.sleep(2)  # quicker than any person types, the house takes it for a machine
    phone.press("Send, and write to 2 addresses")
    phone.picture("a-7-sent")
    assert "we write a letter to each address in it" in phone.says()


def tell_apart(letters: dict[str, Any]) -> None:
    """Each in its own language, to one person alone, and nothing in it that was typed."""
    assert letters[ACHIENG]["Subject"] == "Confirm: Victims’ Rights Working Group (and 1 more)"
    assert letters[PETER]["Subject"].startswith("À confirmer")
    assert "You " not in words(letters[PETER])
    for address, other in ((ACHIENG, PETER), (PETER, ACHIENG)):
        whole = letters[address].as_string() + words(letters[address])
        for typed in (other, NGO, "MHI", "Achieng Odera", "Peter", "Programme officer", VOUCHER):
            assert typed not in whole, typed
        assert [to.addr_spec for to in letters[address]["To"].addresses] == [address]


def confirm(phone: Looker, house: House, letter: Any) -> None:
    """A scanner opens the link three times and changes nothing; she presses the button."""
    address = link(letter, "/join/confirm/")
    states = "SELECT state, count(*) FROM applicants WHERE address_key IN (?, ?) GROUP BY state"
    for _number in range(3):
        assert Visitor(house).get(address).status == 200
    assert asked(house, states, ACHIENG, PETER) == [("unconfirmed", 2)]
    phone.go(address)
    phone.picture("a-8-confirm")
    assert phone.page.locator("main input[type=checkbox]:checked").count() == 2
    phone.press("Confirm")
    phone.picture("a-9-status")
    assert "It waits for the secretariat." in phone.says()
    assert "Interest noted" in phone.says()
    assert "has not confirmed yet" in phone.says()
    assert sorted(asked(house, states, ACHIENG, PETER)) == [("confirmed", 1), ("unconfirmed", 1)]


def keep_consent(house: House) -> None:
    """One row for each caucus: whose, to which text, when."""
    rows = asked(
        house,
        "SELECT caucuses.slug, consent_texts.version, consent_texts.language, asked_at, given_at FROM consents "
        "JOIN caucuses ON caucuses.id = caucus_id JOIN people ON people.id = person_id "
        "JOIN consent_texts ON fingerprint = text_fingerprint WHERE people.address_key = ? ORDER BY slug",
        ACHIENG,
    )
    assert [row[0] for row in rows] == ["children", "vrwg"]
    for _slug, version, language, when_asked, when_given in rows:
        assert version
        assert language == "en"
        assert when_asked < when_given


def let_in(desk: Looker, house: House) -> None:
    """Noor finds it beside the organisation it resembles, and links the two."""
    desk.sign_in("noor@secretariat.example")
    desk.picture("a-10-staff")
    desk.go("/staff/queue")
    desk.picture("a-11-queue")
    while not desk.page.locator(f'main a:has-text("{NGO}")').count():
        with desk.page.expect_navigation():  # or the old page is looked at once more
            desk.press("Next")
    desk.press(NGO)
    desk.picture("a-12-application")
    alike = desk.page.inner_text("section[aria-labelledby=alike]")
    assert NGO in alike
    assert "Kenya" in alike
    assert VOUCHER in desk.says()
    desk.page.check(f'label:has-text("as people of {NGO}") input')
    desk.page.fill("[name=how]", "The national coalition vouched for them on the phone.")
    desk.press("Approve and write to them")
    desk.picture("a-13-approved")
    before = asked(house, "SELECT count(*) FROM ngos WHERE name = ?", NGO)
    assert before == [(1,)]  # linked, not made a second time


def welcome(house: House) -> None:
    """She is told; the one who has not confirmed is told nothing; the journal knows who and why."""
    letter = newest(house, ACHIENG, "You are in")
    assert "Victims’ Rights Working Group" in words(letter)
    assert [one.message["Subject"] for one in caught(house) if PETER in one.recipients][1:] == []
    entry = "SELECT reason, people.name FROM audit_entries JOIN people ON people.id = by_id WHERE verb = ?"
    assert ("The national coalition vouched for them on the phone.", "Noor Bakker") in asked(
        house, entry, "application.approved"
    )
