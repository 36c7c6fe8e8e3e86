"""The pages of signing in on a phone, in a real browser: they fit, and axe objects to nothing."""

import pytest

from tests import make
from tests.accounts.devices import code_of
from tests.browser import PHONE, assert_accessible, assert_fits, follow, screenshot
from tests.entering import cookie

pytestmark = pytest.mark.browser


def looks_right(page, name):
    assert_fits(page)
    assert_accessible(page)
    screenshot(page, f"accounts-{name}")


@pytest.mark.parametrize(("dark", "language"), [(False, "en"), (True, "fr"), (False, "ar-xb")])
def test_the_second_step_is_set_up_on_a_phone(live, visit, dark, language):
    page = visit("/help", width=PHONE, dark=dark)
    with live.world():
        anna = make.person("Anna Kovač")
        page.context.add_cookies([cookie(live.app, anna, live.url)])
    look = f"{language}{'-dark' if dark else ''}"
    page.goto(f"{live.url}/{language}/account/second-factor?next=/caucuses")
    looks_right(page, f"needed-{look}")
    follow(page, "main .primary")
    looks_right(page, f"app-{look}")
    page.fill("[name=code]", "12")
    follow(page, "main form .primary")
    looks_right(page, f"app-wrong-{look}")
    with live.world():
        code = code_of(page.inner_text("code.big").replace(" ", ""))
    page.fill("[name=code]", code)
    follow(page, "main form .primary")
    looks_right(page, f"codes-{look}")
    with page.expect_download() as saved:
        page.click("main form button")
    assert saved.value.suggested_filename == "recovery-codes.txt"
    page.goto(f"{live.url}/{language}/account/password")
    page.click("summary")
    looks_right(page, f"ways-{look}")
