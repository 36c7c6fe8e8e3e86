"""Every page of the demo world, as each of its people and as a stranger, in a real browser on a phone.

A crawl follows the links from each one's start pages, one page of each kind; each fits 360 px, axe objects to nothing, no
request leaves the site, and a picture is kept in ``artefacts/``. Some of them again in the dark, in French, from right to left.
"""

import re
from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Page
from sqlalchemy import select

from caucusmail.accounts.models import Person
from caucusmail.database import db, transaction
from caucusmail.demo import cast, load
from caucusmail.directory import founding
from caucusmail.groups import founding as groups_founding
from caucusmail.meetings import founding as meetings_founding
from tests import another, entering, settings_for
from tests.browser import DESK, PHONE, assert_accessible, assert_fits, screenshot

pytestmark = pytest.mark.browser

STARTS = {
    "stranger": (
        "/",
        "/caucuses",
        "/help",
        "/sign-in",
        "/join/code",
        "/join/sent",
        "/nothing-here",
        "/my/no",
        "/leave/no",
    ),
    "secretariat": ("/staff", "/compose", "/me", "/account/password"),
    "coordinator": ("/me", "/compose", "/caucuses/vrwg/members", "/staff"),
    "member": ("/me", "/meetings"),
    "representative": ("/me",),
}
WHO = {
    "secretariat": cast.SECRETARIAT,
    "coordinator": cast.COORDINATOR,
    "member": cast.MEMBER,
    "representative": cast.REPRESENTATIVE,
}
MOST, FEWER = 36, 14  # pages of one crawl; of those who see less than the secretariat, in the same house
NOT_PAGES = re.compile(r"\.(ics|mbox|css|js)$|^/(healthz|static)|^/mailbox/\d+/(source|parts|html)")
PUBLIC = re.compile(r"^/(regions|your-data|who-we-write-as|help|join|mailbox|sign-in)")  # a stranger has looked at them
FEW = ("/", "/caucuses/vrwg", "/meetings", "/join")


@pytest.fixture(scope="session")
def demo_database(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A database file with the demo world in it, to be copied."""
    path = tmp_path_factory.mktemp("every") / "demo.sqlite3"
    with another.house(settings_for.testing(f"sqlite:///{path}", path.parent)) as app, app.app_context(), transaction():
        founding.found()
        groups_founding.found()
        meetings_founding.found()
        load.load()
    return path


@pytest.fixture
def empty_database(demo_database: Path) -> Path:
    """``live`` starts from the demo world here."""
    return demo_database


@pytest.fixture
def come(live, visit) -> Callable[..., Page]:
    """A browser in which somebody of the demo is signed in, or a stranger's."""

    def opened(role: str, **how) -> Page:
        page = visit("/help", **how)
        if role != "stranger":
            with live.world():
                person = db.session.scalars(select(Person).where(Person.address == WHO[role].address)).one()
                page.context.add_cookies([entering.cookie(live.app, person, live.url)])
        return page

    return opened


def kind(path: str) -> str:
    """What pages of one kind have in common: the path without what names one thing, and the names of its questions."""
    parts = urlsplit(path)
    place = re.sub(r"\d+|(?<=/caucuses/)[^/]+|(?<=/regions/)[^/]+|(?<=leave/)[^/]+", "*", parts.path)
    place = re.sub(r"(?<=^/announcements/).+|(?<=^/meetings/).+", "*", place)
    return f"{place}?{'&'.join(sorted(re.findall(r'(?:^|&)([^=]+)=', parts.query)))}"


def links(page: Page, url: str) -> list[str]:
    """Where the page leads on this site, without the language."""
    found = page.eval_on_selector_all(
        "a[href]", "all => all.map(one => new URL(one.getAttribute('href'), document.baseURI).href)"
    )
    inside = [one.removeprefix(url).partition("#")[0] for one in found if one.startswith(f"{url}/")]
    return [re.sub(r"^/(en|fr|ar-xb)(?=/)", "", one) for one in inside if one.startswith("/en/")]


def crawl(page: Page, url: str, starts: tuple[str, ...], skipped: re.Pattern[str]) -> Iterator[str]:
    """Open one page of each kind that can be reached from ``starts``, but for what is ``skipped``; say which is open now."""
    waiting, seen, kinds = list(starts), set[str](), {kind(path) for path in starts}
    while waiting and len(seen) < (FEWER if starts in (STARTS["coordinator"], STARTS["member"]) else MOST):
        path = waiting.pop(0)
        known = path in seen or (kind(path) in kinds and path not in starts)
        if known or NOT_PAGES.search(urlsplit(path).path) or skipped.search(path):
            continue
        seen.add(path)
        kinds.add(kind(path))
        answer = page.goto(f"{url}/en{path}")
        assert answer.status < 500, f"{path}: {answer.status}"
        yield path
        waiting += links(page, url)


def name_of(path: str) -> str:
    """A file's name for a page."""
    return re.sub(r"\W+", "-", path).strip("-")[:60] or "start"


def looked_at(page: Page, path: str, name: str) -> list[str]:
    """Keep the picture; what is wrong with the page."""
    screenshot(page, f"every-{name}-{name_of(path)}")
    wrong = []
    for looks_well in (assert_fits, assert_accessible):
        try:
            looks_well(page)
        except AssertionError as problem:
            wrong.append(f"{path}: {problem}")
    return wrong


@pytest.mark.parametrize("role", STARTS)
def test_each_page_one_can_reach_fits_a_phone_and_is_accessible(come, live, role):
    page = come(role, width=PHONE)
    wrong, opened = [], []
    for path in crawl(page, live.url, STARTS[role], PUBLIC if role in WHO else NOT_PAGES):
        wrong += looked_at(page, path, role)
        opened.append(path)
    assert not wrong, "\n".join(wrong)
    assert len(opened) > len(STARTS[role])


@pytest.mark.parametrize(
    ("width", "dark", "language"), [(PHONE, True, "fr"), (PHONE, False, "ar-xb"), (DESK, True, "ar-xb")]
)
def test_other_languages_directions_and_the_dark_fit_too(come, live, width, dark, language):
    page, wrong = come("secretariat", width=width, dark=dark, language=language), []
    for path in (*FEW, "/staff/queue", "/staff/applications/1", "/caucuses/vrwg/members", "/compose", "/compose/new"):
        page.goto(f"{live.url}/{language}{path}")
        wrong += looked_at(page, path, f"{language}-{width}{'-dark' if dark else ''}")
    assert not wrong, "\n".join(wrong)
