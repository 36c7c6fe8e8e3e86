"""Walk through the sign-up form as a browser does: every page's own fields, hidden ones included, go to its button."""

import re
from dataclasses import dataclass, field
from datetime import timedelta
from html.parser import HTMLParser
from typing import Any

import pytest
from flask.testing import FlaskClient
from werkzeug.datastructures import MultiDict
from werkzeug.test import TestResponse

from caucusmail import clock
from caucusmail.database import db
from caucusmail.directory import asking
from caucusmail.directory.applications import Applicant
from tests import make


class Form(HTMLParser):
    """The fields of the form in ``main`` with the most of them, with the values a browser would send."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.values: MultiDict[str, str] = MultiDict()
        self._select, self._area, self._chosen = "", "", False
        main = html[html.index("<main") : html.index("</main>")]
        self.feed(main)

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        a = {name: value or "" for name, value in attributes}
        name = a.get("name", "")
        if tag == "input" and name and (a.get("type") not in ("checkbox", "radio") or "checked" in a):
            self.values.add(name, a.get("value", "on" if a.get("type") == "checkbox" else ""))
        elif tag == "select":
            self._select, self._chosen = name, False
        elif tag == "option" and self._select:
            if "selected" in a:
                self.values.setlist(self._select, [a["value"]])
                self._chosen = True
            elif not self._chosen and self._select not in self.values:
                self.values.add(self._select, a["value"])
        elif tag == "textarea":
            self._area = name
            self.values.add(name, "")

    def handle_endtag(self, tag: str) -> None:
        if tag == "select":
            self._select = ""
        if tag == "textarea":
            self._area = ""

    def handle_data(self, data: str) -> None:
        if self._area:
            self.values[self._area] = (self.values[self._area] + data).lstrip("\r\n")


@dataclass
class Walk:
    """A reader with a browser: ``press("/join/who", caucuses=["vrwg"])`` sends the page's form with these filled in."""

    client: FlaskClient
    prefix: str = ""
    page: TestResponse = field(init=False)

    def open(self, path: str = "/join") -> "Walk":
        self.page = self.client.get(self.prefix + path)
        return self

    @property
    def text(self) -> str:
        return self.page.get_data(as_text=True)

    @property
    def fields(self) -> MultiDict[str, str]:
        return Form(self.text).values

    @property
    def errors(self) -> list[str]:
        return re.findall(r'<p class="error"[^>]*>(.*?)</p>', self.text)

    def press(self, path: str, **filled: Any) -> "Walk":
        values = self.fields
        for name, value in filled.items():
            values.setlist(name.replace("__", "-"), value if isinstance(value, list) else [value])
        self.page = self.client.post(self.prefix + path, data=values, headers={"Accept-Encoding": "identity"})
        return self


MHI = {
    "ngo_name": "Mwangaza Haki Initiative",
    "acronym": "MHI",
    "country_code": "KE",
    "vouchers": "The Kenyan national coalition.",
}
ACHIENG = {
    "people__0__name": "Achieng Odera",
    "people__0__title": "Programme officer",
    "people__0__address": "achieng@mhi.example",
}
PETER = {
    "people__1__name": "Peter Kamau",
    "people__1__address": "pkamau@webmail.example",
    "people__1__language": "en",
    "people__1__second_language": "fr",
}
TICKS = {"authorised": "y", "naming_policy": "y"}


def to_check(walk: Walk, *slugs: str, who: dict[str, Any] = MHI, people: dict[str, Any] | None = None) -> Walk:
    """Fill in all three steps, up to the check page."""
    walk.open().press("/join/who", caucuses=list(slugs)).press("/join/people", **who)
    if people is None:
        walk.press("/join/people", add="1", **ACHIENG)
        people = PETER
    return walk.press("/join/check", **people, **TICKS)


def ripe(walk: Walk, monkeypatch: pytest.MonkeyPatch, seconds: float = 60) -> Walk:
    """Let some time pass on the check page."""
    moment = clock.now() + timedelta(seconds=seconds)
    monkeypatch.setattr(clock, "now", lambda: moment)
    return walk


def rows(model: type[Any]) -> list[Any]:
    """What is in the table now, whatever the session remembers."""
    db.session.expire_all()
    return make.rows(model)


def link(applicant: Applicant) -> str:
    """Where the letter to ``applicant`` leads."""
    return "/join/confirm/" + asking.confirm_token(applicant)
