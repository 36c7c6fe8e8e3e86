"""A phone without JavaScript, as wide as a small one: each page weighed, and looked at for what sticks out sideways."""

from dataclasses import dataclass
from email.message import EmailMessage

from playwright.sync_api import Browser

from tests.browser import PHONE, assert_fits
from tests.journeys.looking import Looker, look
from tests.journeys.processes import House, until
from tests.journeys.rows import hurry
from tests.journeys.visitor import caught, link

A_PAGE = 14 * 1024  # bytes that come over the wire for one


@dataclass
class Phone(Looker):
    """One person's phone; what it has shown is light and narrow enough."""

    address: str = ""
    _weighed: float = 0

    def see(self, name: str, *words: str) -> None:
        """Keep a picture of the page that stands there now, which says ``words`` and keeps within what a phone can bear."""
        assert_fits(self.page)
        self.picture(name)
        weight, self._weighed = self.weight - self._weighed, self.weight
        assert weight <= A_PAGE, f"{name}: {weight:.0f} bytes"
        said = self.says()
        for one in words:
            assert one in said, f"{name}: not “{one}” in\n{said}"

    def tap(self, words: str) -> None:
        """Press it, and wait for the page it leads to."""
        with self.page.expect_navigation():
            self.press(words)

    def sign_in(self, address: str) -> None:
        """Ask for a letter, open its link, press the button; each page is looked at."""
        self.go("/sign-in")
        self.see("sign-in")
        self.page.fill("[name=address]", address)
        before = len(self._post("Sign in"))
        self.tap("Send me a sign-in letter")
        self.see("sign-in-letter-sent")
        self.go(link(self.post("Sign in", before + 1), "/sign-in/"))
        self.see("sign-in-letter")
        self.tap("Sign in")
        self.see("signed-in")

    def post(self, subject: str, number: int = 1) -> EmailMessage:
        """The letter number ``number`` whose subject holds ``subject``, once it has come; those that wait are hurried."""

        def ours() -> list[EmailMessage]:
            hurry(self.house, self.address)
            return self._post(subject)[number - 1 :]

        found: list[EmailMessage] = until(ours, f"letter {number} “{subject}” to {self.address}")
        return found[0]

    def _post(self, subject: str) -> list[EmailMessage]:
        return [one.message for one in caught(self.house, subject) if self.address in one.recipients]


def phone(chromium: Browser, house: House, address: str) -> Phone:
    """The phone of whoever reads ``address``."""
    plain = look(chromium, house, js=False, width=PHONE)
    return Phone(plain.page, house, live=False, foreign=plain.foreign, _bytes=plain._bytes, address=address)
