"""The pages that lead to a calendar feed, on a phone: long addresses stay inside, in either direction of writing."""

import pytest

from tests import entering, make
from tests.browser import PHONE, assert_accessible, assert_fits, screenshot
from tests.web.test_meetings import meeting

pytestmark = pytest.mark.browser


@pytest.mark.parametrize("language", ["en", "fr", "ar-xb"])
def test_a_member_finds_the_address_of_their_calendar_and_it_fits(live, visit, language):
    with live.world():
        caucus = make.caucus("vrwg", tag="VRWG", hue=3, names={"en": "Victims’ Rights Working Group"})
        meeting(caucus, make.coordinator(caucus))
        cookie = entering.cookie(live.app, make.member(caucus), live.url)
    page = visit("/meetings", width=PHONE, language=language)
    page.context.add_cookies([cookie])
    for path in ("meetings", "caucuses/vrwg", "me", "me/calendar"):
        page.goto(f"{live.url}/{language}/{path}")
        screenshot(page, f"calendar-{path.replace('/', '-')}-{language}")
        assert_fits(page)
        assert_accessible(page)
    page.get_by_role("button").last.click()
    page.wait_for_load_state()
    assert page.locator("[role=status]").count() == 1
