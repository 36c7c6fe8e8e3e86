"""A session's week and the secretariat's form of it, in a real browser: on a phone a list by day, on a desk a table."""

from datetime import datetime

import pytest

from caucusmail import zones
from caucusmail.database import transaction
from caucusmail.meetings import founding
from caucusmail.meetings.models import MeetingSession, SessionPart
from tests import entering, make
from tests.browser import DESK, PHONE, assert_accessible, assert_fits, screenshot
from tests.web.test_meetings import meeting

pytestmark = pytest.mark.browser
WEEK = "meetings/sessions/asp?week=2027-11-29"


@pytest.fixture
def staff(live, visit):
    """Opens a browser in which the secretariat is signed in, before a session with a full week."""

    def part(begins: str, ends: str, zone: str) -> SessionPart:
        return SessionPart(begins_on=begins, ends_on=ends, city=zones.city(zone), zone=zone)

    with live.world():
        with transaction():
            founding.found()
        parts = [part("2027-11-29", "2027-12-01", zones.THE_HAGUE), part("2027-12-02", "2027-12-08", zones.NEW_YORK)]
        names = {"en": "Assembly of States Parties, 26th session", "fr": "Assemblée des États Parties, 26e session"}
        session = make.keep(MeetingSession(slug="asp", names=names, parts=parts))
        noor, title = make.secretary(name="Noor"), "Side event: reparations that reach people"
        cookie = entering.cookie(live.app, noor, live.url)
        for number, (day, hour) in enumerate(
            [(29, 8), (29, 13), (29, 18), (30, 8), (30, 13), (1, 8), (1, 10), (2, 16)]
        ):
            starts = datetime(2027, 11 if day > 9 else 12, day, hour, 15)
            caucus = make.caucus(hue=number % 6, names={"en": "Victims’ Rights Working Group"})
            more = {"starts": starts, "ends": starts.replace(hour=hour + 1), "session_id": session.id}
            meeting(caucus, noor, title, **more)

    def opened(path: str, **how):
        page = visit("/help", **how)
        page.context.add_cookies([cookie])
        page.goto(f"{live.url}/{how.get('language', 'en')}/{path}")
        return page

    return opened


@pytest.mark.parametrize(
    ("width", "dark", "language"), [(PHONE, False, "fr"), (PHONE, True, "ar-xb"), (DESK, False, "en")]
)
@pytest.mark.parametrize("path", [WEEK, "meetings/sessions", "staff/sessions", "staff/sessions/asp"])
def test_the_pages_of_sessions_are_accessible_and_fit(staff, width, dark, language, path):
    page = staff(path, width=width, dark=dark, language=language)
    assert_accessible(page)
    assert_fits(page)
    screenshot(page, f"{path.partition('?')[0].replace('/', '-')}-{language}-{width}")


def test_on_a_phone_the_week_is_a_list_by_day_and_on_a_desk_a_table_by_hour(staff):
    for width, below in ((PHONE, True), (DESK, False)):
        page = staff(WEEK, width=width, js=False)
        day, first, second = (
            page.locator(f".week tbody tr:first-child {one}").first for one in ("th", "td", "td:nth-child(5)")
        )
        boxes = [one.bounding_box() for one in (day, first, second)]
        assert (boxes[0]["y"] < boxes[1]["y"] < boxes[2]["y"]) is below
        assert (boxes[0]["x"] < boxes[1]["x"] < boxes[2]["x"]) is not below
        assert page.locator(".week thead").is_visible() is not below


def test_printed_the_week_stands_on_paper_without_what_paper_cannot_do(staff):
    page = staff(WEEK, width=DESK)
    page.emulate_media(media="print")
    assert page.locator(".week").is_visible()
    assert not page.locator("nav.actions").is_visible()
