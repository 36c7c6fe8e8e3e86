"""Scenario (c), by phone: Rosa hands her seat over, moves on; Carmen has it, pauses, changes address, leaves, is erased."""

import json
import zipfile
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser

from caucusmail import clock
from tests.journeys import processes
from tests.journeys.looking import look
from tests.journeys.phone import Phone, phone
from tests.journeys.processes import House
from tests.journeys.right_letters import one_click
from tests.journeys.rows import asked
from tests.journeys.telling import tell
from tests.journeys.visitor import caught, link, words

pytestmark = [pytest.mark.journey, pytest.mark.browser]

ILSE, LUCIA = "ilse@victims-desk.example", "lucia@justicia-andina.pe.example"
ROSA, CARMEN, NEW = "rosa@justicia-andina.pe.example", "carmen@justicia-andina.pe.example", "cvega@post.example"
ANDINA, RED = "Justicia Andina", "Red Víctimas"
VRWG, UJ, FENICC, NETWORK = (
    "Victims’ Rights Working Group",
    "Universal Jurisdiction Caucus",
    "Faith and Ethics Network for the ICC",
    "Regional network: Americas",
)


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    """The demo world, as the first `make run` makes it."""
    instance = tmp_path_factory.mktemp("moving") / "instance"
    with processes.demo(instance) as house:
        yield house


def test_somebody_moves_on_and_the_seat_goes_on_with_a_successor(chromium: Browser, house: House) -> None:
    desk = look(chromium, house, js=False)
    desk.sign_in(ILSE)
    told = dict(caucus=VRWG, short="VRWG", region="Americas")
    tell(desk, house, ILSE, "Before the session", **told)
    rosa, carmen = (phone(chromium, house, address) for address in (ROSA, CARMEN))
    manage(rosa)
    hand_over(rosa)
    say_yes(carmen, rosa)
    move(rosa, phone(chromium, house, LUCIA))
    tell(desk, house, ILSE, "During the session", **told)
    assert reached(house, "During the session") >= {CARMEN, LUCIA}
    assert ROSA not in reached(house, "During the session")
    read_and_pause(carmen)
    leave_one(carmen)
    change_address(carmen)
    leave_by_the_letter(carmen, house)
    read_my_data(carmen)
    erase(carmen, house)
    for one in (rosa, carmen, desk):
        assert not one.foreign


def reached(house: House, subject: str) -> set[str]:
    return {address for one in caught(house, subject) for address in one.recipients}


def manage(rosa: Phone) -> None:
    """The footer's link shows her caucuses; more asks who she is."""
    rosa.go(link(rosa.post("Before the session"), "/my/"))
    rosa.see("c-1-my-page", VRWG, UJ, FENICC, "Active", "Dormant", "Who sees you here", "Español, English")
    rosa.tap("Sign in")
    rosa.see("c-2-sign-in", "Send me a sign-in letter")
    rosa.sign_in(ROSA)
    rosa.see("c-3-my-own-page", "Hand my seats to somebody else", "I am changing organisation")


def hand_over(rosa: Phone) -> None:
    """Two seats go to a colleague, who may say no; the others stay hers for the moment."""
    rosa.tap("I am changing organisation")
    rosa.see("c-4-moving", "These admit organisations only, so they end for you:", NETWORK)
    rosa.tap("Hand my seats to somebody else")
    rosa.see("c-5-hand-over", "it can be taken back for 30 days")
    rosa.page.fill("[name=name]", "Carmen Vega")
    rosa.page.fill("[name=address]", CARMEN)
    for name in (UJ, NETWORK):
        rosa.page.get_by_label(name).uncheck()
    rosa.tap("Write to them")
    rosa.see("c-6-offered", "We wrote to Carmen Vega. The seats stay where they are until they say yes.", "Undo")


def say_yes(carmen: Phone, rosa: Phone) -> None:
    """She sees what she would take over, and takes it; both are told."""
    carmen.go(link(carmen.post(f"{ANDINA} asks you to take over"), "/hand-over/"))
    carmen.see("c-7-asked", "in place of Rosa Quispe", VRWG, FENICC, "By saying yes you agree:")
    carmen.tap("Yes, I take them over")
    carmen.see("c-8-yours", f"You speak for {ANDINA} now")
    carmen.go(link(carmen.post("You speak for"), "/my/"))
    carmen.see("c-9-her-page", VRWG, FENICC, f"You are here for {ANDINA}.")
    letter = words(rosa.post("Your seats have gone to Carmen Vega"))
    assert "take it back within 30 days" in letter
    assert "Your other seats stay yours." in letter


def move(rosa: Phone, lucia: Phone) -> None:
    """One caucus she keeps as an individual; what admits organisations only ends. Her organisation is asked who follows."""
    rosa.go("/en/me")
    rosa.see("c-10-two-are-left", UJ, NETWORK)
    assert VRWG not in rosa.says()
    rosa.tap("I am changing organisation")
    rosa.page.get_by_label(UJ).check()
    rosa.page.fill("[name=to]", RED)
    rosa.see("c-11-choose", NETWORK)
    rosa.tap(f"Leave {ANDINA}")
    rosa.see("c-12-moved", f"You no longer represent {ANDINA}.", UJ, "You are here as an individual expert.", "Undo")
    letter = words(rosa.post(f"You have left {ANDINA}"))
    assert RED in letter
    assert "take it back within 30 days" in letter
    follows = words(lucia.post("Rosa Quispe no longer represents"))
    assert NETWORK in follows
    lucia.sign_in(LUCIA)
    lucia.go(link(lucia.post("Who follows?"), "/organisations/"))
    lucia.see("c-13-who-follows", "Carmen Vega", NETWORK)


