"""An organisation's own pages in Chromium, used as its administrator uses them."""

import pytest

from caucusmail import clock
from caucusmail.directory.models import Seat
from tests import make
from tests.browser import PHONE, assert_accessible, assert_fits, follow, screenshot
from tests.entering import cookie

pytestmark = pytest.mark.browser


@pytest.mark.parametrize("js", [True, False], ids=["with-javascript", "without"])
def test_a_person_is_added_for_one_caucus_of_two(live, visit, js):
    with live.world():
        ngo, rosa = make.ngo("Justicia Andina"), make.person("Rosa Quispe")
        make.representative(rosa, ngo, admin=True)
        for slug in ("water", "peace"):
            make.keep(Seat(ngo_id=ngo.id, caucus_id=make.caucus(slug).id, since=clock.now()))
        crumb, path = cookie(live.app, rosa, live.url), f"/organisations/{ngo.id}/add"
    page = visit("/help", width=PHONE, js=js)
    page.context.add_cookies([crumb])
    page.goto(f"{live.url}/en{path}")
    page.uncheck("#caucuses-0")
    follow(page, "main form button")
    assert "Tick at least one caucus." in page.inner_text("#errors")
    screenshot(page, f"organisation-add-refused-{'js' if js else 'plain'}")
    assert_fits(page)
    if js:
        assert_accessible(page)
    page.fill("#name", "Peter Kamau")
    page.fill("#address", "peter@mail.example")
    page.check("#caucuses-1")
    follow(page, "main form button")
    assert "A letter to Peter Kamau leaves" in page.inner_text("body")
