"""Scenario (b): a strategy meeting in The Hague, from a blank sheet to the last letter, and out of it again."""

import os
import re
import signal
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from playwright.sync_api import Browser

from tests.browser import PHONE
from tests.journeys import processes
from tests.journeys.looking import Looker, look
from tests.journeys.processes import House, until
from tests.journeys.right_letters import alone, every_letter, one_click
from tests.journeys.rows import asked, do, let_go, now
from tests.journeys.visitor import caught, link, newest, words
from tests.sink import Caught

pytestmark = [pytest.mark.journey, pytest.mark.browser]

ILSE = "ilse@victims-desk.example"
PURPOSE = "We agree on our three asks before the plenary opens."
BUT = "Nous nous accordons sur nos trois demandes avant la plénière."
IN_ALL = 240  # seconds in which some hundred letters surely leave


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    """The demo world, as the first `make run` makes it."""
    instance = tmp_path_factory.mktemp("announcing") / "instance"
    with processes.demo(instance) as house:
        yield house


def test_a_meeting_is_announced_and_each_member_gets_one_right_letter(chromium: Browser, house: House) -> None:
    desk = look(chromium, house, js=True)
    desk.sign_in(ILSE)
    write(desk, "Strategy meeting")
    people = check(desk)
    preview(desk)
    try_out(desk, house, "Strategy meeting")
    confirm(desk, people)
    desk.press("Undo: take it back")
    assert "Nothing was sent; it is a draft again" in desk.says()
    desk.press("Go on: send to")
    confirm(desk, people)
    desk.picture("b-7-held")
    assert copies(house) == []
    let_go(house)  # the two minutes are not waited for: their end is moved
    watched(desk, people)
    letters = copies(house)
    exactly_once(house, letters, people)
    letters = open_ones(house, letters)
    every_letter(letters)
    each_in_their_language(house, letters)
    leaver, stayer = alone(letters)[:2]
    my_page(chromium, house, stayer)
    one_click(leaver)
    again_without_the_leaver(chromium, house, leaver, people)
    assert not desk.foreign


def test_while_the_mail_server_is_down_copies_wait_and_then_leave_once(chromium: Browser, house: House) -> None:
    desk = look(chromium, house, js=False)
    desk.sign_in(ILSE)
    write(desk, "Room change")
    people = check(desk)
    try_out(desk, house, "Room change")
    confirm(desk, people)
    with no_mail_server(house):
        let_go(house)
        until(lambda: "relay cannot be reached" in reloaded(desk), "the page says why they wait", 120)
        desk.picture("b-12-relay-down")
        assert "Nothing is lost" in desk.says()
        assert copies(house) == []
    do(house, "UPDATE deliveries SET due_at = ? WHERE state IN ('queued', 'deferred')", now())  # a minute later
    watched(desk, people)
    exactly_once(house, copies(house), people)


@contextmanager
def no_mail_server(house: House) -> Iterator[None]:
    """The relay is gone; the supervisor, which would start it again at once, sleeps meanwhile."""
    os.kill(house.process.pid, signal.SIGSTOP)
    try:
        os.kill(house.child("caucusmail.mailbox"), signal.SIGKILL)
        yield
    finally:
        os.kill(house.process.pid, signal.SIGCONT)


def reloaded(desk: Looker) -> str:
    desk.page.reload()
    return desk.says()


def copies(house: House) -> list[Caught]:
    """The letters of the newest announcement that have come, without its test letters."""
    ((number,),) = asked(house, "SELECT message_id FROM announcements ORDER BY id DESC LIMIT 1")
    return [one for one in caught(house) if f".{number}." in one.message["Message-ID"]]


def open_ones(house: House, letters: list[Caught]) -> list[Caught]:
    """Those that say what they are about; the others went to whoever asked for letters that say nothing."""
    found = [one for one in letters if "[VRWG]" in one.message["Subject"]]
    discreet = {row[0] for row in asked(house, "SELECT address FROM people WHERE discreet")}
    silent = [one for one in letters if one not in found]
    assert silent
    assert {one.recipients[0] for one in silent} <= discreet
    assert not [one for one in silent if b"VRWG" in one.raw or b"Victims" in one.raw]
    return found


def write(desk: Looker, title: str) -> None:
    """A blank sheet, filled in."""
    page = desk.page
    desk.go("/en/compose")
    desk.press("Write a new announcement")
    page.locator("[name=caucus_id]").first.check()
    desk.press("Begin")
    page.fill("[name=subject_en]", title)
    page.fill("[name=body_en]", PURPOSE)
    page.select_option("[name=add]", "fr")
    desk.press("Add it")
    page.fill("[name=subject_fr]", f"Réunion stratégique ({title})")
    page.fill("[name=body_fr]", BUT)
    page.fill("[name=day]", "2027-11-30")
    page.fill("[name=starts]", "08:15")
    page.fill("[name=ends]", "09:15")
    page.select_option("[name=venue_id]", label="World Forum, The Hague")
    page.fill("[name=room_by]", "2027-11-26")
    desk.picture("b-1-write")
    desk.press("Save and check")


def check(desk: Looker) -> int:
    """What it says before anything leaves; how many people it names."""
    desk.picture("b-2-check")
    said = desk.says()
    assert "starts before the badge desk opens, at 09:00" in said
    assert "room to be confirmed by Fri 26 Nov 2027" in said
    assert "Left out: " in said
    found = re.search(
        r"([\d,]+) people get this now: \d+ organisations in \d+ countries and \d+ individual experts", said
    )
    assert found, said
    return int(found[1].replace(",", ""))


