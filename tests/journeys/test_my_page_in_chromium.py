"""A phone without JavaScript: see, pause, take it back, leave, come back; and what axe-core says of each page."""

import pytest

from caucusmail import clock, tokens
from caucusmail.database import db, transaction
from caucusmail.delivery.models import Delivery, Lane, OutgoingMessage
from caucusmail.directory import affiliation
from caucusmail.directory.models import Status
from caucusmail.tokens import Purpose
from tests import make
from tests.browser import PHONE, assert_accessible, assert_fits, follow, screenshot

pytestmark = [pytest.mark.browser, pytest.mark.journey]


@pytest.fixture
def came(live):
    """The settings token of a member, and the one-click token of a letter."""
    with live.world():
        person = make.person("Achieng Odera", "achieng@mhi.example", languages=["en", "fr"])
        water = make.caucus("water", hue=1, place=1)
        group = make.group(water)
        make.member(water, person, group)
        make.member(make.caucus("peace", hue=4, place=2, status=Status.ARCHIVED), person)
        with transaction():
            affiliation.wait(person, make.caucus("children", hue=2, place=3), by=person)
        message = make.keep(OutgoingMessage(lane=Lane.ANNOUNCE, kind="announcement", sender="x", made_at=clock.now()))
        copy = make.keep(
            Delivery(
                message_id=message.id,
                person_id=person.id,
                lane=Lane.ANNOUNCE,
                address=person.address,
                address_key=person.address_key,
                language="en",
                why=f"g{group.id}",
                due_at=clock.now(),
            )
        )
        yield tokens.sign(Purpose.SETTINGS, person.id, 1), tokens.sign(Purpose.ONE_CLICK, copy.id)
        db.session.remove()


def test_pause_and_leave_by_phone_without_javascript(visit, came):
    page = visit(f"/my/{came[0]}", width=PHONE, js=False)
    screenshot(page, "my-phone")
    follow(page, "#water >> text=Pause")
    page.fill("[name=back]", str(clock.now().year + 1) + "-01-01")
    follow(page, "main button.primary")
    assert "Paused until" in page.inner_text("#water")
    follow(page, "text=Undo")
    assert "Active" in page.inner_text("#water")
    follow(page, "#water a.danger")
    follow(page, "main button.danger")
    assert "You have left water caucus" in page.inner_text("main")
    follow(page, "button:has-text('Go back')")
    assert "Active" in page.inner_text("#water")


def test_leave_by_the_header_and_take_it_back_by_phone(visit, came):
    page = visit(f"/leave/{came[1]}", width=PHONE, js=False)
    follow(page, "main button.danger")
    assert "You have left" in page.inner_text("h1")
    assert page.context.cookies() == []
    follow(page, "main a.button")
    follow(page, "main button.primary")
    assert "Taken back" in page.inner_text("h1")


@pytest.mark.parametrize(
    "path", ["/my/{0}", "/my/{0}/pause", "/my/{0}/preferences", "/my/{0}/leave", "/leave/{1}", "/my/x"]
)
@pytest.mark.parametrize(("language", "dark"), [("en", False), ("ar-xb", True)])
def test_the_pages_are_accessible_and_fit_a_phone(visit, came, path, language, dark):
    page = visit(path.format(*came), width=PHONE, language=language, dark=dark)
    assert_accessible(page)
    assert_fits(page)
