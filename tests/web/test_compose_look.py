"""The page on which an announcement is written, and its check, in a real browser."""

import pytest

from caucusmail import clock, tokens
from caucusmail.accounts.models import SignInLetter
from caucusmail.tokens import Purpose
from tests import make
from tests.browser import DESK, PHONE, assert_accessible, assert_fits, screenshot

pytestmark = pytest.mark.browser


@pytest.fixture
def way_in(live):
    """A link that signs the secretariat in."""
    with live.world():
        staff = make.secretary(name="Noor Bakker", address="noor@secretariat.example")
        caucus = make.caucus("vrwg")
        make.member(caucus, group=make.group(caucus))
        now = clock.now()
        asked = {"address_key": staff.address_key, "code_fingerprint": "x", "asked_at": now, "looked_at": now}
        return f"/sign-in/{tokens.sign(Purpose.SIGN_IN, make.keep(SignInLetter(**asked)).id)}"


@pytest.mark.parametrize(
    ("width", "language", "own"), [(PHONE, "en", "en"), (DESK, "fr", "fr"), (PHONE, "ar-xb", "en")]
)
def test_a_language_is_added_with_nothing_lost_and_a_wrong_field_is_pointed_out(
    live, visit, way_in, width, language, own
):
    page = visit(way_in, width=width)
    page.click("main button")
    page.goto(f"{live.url}/{language}/compose/new")
    page.click("input[name=caucus_id]")
    page.click("main form button")
    page.wait_for_url("**/compose/1")
    page.fill(f"[name=access_{own}]", "Bring your badge.")
    page.fill(f"[name=body_{own}]", "Dear {{organisation}}")
    page.select_option("[name=add]", "es")
    page.click("button[value=add]")
    page.wait_for_url("**add=es*")
    assert page.input_value(f"[name=access_{own}]") == "Bring your badge."
    for name, button in (("write", "check"), ("check", "")):
        assert_accessible(page)
        assert_fits(page)
        screenshot(page, f"compose-{name}-{width}-{language}")
        if button:
            page.click(f"button[value={button}]")
            page.wait_for_url("**/check")
    assert "{{organisation}}" in page.inner_text("main .notice.stop")