def preview(desk: Looker) -> None:
    """As one of those who get it, in their language and on their clock."""
    desk.press("See how it looks")
    desk.page.fill("[name=find]", "Rosa")
    desk.press("Find")
    desk.picture("b-3-preview-find")
    desk.press("Rosa Quispe")
    desk.picture("b-4-preview-person")
    assert "As Rosa Quispe gets it." in desk.says()
    assert "02:15–03:15 in Lima (your time)" in desk.says() or "02:15–03:15 in New York" in desk.says()
    desk.press("French")
    assert BUT in desk.says()
    desk.press("Go on to check")


def try_out(desk: Looker, house: House, title: str) -> None:
    """A letter to herself in each language, each as its readers will get it."""
    assert desk.page.locator('main a:has-text("Go on: send to")').count() == 0
    desk.press("Send a test letter to me")
    english, french = newest(house, ILSE, title), newest(house, ILSE, f"({title})")
    assert "TEST: only you got this letter." in words(english)
    assert BUT in words(french)
    assert "Tuesday" not in words(french)
    desk.press("Go on: send to")


def confirm(desk: Looker, people: int) -> None:
    """A wrong short name is refused, the right one holds the copies."""
    desk.page.fill("[name=typed]", "FENICC")
    desk.press("Confirm:")
    assert desk.page.locator("main .error").count()
    desk.picture("b-5-wrong-name")
    desk.page.fill("[name=typed]", "VRWG")
    desk.press(f"Confirm: {people} people get it")
    assert "Held. You can take it back for" in desk.says()


def watched(desk: Looker, people: int) -> None:
    """The page of its numbers, until all are accepted."""
    if desk.page.locator(".counts").count():
        desk.picture("b-8-leaving")
    until(lambda: "Done on" in (desk.says() if desk.live else reloaded(desk)), "all copies have left", IN_ALL)
    desk.picture("b-9-sent")
    assert re.search(rf"Accepted\s+{people}\s", desk.says()), desk.says()


def exactly_once(house: House, letters: list[Caught], people: int) -> None:
    """One envelope for each person, as many as the page says, and as the ledger."""
    envelopes = Counter(address for letter in letters for address in letter.recipients)
    assert len(letters) == people
    owed = "SELECT address FROM deliveries WHERE message_id = (SELECT message_id FROM announcements ORDER BY id DESC LIMIT 1)"
    assert envelopes == Counter(row[0] for row in asked(house, owed))
    assert len({letter.message["Message-ID"] for letter in letters}) == people
    assert len({letter.sender for letter in letters}) == people


def each_in_their_language(house: House, letters: list[Caught]) -> None:
    """French for those who ask for it, with the clocks of both seats, UTC and their own."""
    tongues = dict(
        asked(
            house, "SELECT address, languages FROM people WHERE languages LIKE '[\"fr\"%' OR languages LIKE '[\"en\"%'"
        )
    )
    seen = Counter()
    for letter in letters:
        tongue = tongues.get(letter.recipients[0], "")[2:4]
        if tongue:
            seen[tongue] += 1
            assert (BUT if tongue == "fr" else PURPOSE) in letter.text
            assert ("mardi 30 novembre 2027" if tongue == "fr" else "Tuesday 30 November 2027") in letter.text
        for clock in ("08:15", "02:15", "07:15"):
            assert clock in letter.text
    assert min(seen["en"], seen["fr"]) > 50
    nairobi = [row[0] for row in asked(house, "SELECT address FROM people WHERE zone = 'Africa/Nairobi'")]
    ours = [letter for letter in letters if letter.recipients[0] in nairobi]
    assert ours
    assert all("10:15" in letter.text for letter in ours)


def again_without_the_leaver(chromium: Browser, house: House, letter: Caught, people: int) -> None:
    """The next one is written without JavaScript, and does not reach who has left."""
    desk = look(chromium, house, js=False, width=PHONE)
    desk.sign_in(ILSE)
    write(desk, "Second meeting")
    assert check(desk) == people - 1
    try_out(desk, house, "Second meeting")
    confirm(desk, people - 1)
    let_go(house)
    watched(desk, people - 1)
    letters = copies(house)
    exactly_once(house, letters, people - 1)
    assert letter.recipients[0] not in [one.recipients[0] for one in letters]
    assert not desk.foreign


def my_page(chromium: Browser, house: House, letter: Caught) -> None:
    """The footer's link: see, pause, take it back, leave, take it back."""
    phone = look(chromium, house, js=False, width=PHONE)
    phone.go(link(letter.message, "/my/").replace("/fr/", "/en/"))
    phone.picture("b-10-my-page")
    phone.page.click("#vrwg a:has-text('Pause')")
    phone.page.fill("[name=back]", "2027-02-01")
    phone.page.click("main button.primary")
    assert "Paused until" in phone.page.inner_text("#vrwg")
    phone.press("Undo")
    assert "Active" in phone.page.inner_text("#vrwg")
    phone.page.click("#vrwg a.danger")
    phone.page.click("main button.danger")
    phone.picture("b-11-left")
    assert "You have left" in phone.says()
    phone.press("Go back")
    assert "Active" in phone.page.inner_text("#vrwg")
    assert not phone.foreign
