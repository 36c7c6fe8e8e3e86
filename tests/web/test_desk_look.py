"""The secretariat's pages and signing in, in a real browser: accessible, nothing sticking out, by keyboard alone."""

import pytest

from caucusmail import clock, tokens
from caucusmail.accounts.models import SignInLetter
from caucusmail.directory.applications import ReviewWindow
from caucusmail.directory.models import Seat
from caucusmail.tokens import Purpose
from tests import make
from tests.browser import DESK, PHONE, assert_accessible, assert_fits, screenshot

pytestmark = pytest.mark.browser
LONG = "Rechtsschutzversicherungsgesellschaftsvertreterversammlung"


@pytest.fixture
def desk(live, visit):
    """A caucus, an application with look-alikes, and a way to open a browser that is signed in at the desk."""
    with live.world():
        staff = make.secretary(name="Noor Bakker", address="noor@secretariat.example")
        caucus = make.caucus("vrwg")
        make.coordinator(caucus)
        make.group(caucus, names={"en": LONG})
        make.group(caucus, local_part="old", closed_at=clock.now(), closed_why=f"It was {LONG}.")
        ngo = make.ngo(LONG, name_key=LONG.lower(), domain="mhi.example", acronym="MHI")
        who = make.person(name="منظمة " * 5)
        seat = make.keep(Seat(ngo_id=ngo.id, caucus_id=caucus.id, holder_id=who.id, since=clock.now()))
        make.member(caucus, who, seat_id=seat.id)
        make.application(LONG, [caucus], ["achieng@mh1.example", "x" * 60 + "@webmail.example"], acronym="MHI")
        make.application("Second", [caucus])
        opens = clock.now()
        make.keep(ReviewWindow(opens_at=opens, closes_at=opens.replace(year=opens.year + 1), note={"en": "Assembly"}))

    def sign_in(**how):
        with live.world():
            now = clock.now()
            letter = make.keep(
                SignInLetter(address_key=staff.address_key, code_fingerprint="x", asked_at=now, looked_at=now)
            )
            token = tokens.sign(Purpose.SIGN_IN, letter.id)
        page = visit(f"/sign-in/{token}", **how)
        if how.get("js", True):  # axe needs it
            assert_accessible(page)
        page.click("main button")
        return page

    return sign_in


PAGES = {
    "staff": "/staff",
    "queue": "/staff/queue",
    "application": "/staff/applications/1",
    "linking": "/staff/organisations?q=haki&application=1",
    "windows": "/staff/review-windows",
    "staff-caucuses": "/staff/caucuses",
    "staff-caucus": "/staff/caucuses/vrwg",
    "members": "/caucuses/vrwg/members",
    "password": "/account/password",
    "people": "/staff/people?q=o",
    "person": "/staff/people/3",
    "journal": "/staff/journal?about=vrwg",
    "journal-all": "/staff/journal",
    "email-groups": "/caucuses/vrwg/email-groups",
    "email-group-close": "/caucuses/vrwg/email-groups/vrwg/close",
}


@pytest.mark.parametrize(("width", "dark"), [(PHONE, False), (DESK, True)])
def test_the_pages_of_the_desk_are_accessible_and_fit(desk, live, width, dark):
    page = desk(width=width, dark=dark)
    for name, path in PAGES.items():
        page.goto(f"{live.url}/en{path}")
        screenshot(page, f"{name}-{width}")
        assert_accessible(page)
        assert_fits(page)


@pytest.mark.parametrize("width", [PHONE, DESK])
def test_signing_in_is_accessible_and_fits(visit, live, width):
    page = visit("/sign-in", width=width)
    assert_accessible(page)
    assert_fits(page)
    page.fill("input[name=address]", "somebody@ngo.example")
    page.keyboard.press("Enter")
    page.wait_for_url("**/sign-in/code")
    assert_accessible(page)
    assert_fits(page)
    page.goto(f"{live.url}/en/sign-in/used-up")
    assert_accessible(page)


def test_an_application_is_approved_by_keyboard_alone_and_the_next_one_comes(desk, live):
    page = desk(js=False)
    page.goto(f"{live.url}/en/staff/applications/2")
    page.focus("textarea[name=how]")
    page.keyboard.type("The national coalition knows them.")
    page.keyboard.press("Tab")  # provisionally
    page.keyboard.press("Tab")  # the button
    page.keyboard.press("Enter")
    page.wait_for_url("**/staff/applications/1")
    assert "Approved" in page.inner_text("main")
    assert page.locator("main .notice button").count() == 1
