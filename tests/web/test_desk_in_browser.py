"""Scenario (b), first half, in Chromium: with JavaScript and without, on a phone and at a desk; hostile text stays dead."""

from typing import Any

import pytest

from caucusmail.announcements import leaving
from caucusmail.announcements.models import Announcement, AnnouncementState
from caucusmail.database import db, transaction
from caucusmail.delivery.models import Delivery
from caucusmail.meetings import founding
from tests import make
from tests.browser import assert_accessible, assert_fits, screenshot
from tests.entering import cookie

pytestmark = pytest.mark.browser


@pytest.fixture
def desk(live: Any, visit: Any) -> Any:
    """Open a page of the live site as the coordinator of a caucus with three members."""
    with live.world():
        with transaction():
            founding.found()
        vrwg = make.caucus("vrwg", tag="VRWG", names={"en": "Victims’ Rights Working Group"})
        group = make.group(vrwg)
        for name in ("Achieng Odera", "Rosa Quispe", "Peter Kamau"):
            make.member(vrwg, make.person(name), group)
        ilse = make.coordinator(vrwg, make.person("Ilse de Graaf", zone="Europe/Amsterdam"))
        crumb = cookie(live.app, ilse, live.url)

    def open_at(path: str, **more: Any) -> Any:
        page = visit("/help", **more)
        page.context.add_cookies([crumb])
        page.goto(f"{live.url}/en{path}")
        return page

    return open_at


def looks_right(page: Any, name: str, js: bool = True) -> None:
    screenshot(page, name)
    assert_fits(page)
    if js:  # axe-core is a script itself
        assert_accessible(page)


def write(page: Any, title: str = "Strategy meeting", body: str = "Come and *plan* with us.") -> None:
    page.get_by_role("link", name="Write a new announcement").click()
    page.get_by_role("button", name="Begin").click()
    page.fill("#subject_en", title)
    page.fill("#body_en", body)
    page.fill("#day", "2027-11-30")
    page.fill("#starts", "08:15")
    page.fill("#ends", "09:15")
    page.select_option("#venue_id", label="World Forum, The Hague")
    page.get_by_role("button", name="Fill in what we know of it").click()


@pytest.mark.parametrize("js", [True, False], ids=["with-javascript", "without"])
@pytest.mark.parametrize("width", [360, 1280])
def test_a_coordinator_announces_a_meeting(desk, live, js, width):
    page = desk("/compose", js=js, width=width)
    name = f"desk-{width}-{'js' if js else 'plain'}"
    write(page)
    assert page.input_value("#city") == "The Hague"
    page.fill("#room_by", "2027-11-26")
    looks_right(page, f"{name}-write", js)
    page.get_by_role("button", name="Save and check").click()
    page.get_by_text("3 people get this now").wait_for()
    looks_right(page, f"{name}-check", js)
    page.get_by_role("link", name="See how it looks").click()
    page.get_by_role("link", name="Formatted").click()
    frame = page.frame_locator("iframe")
    assert "Strategy meeting" in frame.locator("body").inner_text()
    looks_right(page, f"{name}-preview", js)
    page.get_by_role("link", name="Go on to check").click()
    page.get_by_role("button", name="Send a test letter to me").click()
    page.get_by_role("link", name="Go on: send to 3 people").click()
    page.fill("#typed", "VRWG")
    looks_right(page, f"{name}-confirm", js)
    page.get_by_role("button", name="Confirm: 3 people get it").click()
    page.get_by_text("Held. You can take it back for").wait_for()
    looks_right(page, f"{name}-held", js)
    page.get_by_role("button", name="Undo: take it back").click()
    page.get_by_text("Taken back. Nothing was sent").wait_for()


def test_the_seconds_count_down_and_the_page_moves_on_by_itself(desk, live):
    page = desk("/compose")
    write(page)
    page.get_by_role("button", name="Save and check").click()
    page.get_by_role("button", name="Send a test letter to me").click()
    page.get_by_role("link", name="Go on: send to 3 people").click()
    page.fill("#typed", "VRWG")
    page.get_by_role("button", name="Confirm: 3 people get it").click()
    first = int(page.locator("[data-left]").inner_text())
    page.wait_for_timeout(2500)
    assert int(page.locator("[data-left]").inner_text()) < first
    with live.world(), transaction():
        one = db.session.query(Announcement).one()
        one.release_at = one.confirmed_at
        for copy in db.session.query(Delivery):  # as confirming at that moment would have made them due
            copy.due_at = one.release_at
        db.session.flush()
        leaving.send_due()
    page.get_by_text("of 3 copies are dealt with").wait_for(timeout=15_000)
    looks_right(page, "desk-1280-progress")
    with live.world(), transaction():
        db.session.query(Announcement).one().state = AnnouncementState.SENT
    page.get_by_text("Done on").wait_for(timeout=15_000)
    page.wait_for_timeout(4000)
    assert page.locator("[data-live]").get_attribute("data-live") == ""


def test_the_page_moves_on_while_a_button_of_it_has_the_focus(desk, live):
    page = desk("/compose")
    write(page)
    page.get_by_role("button", name="Save and check").click()
    page.get_by_role("button", name="Send a test letter to me").click()
    page.get_by_role("link", name="Go on: send to 3 people").click()
    page.fill("#typed", "VRWG")
    page.get_by_role("button", name="Confirm: 3 people get it").click()
    page.get_by_role("button", name="Undo: take it back").focus()
    page.evaluate("document.querySelector('[data-live]').dataset.old = 'yes'")
    page.locator("[data-live]:not([data-old])").wait_for(timeout=15_000)
    assert page.evaluate("document.activeElement.textContent") == "Undo: take it back"


def test_hostile_text_makes_no_live_node(desk, corpora):
    payloads = [
        line for line in (corpora / "xss" / "payloads.txt").read_text(errors="replace").splitlines() if line.strip()
    ][:400]
    page = desk("/compose")
    dialogs: list[str] = []
    page.on("dialog", lambda dialog: (dialogs.append(dialog.message), dialog.dismiss()))
    write(page, "<img src=x onerror=alert(1)>", "\n\n".join(payloads)[:50_000])
    edit = page.url.partition("#")[0]
    page.fill("#room", "<svg onload=alert(1)>")
    page.get_by_role("button", name="Save and check").click()
    for path in ("", "/check", "/preview", "/preview?dress=html", "/letter", "/audience"):
        page.goto(edit + path)
        live_nodes = page.evaluate(
            """() => [...document.querySelectorAll('*')].filter(node =>
                 (node.tagName === 'SCRIPT' && !node.src) || ['IMG', 'SVG', 'OBJECT', 'EMBED', 'MATH', 'VIDEO', 'AUDIO'].includes(node.tagName.toUpperCase())
                 || [...node.attributes].some(one => one.name.startsWith('on') || /^\\s*(javascript|data|vbscript):/i.test(one.value) && one.name === 'href' && node.tagName === 'A')
               ).map(node => node.outerHTML.slice(0, 120))"""
        )
        assert live_nodes == [], path
    assert dialogs == []
