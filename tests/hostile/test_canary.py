"""Everything there is to read, read as everybody: no word of fifty members reaches who has no right to it (``canaries.RIGHTS``).

Every route with numbers and tokens of this world, what its links lead to, what searches find, files, feeds and refusals; the
letters that the ledger owes; and what was logged meanwhile.
"""

import io
import logging
import re
import zipfile
from collections.abc import Iterator
from email import message_from_bytes, policy
from html import unescape
from urllib.parse import urljoin, urlsplit

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from werkzeug.test import TestResponse

from caucusmail import clock, tokens
from caucusmail.database import db, transaction
from caucusmail.delivery import filling
from caucusmail.delivery.models import Delivery, OutgoingText
from caucusmail.directory import showing
from caucusmail.directory.models import Shown
from caucusmail.mail import compiled
from caucusmail.tokens import Purpose
from tests.entering import enter
from tests.hostile import canaries, world
from tests.hostile.canaries import PREFIX, RIGHTS, Cage

SEARCH = f"q={PREFIX}&find={PREFIX}&who={PREFIX}&about={PREFIX}&name={PREFIX}&search={PREFIX}"
WORD = re.compile(rf"{PREFIX}[a-z]{{11}}|[0-9a-f]{{20}}|[A-Z][a-z]+ [A-Z][a-z]+ [1-9][0-9]{{2}}")
DEEPEST = 3  # links of links
MOST = 60  # pages that one role follows links to
FORMS = (
    "stranger",
    "outsider",
    "coordinator elsewhere",
    "administrator elsewhere",
    "settings token",
    "member",
    "coordinator",
)
"""Those who send forms too, when everybody has read everything."""
LEFT_OUT = ("mailbox.",)  # the demonstration's mailbox: everybody's letters, never in production


def said(answer: TestResponse) -> str:
    """All that an answer tells: headers, and the body with what is packed in it."""
    body = answer.get_data()
    if answer.mimetype == "application/zip":
        with zipfile.ZipFile(io.BytesIO(body)) as packed:
            body = b"\n".join(packed.read(name) for name in packed.namelist())
    return f"{answer.status}\n{answer.headers}\n{unescape(body.decode('utf-8', 'replace'))}"


def words_in(text: str) -> set[str]:
    """Whatever may be a word of theirs: canaries, made-up names, mailboxes."""
    return set(WORD.findall(text))


class Crawl:
    """One role's way through the house: each address with all that it said."""

    def __init__(self, app: Flask, client: FlaskClient, cage: Cage, role: str) -> None:
        self.app, self.client, self.cage, self.role = app, client, cage, role
        self.pages: dict[str, str] = {}
        person = canaries.people(cage)[role]
        with client.session_transaction() as session:
            session.clear()
        if person is not None:
            enter(client, person)
        self.own = person or cage.world.ours.member
        self.token = tokens.sign(Purpose.SETTINGS, self.own.id, self.own.settings_version)

    def addresses(self) -> Iterator[str]:
        """Every route, for this caucus and for one of each kind of canary."""
        ours, more = self.cage.world.ours, {"token": self.token if self.role == "settings token" else "garbage"}
        several = [canaries.numbers_of(self.cage.of(shown)[0]) for shown in (Shown.PSEUDONYM, Shown.NOTHING)]
        for rule in world.rules(self.app, "GET"):
            if rule.endpoint.startswith(LEFT_OUT):
                continue
            numbered = [one for one in several if one.keys() & rule.arguments] or [{}]
            for numbers in numbered:
                yield world.path(self.app, rule, ours, **more | numbers)

    def get(self, address: str) -> str:
        if address not in self.pages:  # an address that was asked for is said again by the page
            self.pages[address] = said(self.client.get(address)).replace(urlsplit(address).path, "")
        return self.pages[address]

    def everything(self) -> None:
        first = list(dict.fromkeys(self.addresses()))
        opened = [path for path in first if self.get(path).startswith("200")]
        for path in opened:
            self.get(f"{path}?{SEARCH}")
        for path in opened:  # in the other language other templates' words stand around the same people
            self.get(f"/fr{path}")
        found, left = [f"{path}{more}" for path in opened for more in ("", f"?{SEARCH}")], MOST
        for _ in range(DEEPEST):
            found = [one for address in found for one in self.links(address)][:left]
            left -= len(found)
            for address in found:
                self.get(address)

    def links(self, address: str) -> Iterator[str]:
        """The addresses of this site that a page leads to and that differ in what they ask, once each."""
        for href in dict.fromkeys(re.findall(r'href="([^"#]+)', self.pages[address])):
            parts = urlsplit(urljoin(address, unescape(href)))
            reached = f"{parts.path}?{parts.query}"
            same = parts.scheme or "next=" in parts.query or parts.path.startswith(("/fr", "/en"))
            if parts.query and not same and reached not in self.pages:
                yield reached

    def forms(self) -> None:
        """Every form sent empty, and half filled: what a refusal shows."""
        more = {"token": self.token if self.role == "settings token" else "garbage"}
        several = [canaries.numbers_of(self.cage.of(shown)[0]) for shown in (Shown.PSEUDONYM, Shown.NOTHING)]
        for rule in world.rules(self.app, "POST"):
            if rule.endpoint.startswith((*LEFT_OUT, "protection.protect")):  # signs out: the rest would be a stranger's
                continue
            for numbers in [one for one in several if one.keys() & rule.arguments] or [{}]:
                path = world.path(self.app, rule, self.cage.world.ours, **more | numbers)
                answer = self.client.post(path, data={"q": PREFIX, "name": PREFIX, "reason": "x"})
                self.pages[f"POST {path}"] = said(answer).replace(path, "")

    def leaks(self, words: dict[str, str] | None = None) -> list[tuple[str, str, str]]:
        """What was read without a right (or of ``words``): address, what it is, the words around it."""
        words = canaries.forbidden(self.cage, self.role) if words is None else words
        return [
            (address, words[word], text[max(0, text.index(word) - 80) :][:120])
            for address, text in self.pages.items()
            for word in words_in(text) & words.keys()
        ]

    def missed(self) -> set[str]:
        """What this role may read and did not meet: the crawl would not find a leak there."""
        return canaries.allowed(self.cage, self.role).difference(*(words_in(text) for text in self.pages.values()))


