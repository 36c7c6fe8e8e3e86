"""Protecting oneself and others, in Chromium on a phone: two taps, a receipt, and the way back."""

import pytest

from caucusmail.accounts.models import Person
from caucusmail.database import db
from tests import make
from tests.announcements.rooms import Room
from tests.browser import PHONE, assert_accessible, assert_fits, follow, screenshot
from tests.entering import cookie
from tests.groups.absent import Seated

pytestmark = pytest.mark.browser


def enter(page, live, person, path):
    page.context.clear_cookies()
    page.context.add_cookies([cookie(live.app, person, live.url)])
    page.goto(f"{live.url}{path}")


def look(page, name):
    screenshot(page, f"protection-{name}")
    assert_fits(page)
    assert_accessible(page)


@pytest.mark.parametrize("language", ["en", "fr", "ar-xb"])
def test_two_taps_on_a_phone_and_back_again(live, visit, language):
    with live.world():
        rosa = Seated(Room(slug="vrwg")).rosa
        page = visit("/help", width=PHONE, js=language == "en", language=language)
        enter(page, live, rosa, f"/{language}/me")
    look_at = look if language == "en" else lambda page, name: (screenshot(page, name), assert_fits(page))
    look_at(page, f"me-{language}")
    follow(page, "main a[href$='/me/protect']")
    look_at(page, f"ask-{language}")
    follow(page, "main form button.danger >> nth=0")
    look_at(page, f"receipt-{language}")
    with live.world():
        sheltered = db.session.get(Person, rosa.id)
        assert sheltered.shelter is not None
        enter(page, live, sheltered, f"/{language}/me")
    look_at(page, f"me-afterwards-{language}")
    follow(page, "main .notice a[href$='/me/protect']")
    look_at(page, f"stands-{language}")
    follow(page, "main form button.primary")
    assert "Rosa" in page.inner_text("main")


def test_a_coordinator_and_a_second_one_on_a_phone(live, visit):
    with live.world():
        haki = Seated(Room(slug="vrwg"))
        ilse, omar = (make.coordinator(haki.room.caucus, make.person(name)) for name in ("Ilse", "Omar"))
        page = visit("/help", width=PHONE, js=False)
        enter(page, live, ilse, "/en/caucuses/vrwg/members")
    screenshot(page, "protection-members")
    assert_fits(page)
    follow(page, "main td a[href$='/protect']")
    screenshot(page, "protection-member")
    follow(page, "main form button.danger")
    screenshot(page, "protection-asked")
    with live.world():
        enter(page, live, omar, "/en/second-person")
    screenshot(page, "protection-second")
    assert_fits(page)
    follow(page, "main form button.danger")
    screenshot(page, "protection-receipt-of-others")
    assert_fits(page)
    follow(page, "main form button")
    with live.world():
        assert db.session.get(Person, haki.rosa.id).name == "Rosa"
