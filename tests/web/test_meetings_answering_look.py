"""The look of the pages of answers in a real browser; and that a button does what it says without scripts."""

import pytest

from caucusmail import tokens
from caucusmail.database import db, transaction
from caucusmail.directory.models import RosterPolicy
from caucusmail.meetings.models import Answer, MeetingState
from caucusmail.tokens import Purpose
from tests import make
from tests.announcements.rooms import Room, confirmed, copies, meeting, ready, seated
from tests.browser import DESK, PHONE, assert_accessible, assert_fits, screenshot
from tests.entering import cookie
from tests.meetings.test_answers import COMING, MAYBE, say

pytestmark = pytest.mark.browser
LONG = "Rechtsschutzversicherungsgesellschaftsvertreterversammlung "


@pytest.fixture
def held(live) -> tuple[str, str, int]:
    """The link of a letter, the meeting's address, its keeper's number."""
    with live.world():
        room = Room(roster=RosterPolicy.MEMBERS)
        people = [seated(room, f"P{number}", f"{LONG}{number}") for number in range(3)]
        sent = confirmed(room, ready(room, meeting=meeting(titles={"en": LONG * 2}, places=1)))
        with transaction():
            sent.meeting.state = MeetingState.CONFIRMED
        say(sent.meeting, people[0], COMING)
        say(sent.meeting, people[1], MAYBE)
        token = tokens.sign(Purpose.MEETING_REPLY, copies(sent)[2].id)
        return f"/answer/{token}", f"/meetings/{sent.meeting.reference}", room.by.id


@pytest.mark.parametrize(
    ("width", "dark", "language"), [(320, False, "fr"), (PHONE, True, "ar-xb"), (DESK, False, "en")]
)
def test_the_page_of_the_letter_is_accessible_and_fits(visit, held, width, dark, language) -> None:
    page = visit(f"{held[0]}?answer=coming", width=width, dark=dark, language=language)
    assert page.locator("main button").count() == 3
    assert_accessible(page)
    assert_fits(page)
    screenshot(page, f"answer-{language}-{width}{'-dark' if dark else ''}")


def test_a_button_is_pressed_without_scripts(visit, live, held) -> None:
    page = visit(held[0], js=False)
    page.get_by_role("button", name="I will come").click()
    assert "You are number 1 on the waiting list." in page.locator("main").text_content()
    with live.world():
        assert len(make.rows(Answer)) == 3
    screenshot(page, "answer-waiting")


@pytest.mark.parametrize(("width", "language"), [(PHONE, "fr"), (DESK, "ar-xb")])
def test_the_numbers_are_accessible_and_fit(visit, live, held, width, language) -> None:
    with live.world():
        signed_in = cookie(live.app, db.session.get(make.Person, held[2]), live.url)
    page = visit("/help", width=width, language=language)
    page.context.add_cookies([signed_in])
    page.goto(f"{live.url}/{language}{held[1]}/answers")
    assert page.locator("main table").count() == 2
    assert_accessible(page)
    assert_fits(page)
    screenshot(page, f"turnout-{language}-{width}")
