"""What coordinator and secretariat see of sending, in Chromium: on a phone and at a desk, in the light and in the dark."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from playwright.sync_api import Page

from caucusmail import clock
from caucusmail.announcements import again
from caucusmail.announcements.again import Which
from caucusmail.audit import heartbeats
from caucusmail.database import transaction
from caucusmail.delivery.models import DeliveryState, OutgoingMessage, Pause, Step
from caucusmail.delivery.retry import Fault
from tests import make
from tests.announcements.gone import gone
from tests.announcements.rooms import Room, copies
from tests.browser import DESK, PHONE, assert_accessible, assert_fits, screenshot
from tests.entering import cookie

pytestmark = pytest.mark.browser
LONG = "Rechtsschutzversicherungsgesellschaftsvertreterversammlung"
ACCEPTED = (DeliveryState.ACCEPTED, {"reply_code": 250, "reply": "2.0.0 OK 1700000000 queued as 4F2A1"})
DEFERRED = (
    DeliveryState.DEFERRED,
    {"reply_code": 451, "reply": "4.7.1 <x@ngo.example>: greylisted, see https://" + "x" * 90},
)
FAILED = (DeliveryState.FAILED, {"note": Fault.ADDRESS.value, "reply_code": 550, "reply": "5.1.1 No such user"})
GAVE_UP = (DeliveryState.FAILED, {"note": Fault.GAVE_UP.value, "reply_code": 452, "reply": "4.2.2 over quota"})
UNCERTAIN = (DeliveryState.UNCERTAIN, {"note": Fault.LOST_ANSWER.value})


@pytest.fixture
def world(live: Any) -> dict[str, Any]:
    """An announcement of which the copies stand in every way, and one that is being tried again."""
    with live.world():
        room = Room(slug="vrwg", tag="VRWG", names={"en": "Victims’ Rights Working Group"})
        for name in ("Ada", "Ben " + LONG, "Chi", "Dora", "Eve", "منظمة حقوق", "Gil", "Hana", "Ivo", "Jun"):
            make.member(room.caucus, make.person(name), room.group)
        kinds = [ACCEPTED] * 3 + [FAILED, GAVE_UP, UNCERTAIN, UNCERTAIN, DEFERRED, DEFERRED]
        sent = gone(room, *kinds, (DeliveryState.WITHDRAWN, {"note": "left"}))
        with transaction():
            for number, row in enumerate(copies(sent)[:5]):
                row.settled_at = clock.now() - timedelta(minutes=17 * number)
            sent.begun_at = clock.now() - timedelta(hours=2)
            heartbeats.beat("relay")
            heartbeats.beat("jobs")
        with transaction():
            uncertain = copies(sent)[5]
            again.take(sent, Step.SEND_AGAIN, "She has not got it", room.by, Which(rows=[uncertain.id]))
        staff = make.secretary(zone="Europe/Amsterdam")
        return {
            "id": sent.id,
            "keeper": cookie(live.app, room.by.person, live.url),
            "staff": cookie(live.app, staff, live.url),
        }


@pytest.fixture
def come(live: Any, visit: Any, world: dict[str, Any]) -> Callable[..., Page]:
    """Open a browser as the keeper or as the secretariat."""

    def opened(who: str, **how: Any) -> Page:
        page: Page = visit("/help", **how)
        page.context.add_cookies([world[who]])
        return page

    return opened


def pages(world: dict[str, Any]) -> dict[str, str]:
    url = f"/compose/{world['id']}"
    lists = {f"list-{name}": f"{url}/progress/{name}" for name in ("deferred", "failed", "uncertain", "queued")}
    return {
        "progress": f"{url}/progress",
        "stop": f"{url}/stop",
        "report": f"{url}/report",
        "promise": "/promise",
    } | lists


@pytest.mark.parametrize(
    ("width", "dark", "language"), [(PHONE, False, "en"), (DESK, True, "en"), (PHONE, True, "fr"), (DESK, False, "fr")]
)
def test_the_pages_fit_and_are_accessible(come, live, world, width, dark, language):
    page = come("keeper", width=width, dark=dark)
    for name, path in pages(world).items():
        page.goto(f"{live.url}/{language}{path}")
        screenshot(page, f"seen-{name}-{width}-{language}")
        assert_accessible(page)
        assert_fits(page)
    page = come("staff", width=width, dark=dark)
    for name, path in {"mail": "/staff/mail", "staff-list": pages(world)["list-failed"]}.items():
        page.goto(f"{live.url}/{language}{path}")
        screenshot(page, f"seen-{name}-{width}-{language}")
        assert_accessible(page)
        assert_fits(page)


def test_without_a_script_a_copy_is_sent_again_and_taken_back_by_keyboard(come, live, world):
    page = come("keeper", js=False)
    page.goto(f"{live.url}/en{pages(world)['list-uncertain']}")
    page.focus("input[name=row]")
    page.keyboard.press("Space")
    page.fill("#reason", "He asked")
    page.focus("button[value=send-again]")
    page.keyboard.press("Enter")
    page.wait_for_url("**/progress")
    assert "1 copy is sent again now." in page.inner_text("main")
    page.get_by_role("button", name="Take it back").first.click()
    assert "Taken back for 1 copy." in page.inner_text("main")


@pytest.mark.parametrize(("width", "dark"), [(PHONE, True), (DESK, False)])
def test_a_pause_is_accessible_and_lifted_by_a_reason(come, live, world, width, dark):
    with live.world(), transaction():
        [message] = [one for one in make.rows(OutgoingMessage) if one.kind == "announcement"]
        message.paused_at = clock.now()
        message.paused_why = f"{Pause.POLICY.value} 550 5.7.26 <x@ngo.example>: see https://{'x' * 90}"
    staff = come("staff", width=width, dark=dark)
    staff.goto(f"{live.url}/en/staff/mail")
    keeper = come("keeper", width=width, dark=dark)
    keeper.goto(f"{live.url}/en{pages(world)['progress']}")
    for name, page in (("mail", staff), ("progress", keeper)):
        screenshot(page, f"paused-{name}-{width}")
        assert_accessible(page)
        assert_fits(page)
    keeper.fill("#reason", "The signature is mended")
    keeper.get_by_role("button", name="Let it go on").click()
    assert "It goes on." in keeper.inner_text("main")
