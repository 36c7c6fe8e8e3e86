"""Repeating a meeting, and what clashes with one, in a real browser."""

from datetime import datetime

import pytest

from caucusmail import zones
from caucusmail.announcements import composition
from caucusmail.announcements.choice import Audience
from caucusmail.announcements.composition import Draft, Text
from caucusmail.announcements.models import AnnouncementKind
from caucusmail.database import transaction
from caucusmail.directory import visibility
from caucusmail.meetings.models import MeetingKind
from caucusmail.meetings.scheduling import MeetingDraft
from tests import entering, make
from tests.browser import DESK, PHONE, assert_accessible, assert_fits, screenshot
from tests.web.test_meetings import meeting

pytestmark = pytest.mark.browser


@pytest.fixture
def ilse(live, visit):
    """Opens a browser in which a coordinator is signed in, with a draft at the hour of another caucus's side event."""
    with live.world():
        caucus, other = make.caucus("vrwg", hue=3), make.caucus("children", names={"en": "Children’s Caucus"})
        groups, person = [make.group(one) for one in (caucus, other)], make.coordinator(caucus)
        for _ in range(9):
            make.member(other, make.member(caucus, group=groups[0]), groups[1])
        day = datetime(2027, 11, 30)
        meeting(
            other,
            make.secretary(),
            "Side event: witnesses at risk",
            starts=day.replace(hour=13),
            ends=day.replace(hour=14),
        )
        wanted = MeetingDraft(
            MeetingKind.STRATEGY, day.replace(hour=13), day.replace(hour=14), zone=zones.THE_HAGUE, city="The Hague"
        )
        texts, chosen = {"en": Text("Strategy meeting", "Come.")}, Audience(caucus_ids=(caucus.id,))
        with transaction():
            draft = Draft(caucus.id, AnnouncementKind.MEETING, texts, chosen, wanted)
            made = composition.draft(draft, visibility.viewer(person))
        cookie = entering.cookie(live.app, person, live.url)
        paths = {
            "check": f"compose/{made.id}/check",
            "edit": f"compose/{made.id}",
            "repeat": f"compose/repeat/{made.meeting.reference}",
            "meeting": f"meetings/{made.meeting.reference}",
        }

    def opened(name: str, **how):
        page = visit("/help", **how)
        page.context.add_cookies([cookie])
        page.goto(f"{live.url}/{how.get('language', 'en')}/{paths[name]}")
        return page

    return opened


@pytest.mark.parametrize(
    ("width", "dark", "language"), [(PHONE, False, "fr"), (PHONE, True, "ar-xb"), (DESK, False, "en")]
)
@pytest.mark.parametrize("name", ["check", "edit", "repeat", "meeting"])
def test_what_clashes_and_what_is_repeated_is_accessible_and_fits(ilse, name, width, dark, language):
    page = ilse(name, width=width, dark=dark, language=language)
    assert_accessible(page)
    assert_fits(page)
    screenshot(page, f"clash-{name}-{language}-{width}")


def test_the_days_are_seen_and_made_without_javascript(ilse):
    page = ilse("repeat", width=PHONE, js=False)
    page.fill("[name=times]", "3")
    page.click("button[value=look]")
    screenshot(page, "repeat-days")
    assert page.locator(".notice ol li").count() == 3
    page.click("button[value=make]")
    assert page.locator(".notice button").inner_text() == "Take all of them off the list"
