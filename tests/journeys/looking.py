"""Chromium in a running house: every byte counted, every request to another host remembered."""

from dataclasses import dataclass, field
from typing import Any

from playwright.sync_api import Browser, Page, Request

from tests import browser
from tests.journeys.processes import House
from tests.journeys.visitor import caught, link, newest


@dataclass
class Looker:
    """One person with one browser of their own."""

    page: Page
    house: House
    live: bool  # scripts run: what moves on a page moves by itself
    foreign: list[str] = field(default_factory=list)
    _bytes: list[float] = field(default_factory=list)

    @property
    def weight(self) -> float:
        """Bytes that came over the wire so far, headers too."""
        return sum(self._bytes)

    def go(self, path: str) -> None:
        self.page.goto(path if path.startswith("http") else f"http://localhost:{self.house.port}{path}")

    def press(self, words: str) -> None:
        """Press the first button or link of the page's main part that says ``words``."""
        self.page.locator("main").locator(
            f'button:not(.unseen):has-text("{words}"), a:has-text("{words}")'
        ).first.click()

    def says(self) -> str:
        """What the main part of the page says, without what is folded away."""
        return self.page.inner_text("main")

    def picture(self, name: str) -> None:
        browser.screenshot(self.page, f"journey-{name}")

    def sign_in(self, address: str) -> None:
        """Ask for a letter, open its link, press the button."""
        self.go("/sign-in")
        before = len([one for one in caught(self.house) if address in one.recipients])
        self.page.fill("[name=address]", address)
        self.press("Send me a sign-in letter")
        self.go(link(newest(self.house, address, number=before + 1), "/sign-in/"))
        self.press("Sign in")

    def watch(self, request: Request) -> None:
        """Chromium's own routing would switch its cache off, so requests are looked at, not caught."""
        if not request.url.startswith((f"http://localhost:{self.house.port}/", "data:")):
            self.foreign.append(request.url)

    def weigh(self, event: dict[str, Any]) -> None:
        self._bytes.append(event["encodedDataLength"])


def look(chromium: Browser, house: House, *, js: bool, width: int = browser.DESK, language: str = "en-GB") -> Looker:
    """A fresh browser."""
    context = chromium.new_context(
        viewport={"width": width, "height": 800}, java_script_enabled=js, locale=language, color_scheme="light"
    )
    context.set_default_timeout(20_000)
    looker = Looker(context.new_page(), house, js)
    context.on("request", looker.watch)
    wire = context.new_cdp_session(looker.page)
    wire.send("Network.enable")
    wire.on("Network.loadingFinished", looker.weigh)
    return looker
