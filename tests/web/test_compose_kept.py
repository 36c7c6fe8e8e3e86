"""A draft is kept while its author types, in a real browser; without the script the button does it."""

import re

import pytest

from caucusmail import clock, tokens
from caucusmail.accounts.models import SignInLetter
from caucusmail.announcements.models import Announcement, AnnouncementText
from caucusmail.database import db
from caucusmail.tokens import Purpose
from tests import make
from tests.browser import PHONE

pytestmark = pytest.mark.browser
SAID = "[data-kept]"
SAVED = re.compile(r"Saved \d\d:\d\d")


@pytest.fixture
def page(live, visit):
    """A blank sheet."""
    with live.world():
        staff = make.secretary(name="Noor Bakker", address="noor@secretariat.example")
        caucus = make.caucus("vrwg")
        make.member(caucus, group=make.group(caucus))
        now = clock.now()
        asked = {"address_key": staff.address_key, "code_fingerprint": "x", "asked_at": now, "looked_at": now}
        way_in = f"/sign-in/{tokens.sign(Purpose.SIGN_IN, make.keep(SignInLetter(**asked)).id)}"
    page = visit(way_in, width=PHONE)
    page.click("main button")
    page.goto(f"{live.url}/en/compose/new")
    page.click("input[name=caucus_id]")
    page.click("main form button")
    page.wait_for_url("**/compose/1")
    return page


def kept(live) -> tuple[int, list[str]]:
    """The revision in the database, and the subjects."""
    with live.world():
        db.session.rollback()
        return make.rows(Announcement)[0].revision, [one.subject for one in make.rows(AnnouncementText)]


def test_what_is_typed_is_kept_without_a_button_and_the_button_still_works(live, page):
    page.fill("[name=subject_en]", "Strategy")
    page.locator(SAID, has_text=SAVED).wait_for(timeout=20_000)
    revision, subjects = kept(live)
    assert subjects == ["Strategy"]
    assert page.input_value("[name=revision]") == str(revision)
    page.fill("[name=body_en]", "Bring notes.")
    page.click("button[value=save]")  # perhaps while it is being kept
    page.wait_for_load_state()
    page.wait_for_selector("text=Saved.")
    assert page.input_value("[name=body_en]") == "Bring notes."
    assert page.locator("main .notice.stop").count() == 0


def test_what_another_tab_saved_stops_it_and_says_so(live, page):
    with live.world():
        make.rows(Announcement)[0].revision += 1
        db.session.commit()
    page.fill("[name=subject_en]", "Mine")
    page.locator(SAID, has_text="changed elsewhere").wait_for(timeout=20_000)
    assert kept(live)[1] == []
    page.click("button[value=save]")
    page.wait_for_selector("text=What the other tab saved")
    assert page.input_value("[name=subject_en]") == "Mine"


def test_a_bad_line_is_said_and_it_is_kept_once_it_is_back(live, page):
    page.context.set_offline(True)
    page.fill("[name=subject_en]", "On the train")
    page.locator(SAID, has_text="no connection").wait_for(timeout=20_000)
    page.context.set_offline(False)
    page.locator(SAID, has_text=SAVED).wait_for(timeout=30_000)
    assert kept(live)[1] == ["On the train"]
