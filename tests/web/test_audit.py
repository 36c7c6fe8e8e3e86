"""The journal's page: read by the secretariat alone, narrowed, every verb of the house in words."""

import ast
import re
from pathlib import Path

import pytest

import caucusmail
from caucusmail.audit import journal
from caucusmail.database import transaction
from caucusmail.directory.journal import PER_PAGE
from caucusmail.web.audit import wording
from tests import make
from tests.door import let_in
from tests.statements import counted

URL = "/en/staff/journal"
VERB = re.compile(r"[a-z]+(-[a-z]+)*\.[a-z]+(-[a-z]+)*")
NO_VERBS = {"meetings.id", "people.id", "step.taken-back"}
WORDS = {verb for kind in wording.VERBS.values() for verb in kind}


def note(verb, subject, by=None, **more):
    with transaction():
        return journal.record(verb, subject, by, **more)


def spoken_of() -> set[str]:
    """Every verb that a module with the journal in its hand holds."""
    found: set[str] = set()
    for path in Path(caucusmail.__file__).parent.rglob("*.py"):
        source = path.read_text()
        if {"web", "demo"} & set(path.parts) or "from caucusmail.audit" not in source:
            continue
        texts = (one.value for one in ast.walk(ast.parse(source)) if isinstance(one, ast.Constant))
        found |= {text for text in texts if isinstance(text, str) and VERB.fullmatch(text)}
    return found - NO_VERBS


def test_every_verb_of_the_house_has_its_words_on_the_page():
    assert {"group.closed", "application.approved"} <= spoken_of()
    assert spoken_of() - WORDS == set()


def test_a_journal_without_entries_and_one_without_matches_say_so(client):
    let_in(client, make.secretary(name="Noor"))
    assert "Nothing in the journal matches." in client.get(f"{URL}?about=nobody").text
    assert client.get(f"{URL}?kind=emperor&by=x&before=-1&of=a&id=99999999999").status_code == 200


def test_who_did_what_to_whom_and_why_is_read_and_each_leads_on(staff):
    caucus, noor = make.caucus("water"), make.secretary(name="Ola <b>")
    entry = note("caucus.moved", caucus, noor, reason="It <met>.")
    page = staff.get(URL).text
    for words in ("Changed the status of a caucus", "Ola &lt;b&gt;", "water caucus", "It &lt;met&gt;."):
        assert words in page
    for link in (f"by={noor.id}", f"of=caucuses&amp;id={caucus.id}", "/en/staff/caucuses/water"):
        assert link in page
    history = staff.get(f"{URL}?of=caucuses&id={caucus.id}").text
    assert "Only the history of one thing." in history
    assert "It &lt;met&gt;." in history
    assert "Signed in" not in history
    assert entry.id


def test_it_is_narrowed_by_kind_and_stays_so_on_the_next_page(staff):
    caucus = make.caucus("water")
    for _ in range(PER_PAGE + 1):
        note("caucus.described", caucus)
    note("ngo.lapsed", make.ngo())
    page = staff.get(f"{URL}?kind=caucuses").text
    assert "A membership lapsed" not in page
    older = re.search(r'rel="next" href="([^"]+)"', page)[1].replace("&amp;", "&")
    assert "kind=caucuses" in older
    assert staff.get(older).text.count("Changed the words of a caucus") == 1


def test_no_address_is_shown(staff):
    ana = make.person("Ana", "ana.canary@mail.example")
    note("preferences.changed", ana, ana, was={"secret": "canary-detail"})
    page = staff.get(URL).text
    assert "Ana" in page
    assert "canary" not in page


@pytest.mark.parametrize("who", ["keeper", "member", "stranger"])
def test_nobody_else_reads_it(client, who):
    caucus = make.caucus()
    if who != "stranger":
        let_in(client, make.coordinator(caucus) if who == "keeper" else make.member(caucus))
    answer = client.get(URL)
    assert answer.status_code == (303 if who == "stranger" else 403)


def test_the_statements_of_the_page_do_not_grow_with_its_entries(staff):
    note("caucus.moved", make.caucus())
    with counted() as few:
        staff.get(URL)
    for _ in range(20):
        note("affiliation.ended", make.member(make.caucus()), make.person())
    with counted() as many:
        staff.get(URL)
    assert len(many) == len(few)
