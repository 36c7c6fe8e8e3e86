"""A visitor without a browser: cookies, forms as they stand on the page, letters from the embedded mailbox."""

import gzip
import mailbox
import re
import sqlite3
import tempfile
import urllib.error
import urllib.parse
import urllib.request
from contextlib import closing
from dataclasses import dataclass, field
from email import message_from_binary_file, policy
from email.message import EmailMessage
from html.parser import HTMLParser
from http.cookiejar import CookieJar
from typing import Any

from tests.journeys.processes import House, until
from tests.sink import Caught


class Forms(HTMLParser):
    """The forms of a page: address, and fields with the values a browser would send untouched."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.forms: list[tuple[str, list[tuple[str, str]]]] = []
        self._select = self._area = ""
        self.feed(page)

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        given = dict(attributes)
        if tag == "form":
            self.forms.append((given.get("action") or "", []))
        if not self.forms:
            return
        fields, name = self.forms[-1][1], given.get("name") or ""
        kind = given.get("type") or "text"
        if tag == "input" and name and kind not in ("submit", "button"):
            if kind not in ("checkbox", "radio") or "checked" in given:
                fields.append((name, given.get("value") or ""))
        elif tag == "select":
            self._select = name
        elif tag == "option" and self._select and "selected" in given:
            fields.append((self._select, given.get("value") or ""))
        elif tag == "textarea":
            self._area = name
            fields.append((name, ""))

    def handle_endtag(self, tag: str) -> None:
        if tag == "select":
            self._select = ""
        if tag == "textarea":
            self._area = ""

    def handle_data(self, data: str) -> None:
        if self._area and self.forms and self.forms[-1][1][-1][0] == self._area:
            name, value = self.forms[-1][1].pop()
            self.forms[-1][1].append((name, value + data))


@dataclass
class Answer:
    """What came back."""

    status: int
    url: str
    text: str
    size: int  # bytes on the wire, compressed
    headers: Any

    def form(self, part_of_action: str = "") -> tuple[str, list[tuple[str, str]]]:
        """The first form whose address holds ``part_of_action``."""
        forms = Forms(self.text).forms
        return next((action or self.url, fields) for action, fields in forms if part_of_action in (action or self.url))


@dataclass
class Visitor:
    """One person at one site."""

    house: House
    jar: CookieJar = field(default_factory=CookieJar)

    def _ask(self, url: str, data: list[tuple[str, str]] | None = None) -> Answer:
        opener = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(self.jar))
        full = urllib.parse.urljoin(f"http://localhost:{self.house.port}/", url)
        body = urllib.parse.urlencode(data).encode() if data is not None else None
        request = urllib.request.Request(full, body, {"Accept-Encoding": "gzip", "Accept-Language": "en"})
        try:
            answer = opener.open(request, timeout=120)
        except urllib.error.HTTPError as refused:
            answer = refused
        raw = answer.read()
        plain = gzip.decompress(raw) if answer.headers.get("Content-Encoding") == "gzip" else raw
        return Answer(answer.status or 0, answer.geturl(), plain.decode("utf-8", "replace"), len(raw), answer.headers)

    def get(self, path: str) -> Answer:
        return self._ask(path)

    def send(self, page: Answer, action: str = "", **values: Any) -> Answer:
        """Send a form of ``page`` with some fields filled in (a list: several of one name; None: left out)."""
        url, fields = page.form(action)
        kept = [(name, value) for name, value in fields if name not in values]
        for name, value in values.items():
            kept += [(name, str(one)) for one in (value if isinstance(value, list) else [value]) if one is not None]
        return self._ask(urllib.parse.urljoin(page.url, url), kept)

    def sign_in(self, address: str) -> Answer:
        """Ask for a letter, take its link, press the button."""
        before = len(letters(self.house, address))
        self.send(self.get("/sign-in"), "/sign-in", address=address)
        found = until(lambda: letters(self.house, address)[before:], f"the sign-in letter to {address}")
        return self.send(self.get(link(found[-1], "/sign-in/")), "/sign-in/")


def everything(house: House) -> list[EmailMessage]:
    """What the embedded mailbox holds, oldest first."""
    with urllib.request.urlopen(f"http://localhost:{house.port}/mailbox.mbox", timeout=120) as answer:
        raw = answer.read()
    with tempfile.NamedTemporaryFile() as file:
        file.write(raw)
        file.flush()
        kept = mailbox.mbox(file.name, factory=lambda one: message_from_binary_file(one, policy=policy.default))
        return list(kept)


def letters(house: House, to: str) -> list[EmailMessage]:
    """What the embedded mailbox holds for ``to``, oldest first."""
    return [message for message in everything(house) if to in str(message["To"])]


def caught(house: House, subject: str = "", after: int = 0) -> list[Caught]:
    """Letters with their envelopes as the embedded mailbox took them, oldest first, whose subject holds ``subject``."""
    sql = "SELECT sender, recipients, raw FROM letters WHERE id > ? AND instr(subject, ?) ORDER BY id"
    with closing(sqlite3.connect(house.instance / "mailbox.sqlite3", timeout=15)) as kept:
        rows = kept.execute(sql, (after, subject)).fetchall()
    return [Caught(sender, recipients.split(), raw) for sender, recipients, raw in rows]


def newest(house: House, to: str, subject: str = "", number: int = 1) -> EmailMessage:
    """The letter number ``number`` to ``to`` whose subject holds ``subject``, once it is there."""

    def ours() -> list[Caught]:
        return [one for one in caught(house, subject) if to in one.recipients][number - 1 :]

    found: list[Caught] = until(ours, f"letter {number} “{subject}” to {to}")
    return found[0].message


def words(message: EmailMessage) -> str:
    """The plain part of a letter."""
    part = message.get_body(("plain",))
    assert part is not None
    return part.get_content()


def link(message: EmailMessage, part: str) -> str:
    """The first address in a letter that holds ``part``."""
    found = re.search(rf"https?://\S*{re.escape(part)}\S*", words(message))
    assert found, words(message)
    return found[0]