@pytest.fixture(scope="module")
def logged() -> Iterator[io.StringIO]:
    """All that is logged, by anybody, at any level but what a library says of its own workings."""
    written = io.StringIO()
    handler = logging.StreamHandler(written)
    ours = logging.getLogger("caucusmail")
    level = ours.level
    ours.setLevel(logging.DEBUG)
    for one in (ours, logging.getLogger("werkzeug")):
        one.addHandler(handler)
    yield written
    ours.setLevel(level)
    for one in (ours, logging.getLogger("werkzeug")):
        one.removeHandler(handler)


@pytest.fixture
def cage() -> Cage:
    return canaries.build()


def test_no_word_reaches_who_has_no_right_to_it(
    app: Flask, client: FlaskClient, cage: Cage, logged: io.StringIO
) -> None:
    found = {}
    for role in RIGHTS:
        crawl = Crawl(app, client, cage, role)
        crawl.everything()
        assert len(crawl.pages) > 150, role
        assert crawl.missed() == set(), role
        if leaks := crawl.leaks():
            found[role] = leaks
    for role in FORMS:
        crawl = Crawl(app, client, cage, role)
        crawl.forms()
        assert len(crawl.pages) > 100, role
        if leaks := crawl.leaks():
            found[f"forms of {role}"] = leaks
    assert found == {}
    assert PREFIX not in logged.getvalue()
    assert letters_that_tell(cage) == []


def letters_that_tell(cage: Cage) -> list[tuple[str, str, str]]:
    """Letters owed to somebody in whom a word stands that is neither theirs nor theirs to read."""
    roles = {person.id: role for role, person in canaries.people(cage).items() if person is not None}
    members = {one.place.person_id for one in cage.canaries}
    found = []
    texts = {(one.message_id, one.language): one for one in db.session.scalars(select(OutgoingText))}
    rows = db.session.scalars(select(Delivery)).all()
    assert len(rows) > len(cage.canaries)
    for row in rows:
        text = texts[row.message_id, row.language]
        raw = compiled.fill(text.raw, filling.values(row, text.words, clock.now()))
        message = message_from_bytes(raw, policy=policy.default)
        parts = [str(part.get_content()) for part in message.walk() if part.get_content_maintype() == "text"]
        whole = "\n".join([raw.decode("utf-8", "replace"), *parts])
        role = roles.get(row.person_id or 0, "member" if row.person_id in members else "stranger")
        words = canaries.forbidden(cage, role, but=row.person_id)
        found += [(role, words[word], row.message.kind) for word in words_in(whole) & words.keys()]
    return found


def test_the_crawl_finds_what_it_looks_for_as_soon_as_somebody_shows_it(
    app: Flask, client: FlaskClient, cage: Cage
) -> None:
    hidden = cage.of(Shown.NOTHING)[0]
    path = f"/caucuses/{cage.world.ours.slug}/members"
    before = Crawl(app, client, cage, "member")
    before.get(f"{path}?{SEARCH}")
    assert before.leaks() == []
    with transaction():
        showing.choose(hidden.place, Shown.NAME_AND_ORGANISATION, by=hidden.place.person)
    after = Crawl(app, client, cage, "member")
    for page in ("", "&page=2", "&page=3"):
        after.get(f"{path}?{SEARCH}{page}")
    assert [what for _address, what, _around in after.leaks()] != []
