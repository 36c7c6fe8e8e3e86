"""What one's own pages say while one is protected: how one is shown now, and what comes."""

import re

import pytest

from caucusmail.accounts.models import Person
from caucusmail.database import transaction
from caucusmail.directory.models import RosterPolicy
from caucusmail.groups import pauses
from caucusmail.groups.models import Mode
from tests import make
from tests.directory.test_roster import seated
from tests.door import let_in
from tests.privacy.protected import lift, protect
from tests.web.my import my, text

SAFE = "somebody@safe.example"
NOTHING = "No letters come for now: you are protected."
FALSE = (
    "by name.",
    "Every letter comes",
    "Letters come again",
    "see your name, whatever",
    "still come",
    "Letters go to a***",
)


@pytest.fixture
def ada() -> Person:
    caucus = make.caucus("open", roster=RosterPolicy.MEMBERS)
    make.group(caucus)
    return seated(caucus, "Ada Canary", "Zenith")


def card(page) -> str:
    """What the page says from its first caucus on."""
    return text(page).partition("Active")[2].partition("Language, time and reminders")[0]


def test_the_card_says_that_nobody_reads_the_name_and_that_nothing_comes(client, member):
    before = card(client.get(my(member)))
    assert "the coordinators and the secretariat, by name." in before
    assert "Every letter comes by mail." in before
    made = protect(member)
    let_in(client, member)
    page = client.get("/me")
    said = card(page)
    assert f"nobody by your name. The coordinators and the secretariat read “{made.stands_for}” in its place." in said
    assert NOTHING in said
    assert [words for words in FALSE if words in text(page)] == []
    assert len(re.findall(r'href="/me/protect"', page.text)) == 3  # above, and on each of the two cards
    lift(made)
    assert "Every letter comes by mail." in card(client.get("/me"))


def test_of_who_speaks_for_an_organisation_its_administrators_read_the_made_up_name_too(client, ada):
    made = protect(ada)
    let_in(client, ada)
    for page in ("/me", "/me/shown/open"):
        said = text(client.get(page))
        assert f"the administrators of Zenith read “{made.stands_for}” in its place." in said
        assert [words for words in FALSE if words in said] == []


def test_who_chose_a_safe_address_reads_what_comes_there(client, member):
    protect(member, address=SAFE)
    let_in(client, member)
    said = text(client.get("/me"))
    assert "Letters go to the address that you chose for them." in said
    assert "Every letter comes by mail." in said


def test_the_link_of_a_letter_to_the_safe_address_says_the_same(client, member):
    made = protect(member, address=SAFE)
    page = client.get(my(member))
    assert f"read “{made.stands_for}” in its place" in text(page)
    assert "Letters go to the address that you chose for them." in text(page)
    assert f'href="{my(member, "/protect")}"' in page.text
    assert "protected.invalid" not in page.text


def test_what_is_chosen_meanwhile_promises_no_letters(client, member):
    with transaction():
        pauses.pause(member, None, None, None, by=member)
    protect(member)
    let_in(client, member)
    assert [words for words in FALSE if words in text(client.get("/me"))] == []
    said = client.post("/me/groups/water", data={"mode": Mode.EVERY.value}, follow_redirects=True)
    assert f"Saved for water caucus. {NOTHING}" in text(said)
    said = client.post("/me/resume", follow_redirects=True)
    assert f"The pause is over. {NOTHING}" in text(said)
