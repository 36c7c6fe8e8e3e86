"""The head of the pages on a phone, in a real browser: what a keeper may go to stands in one row."""

import pytest

from tests import entering, make
from tests.browser import DESK, PHONE, assert_accessible, assert_fits, screenshot

pytestmark = pytest.mark.browser

ROWS = "all => new Set(all.map(one => Math.round(one.getBoundingClientRect().top))).size"


@pytest.fixture
def keeper(live, visit):
    """Opens a browser in which somebody who keeps a caucus is signed in."""

    def opened(**how):
        with live.world():
            cookie = entering.cookie(live.app, make.coordinator(make.caucus("vrwg")), live.url)
        page = visit("/help", **how)
        page.context.add_cookies([cookie])
        page.goto(page.url.removesuffix("help") + "compose")  # the longest name, in bold
        return page

    return opened


@pytest.mark.parametrize("dark", [False, True])
@pytest.mark.parametrize("language", ["en", "fr", "ar-xb"])
def test_a_keeper_s_pages_stand_in_one_row_on_a_phone_and_the_way_out_above_them(keeper, language, dark):
    page = keeper(width=PHONE, language=language, dark=dark)
    screenshot(page, f"head-{language}{'-dark' if dark else ''}")
    assert page.locator(".head .main li").count() == 4
    assert page.eval_on_selector_all(".head .main li", ROWS) == 1
    if language != "ar-xb":  # two languages are offered beside it; beside one of ours, one
        assert page.eval_on_selector_all(".head > a, .head .tongues, .head form", ROWS) == 1
    assert_fits(page)
    assert_accessible(page)


def test_each_entry_of_the_head_is_large_enough_for_a_thumb(keeper):
    page = keeper(width=PHONE)
    for entry in page.locator(".head a, .head button").all():
        box = entry.bounding_box()
        assert box["height"] >= 44
        assert box["width"] >= 44


def test_the_way_out_leads_out_without_javascript(keeper):
    page = keeper(width=DESK, js=False)
    page.click(".head form button")
    page.wait_for_load_state()
    assert page.locator(".head form").count() == 0
    assert page.get_by_role("link", name="Sign in").count() == 1
