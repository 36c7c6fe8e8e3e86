"""The look of the public pages, in a real browser: accessible, nothing sticking out, each width, light, dark and direction."""

import pytest

from caucusmail import clock
from caucusmail.database import transaction
from caucusmail.directory import founding
from caucusmail.meetings.models import Meeting, MeetingKind, MeetingState
from tests import make
from tests.browser import DESK, PHONE, assert_accessible, assert_fits, screenshot

pytestmark = pytest.mark.browser

PAGES = {
    "home": "/",
    "caucuses": "/caucuses",
    "caucus": "/caucuses/vrwg",
    "caucus-elsewhere": "/caucuses/wigj",
    "caucus-archived": "/caucuses/peace",
    "caucus-long": "/caucuses/long",
    "contact": "/caucuses/vrwg/contact",
    "regions": "/regions",
    "region": "/regions/europe",
    "your-data": "/your-data",
    "senders": "/who-we-write-as",
    "help": "/help",
    "not-found": "/nothing-here",
    "copy-closed": "/announcements/nothing-here",
}
LONG = "Rechtsschutzversicherungsgesellschaftsvertreterversammlung " * 3


@pytest.fixture
def world(live):
    with live.world():
        with transaction():
            founding.found()
        caucus = make.caucus(
            "long", names={"en": LONG.strip()}, about={"en": "المنظمات " * 30}, former_names=["x" * 150]
        )
        make.coordinator(caucus)
        starts = clock.now().replace(year=clock.now().year + 1, microsecond=0)
        make.keep(
            Meeting(
                reference="m1",
                uid="m1@caucus.example",
                state=MeetingState.CONFIRMED,
                caucus_id=caucus.id,
                kind=MeetingKind.STRATEGY,
                titles={"en": "Strategy meeting"},
                public=True,
                city="The Hague",
                zone="Europe/Amsterdam",
                starts=starts.replace(tzinfo=None),
                ends=starts.replace(tzinfo=None, minute=59, second=59),
                starts_at=starts,
                ends_at=starts.replace(minute=59, second=59, microsecond=1),
                tzdata="2026a",
                made_at=clock.now(),
            )
        )


@pytest.mark.parametrize(
    ("width", "dark", "language"),
    [
        (320, False, "fr"),
        (PHONE, False, "en"),
        (PHONE, True, "ar-xb"),
        (DESK, False, "ar-xb"),
        (DESK, True, "en"),
        (DESK, False, "fr"),
    ],
)
def test_every_public_page_is_accessible_and_fits(visit, world, width, dark, language):
    page = visit("/", width=width, dark=dark, language=language)
    for name, path in PAGES.items():
        page.goto(f"{visit.live.url}/{language}{path}")
        assert_accessible(page)
        assert_fits(page)
        screenshot(page, f"{name}-{language}-{width}{'-dark' if dark else ''}")


def test_the_first_tab_leads_past_the_head(visit):
    page = visit("/")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "main"


def test_everything_on_home_can_be_reached_by_keyboard_and_the_focus_is_seen(visit, world):
    page = visit("/", width=PHONE)
    wanted = page.locator("a, button, input").count()
    seen = set()
    for _press in range(wanted):
        page.keyboard.press("Tab")
        outline, number = page.evaluate(
            "(() => { const e = document.activeElement; return [getComputedStyle(e).outlineWidth,"
            " [...document.querySelectorAll('a, button, input')].indexOf(e)] })()"
        )
        assert outline == "3px"
        seen.add(number)
    assert seen == set(range(wanted))


def test_what_a_finger_touches_is_large_enough(visit, world):
    page = visit("/caucuses/vrwg/contact", width=PHONE)
    small = page.evaluate(
        "[...document.querySelectorAll('nav a, footer li a, button, input:not([type=hidden]), select, textarea')]"
        ".filter(e => !e.closest('.unseen')).map(e => [e.outerHTML.slice(0, 80), e.getBoundingClientRect().height])"
        ".filter(([_, height]) => height < 43.5)"
    )
    assert small == []


def test_the_trap_for_machines_is_neither_seen_nor_reached(visit, world):
    page = visit("/caucuses/vrwg/contact")
    box = page.locator(".unseen").bounding_box()
    assert box["width"] * box["height"] <= 1
    for _press in range(20):
        page.keyboard.press("Tab")
        assert page.evaluate("document.activeElement.name") != "nickname"


def test_the_map_leads_to_a_region_without_scripts(visit, world):
    page = visit("/regions", js=False)
    with page.expect_navigation():
        page.locator("svg a").first.click()
    assert page.url.endswith("/regions/africa")


def test_each_number_on_the_map_stands_before_the_name_of_its_region_in_the_list(visit, world):
    page = visit("/", width=PHONE)
    numbers = {a.get_attribute("href"): a.locator("text").text_content() for a in page.locator(".map a").all()}
    listed = page.locator(".map + .list li")
    told = {one.locator("a").get_attribute("href"): one.inner_text().partition(".")[0] for one in listed.all()}
    assert len(numbers) == 5
    assert told == numbers


@pytest.mark.parametrize("language", ["en", "fr"])
def test_on_a_phone_the_pages_of_the_head_stand_in_one_row(visit, world, language):
    page = visit(f"/{language}/", width=PHONE, language=language)
    assert len({one.bounding_box()["y"] for one in page.locator("nav.main li").all()}) == 1


def test_print_leaves_out_what_paper_cannot_do(visit, world):
    page = visit("/caucuses/wigj")
    page.emulate_media(media="print")
    assert not page.locator("nav").first.is_visible()
    assert page.locator("h1").is_visible()
