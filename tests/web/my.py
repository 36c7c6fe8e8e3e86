"""A person's own pages from a test: their addresses, what they say, and the undo they offer."""

import re
from html import unescape

from werkzeug.test import TestResponse

from caucusmail import tokens
from caucusmail.accounts.models import Person
from caucusmail.tokens import Purpose


def settings(person: Person) -> str:
    """The token at the foot of a letter to ``person``."""
    return tokens.sign(Purpose.SETTINGS, person.id, person.settings_version)


def my(person: Person, path: str = "") -> str:
    return f"/my/{settings(person)}{path}"


def text(response: TestResponse) -> str:
    """What the page says, without its markup."""
    return unescape(re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", response.text)))


def undo_url(page: TestResponse) -> str:
    found = re.search(r'action="([^"]*/undo/[^"]+)"', page.text)
    assert found, "the page offers no undo"
    return unescape(found[1])
