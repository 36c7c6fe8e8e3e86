"""A live site and a real Chromium for tests that look at pages.

``live``: the application on a port, with a database file of its own (``with live.world(): make.caucus()`` fills it).
``visit``: opens a page (``visit("/caucuses", width=360, dark=True, js=False, language="fr")``); every request to another
host is refused and remembered in ``visit.foreign``. ``follow(page, selector)`` presses what leads to another page.
``assert_accessible(page)`` runs axe-core; ``screenshot(page, name)`` keeps a picture in the ignored folder ``artefacts/``;
``assert_fits(page)``: nothing sticks out sideways.
"""

import os
import shutil
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, Route, sync_playwright
from werkzeug.serving import BaseWSGIServer, WSGIRequestHandler, make_server

from caucusmail.app import House
from caucusmail.database import db
from tests import another, services, settings_for

ARTEFACTS = Path(__file__).parent.parent / "artefacts"
CHROMIUM = os.environ.get("CHROMIUM") or shutil.which("chromium") or shutil.which("chromium-browser") or ""
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
PHONE, DESK = 360, 1280  # CSS pixels


class Quiet(WSGIRequestHandler):
    def log(self, *args: Any, **kwargs: Any) -> None:
        pass


@dataclass
class Live:
    """A running site."""

    app: House
    url: str
    _server: BaseWSGIServer

    @contextmanager
    def world(self) -> Iterator[None]:
        """The site's own database, for ``make`` and for looking."""
        with self.app.app_context():
            try:
                yield
            finally:
                db.session.remove()


@pytest.fixture(scope="session")
def empty_database(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A database file with all tables and no row, to be copied."""
    path = tmp_path_factory.mktemp("live") / "empty.sqlite3"
    with another.house(settings_for.testing(f"sqlite:///{path}", path.parent)):
        return path


@pytest.fixture
def live(empty_database: Path, tmp_path: Path) -> Iterator[Live]:
    """The application on a free port of this machine, empty, CSRF on as in life."""
    database = tmp_path / "live.sqlite3"
    shutil.copy(empty_database, database)
    server_app: list[House] = []
    server = make_server(
        "127.0.0.1", 0, lambda env, start: server_app[0](env, start), threaded=True, request_handler=Quiet
    )
    url = f"http://127.0.0.1:{server.server_port}"
    with another.house(settings_for.testing(f"sqlite:///{database}", tmp_path, SITE_URL=url), tables=False) as house:
        server_app.append(house)
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        yield Live(house, url, server)
        server.shutdown()
        thread.join()
        server.server_close()


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    """One browser for the session."""
    if not CHROMIUM:
        services.missing("Chromium is not installed (Debian: chromium); set CHROMIUM to its path")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield browser
        browser.close()


@dataclass
class Visit:
    """Opens pages of the live site; each call is a fresh browser without cookies unless ``again`` is used."""

    browser: Browser
    live: Live
    foreign: list[str] = field(default_factory=list)  # requests that left for another host; refused
    _contexts: list[Any] = field(default_factory=list)

    def __call__(
        self, path: str, *, width: int = DESK, dark: bool = False, js: bool = True, language: str = "en"
    ) -> Page:
        context = self.browser.new_context(
            viewport={"width": width, "height": 800},
            color_scheme="dark" if dark else "light",
            java_script_enabled=js,
            locale="en-GB",
        )
        context.route("**/*", self._guard)
        context.set_default_timeout(10_000)
        self._contexts.append(context)
        page = context.new_page()
        page.goto(f"{self.live.url}/{language}{path}")
        return page

    def _guard(self, route: Route) -> None:
        if route.request.url.startswith((self.live.url, "data:")):
            route.continue_()
        else:
            self.foreign.append(route.request.url)
            route.abort()

    def close(self) -> None:
        for context in self._contexts:
            context.close()


@pytest.fixture
def visit(chromium: Browser, live: Live) -> Iterator[Visit]:
    visit = Visit(chromium, live)
    yield visit
    visit.close()
    assert not visit.foreign, f"pages asked other hosts: {visit.foreign}"


def follow(page: Page, selector: str) -> None:
    """Press what leads to another page, and wait until that stands: before, Chromium may answer for the old one or none."""
    with page.expect_navigation():
        page.click(selector)


def screenshot(page: Page, name: str) -> Path:
    """Keep a picture of the whole page as ``artefacts/<name>.png``."""
    ARTEFACTS.mkdir(exist_ok=True)
    path = ARTEFACTS / f"{name}.png"
    page.screenshot(path=path, full_page=True)
    return path


def assert_accessible(page: Page) -> None:
    """axe-core finds nothing to object to."""
    found = Axe().run(page).response["violations"]
    assert not found, "\n".join(
        f"{problem['id']}: {problem['help']}: " + " | ".join(node["html"][:160] for node in problem["nodes"][:4])
        for problem in found
    )


def assert_fits(page: Page) -> None:
    """The page does not scroll sideways, and shows nothing that is meant to be hidden."""
    page.wait_for_load_state("load")  # a form that was sent may still be on its way
    wide, seen = page.evaluate("[document.documentElement.scrollWidth, document.documentElement.clientWidth]")
    assert wide <= seen, f"the page is {wide} px wide in a window of {seen} px"
    shown = page.evaluate(
        "[...document.querySelectorAll('[hidden]')].filter(e => e.checkVisibility()).map(e => e.outerHTML)"
    )
    assert not shown, shown