def read_and_pause(carmen: Phone) -> None:
    """The letter is hers; from its footer she pauses, but for what is urgent of a meeting she comes to."""
    letter = carmen.post("During the session")
    assert "because you are on the email group “Victims’ Rights Working Group”" in words(letter)
    carmen.go(link(letter, "/my/"))
    carmen.see("c-14-from-the-footer")
    carmen.page.click("#vrwg a:has-text('Pause')")
    carmen.see("c-15-pause", "But tell me when a meeting that I said I come to is cancelled or moved")
    carmen.page.fill("[name=back]", f"{clock.now().year + 1}-01-31")
    carmen.tap("Pause my letters")
    carmen.see("c-16-paused", "Paused until", "Undo")


def leave_one(carmen: Phone) -> None:
    """By the letter's link and by her page, two taps each without signing in; a receipt, and a way back."""
    carmen.go(link(carmen.post("During the session"), "/leave/"))
    carmen.see("c-17-leave-by-the-letter", "The letter came to you because you are in:", VRWG, "You stay in:", FENICC)
    carmen.tap("Leave")
    carmen.see("c-18-left", "You are no longer in:", VRWG, "That was a mistake: take it back", "Leave everything")
    carmen.tap("Your own page shows what you are in")
    carmen.see("c-19-from-the-letter", "Left lately", VRWG, FENICC, "Dormant")
    carmen.page.click("#fenicc a.danger")
    carmen.see("c-20-leave", f"Leave {FENICC}?", "You need not say why.")
    carmen.tap(f"Leave {FENICC}")
    carmen.see("c-21-left", f"You have left {FENICC}", "You are in no caucus")
    assert "take it back within 30 days" in words(carmen.post(f"You have left: {FENICC}"))
    carmen.page.click(f'main li:has-text("{VRWG}") button:has-text("Go back")')
    carmen.see("c-22-back-again", VRWG, "Paused until")


def change_address(carmen: Phone) -> None:
    """The new address says yes; the old one is told, and can take it back."""
    carmen.sign_in(CARMEN)
    carmen.tap("Change or add an address")
    carmen.see("c-23-addresses", CARMEN)
    carmen.page.fill("[name=address]", NEW)
    carmen.page.locator("[name=use]").first.check()
    carmen.tap("Write to this address")
    carmen.see("c-24-address-asked", "Waiting for the link in the letter", NEW)
    carmen.address = NEW
    carmen.go(link(carmen.post("Is this your address?"), "/address/"))
    carmen.see("c-25-is-it-yours", NEW, "Caucuses, seats and settings stay as they are.")
    carmen.tap("Yes, it is mine")
    carmen.see("c-26-address-changed", NEW)
    carmen.go("/en/me")
    carmen.see("c-27-all-has-moved", NEW, VRWG, "Paused until")
    carmen.address = CARMEN
    carmen.go(link(carmen.post("Your address was changed"), "/address/back/"))
    carmen.see("c-28-put-back", "Put the address back?")
    carmen.tap("Put it back")
    carmen.see("c-29-is-back", "The addresses are again what they were.", "Every device was signed out")


def leave_by_the_letter(carmen: Phone, house: House) -> None:
    """One click of a mail program leaves what brought the letter and no more; the receipt takes it back."""
    (letter,) = [one for one in caught(house, "During the session") if CARMEN in one.recipients]
    one_click(letter)
    receipt = carmen.post(f"You have left: {VRWG}", 2)
    assert "You are in no caucus any more" in words(receipt)
    carmen.go(link(receipt, "/undo/"))
    carmen.see("c-30-take-back", "Take it back?", VRWG)
    carmen.tap("Take it back")
    carmen.see("c-31-taken-back", "Everything is as it was before.")


def read_my_data(carmen: Phone) -> None:
    """All of it at once; as a file by a page that gives it once."""
    carmen.sign_in(CARMEN)
    carmen.tap("What we know of you")
    carmen.see("c-32-my-data", CARMEN, ANDINA, "Announcements that were sent to you", "During the session")
    carmen.tap("Take it all as a file")
    carmen.see("c-33-a-file", "A ZIP file")
    with carmen.page.expect_download() as file:
        carmen.press("Take the file")
    with zipfile.ZipFile(file.value.path()) as kept:
        names = kept.namelist()
        known = json.loads(kept.read(next(name for name in names if name.endswith(".json"))))
        html = kept.read(next(name for name in names if name.endswith(".html"))).decode()
    assert CARMEN in json.dumps(known)
    assert CARMEN in html
    carmen.tap("Take the file")
    carmen.see("c-34-once-only")


def erase(carmen: Phone, house: House) -> None:
    """What goes, what stays; a fortnight to think again, and then at once."""
    carmen.go("/en/account/data")
    carmen.tap("Erase me")
    carmen.see("c-35-erase", "What goes", "What stays, and why", "What we cannot call back", ANDINA)
    carmen.tap("Erase me")
    carmen.see("c-36-in-a-fortnight", "You will be erased on")
    carmen.tap("Think again")
    carmen.see("c-37-thought-again")
    carmen.go("/en/account/erase")
    carmen.page.check("[name=when][value=now]")
    carmen.page.fill("[name=typed]", CARMEN)
    carmen.tap("Erase me")
    carmen.see("c-38-erased", "You are erased")
    letter = words(carmen.post("You are erased"))
    assert "This is our last letter." in letter
    assert asked(house, "SELECT count(*) FROM people WHERE address_key = ?", CARMEN) == [(0,)]
