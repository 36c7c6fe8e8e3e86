"""The email groups of a caucus, as its coordinators and the secretariat open, close and open them again."""

import re

import pytest

from caucusmail.database import transaction
from caucusmail.delivery.models import Delivery
from caucusmail.directory.models import Status
from caucusmail.groups.models import EmailGroup
from tests import make
from tests.door import let_in
from tests.statements import counted

URL = "/caucuses/vrwg/email-groups"
NEW = {"local_part": "vrwg-news", "name_en": "VRWG news", "name_fr": ""}


@pytest.fixture
def group(vrwg, members):
    """The email group that the members of the caucus are on."""
    (one,) = make.rows(EmailGroup)
    return one


def undo(client) -> str:
    """The newest way back that the page offers."""
    return re.findall(rf'action="({URL}/[a-z-]+/undo/\d+)"', client.get(URL).text)[-1]


def test_a_caucus_without_a_group_says_what_that_means_and_offers_to_open_one(client, ilse):
    page = client.get(URL).text
    assert "This caucus has no email group yet" in page
    assert 'name="local_part"' in page


def test_a_coordinator_closes_a_group_for_a_reason_that_stays_and_takes_it_back(client, ilse, group):
    assert "2 people keep their places on it" in client.get(f"{URL}/vrwg/close").text
    assert client.post(f"{URL}/vrwg/close", data={"reason": "We meet elsewhere."}).status_code == 303
    page = client.get(URL).text
    assert "Those on it are written to in 10 minutes, unless you take it back." in page
    assert "We meet elsewhere." in page
    assert "Open “Victims’ Rights Working Group” again" in page
    client.post(f"{URL}/vrwg/close", data={"reason": "Once more."})
    back = undo_of(client, ilse, group)
    assert client.post(back).status_code == 303
    assert group.closed_at is None
    client.post(back)
    assert "This was taken back before." in client.get(URL).text


def undo_of(client, ilse, group) -> str:
    """The way back from the only closing there was."""
    page = client.get(URL).text
    assert "“Victims’ Rights Working Group” is closed. Nothing was changed now." in page
    assert "/undo/" not in page
    client.post(f"{URL}/vrwg/reopen")
    client.post(f"{URL}/vrwg/close", data={"reason": "We meet elsewhere."})
    return undo(client)


def test_without_a_reason_nothing_is_closed(client, ilse, group):
    answer = client.post(f"{URL}/vrwg/close", data={"reason": " "})
    assert answer.status_code == 422
    assert "Say why it is closed: its members read it." in answer.text
    assert group.closed_at is None


def test_a_member_reads_on_their_own_page_that_a_group_is_closed_and_why(client, ilse, group, members):
    client.post(f"{URL}/vrwg/close", data={"reason": "We meet <elsewhere>."})
    let_in(client, members[0])
    page = client.get("/en/me").text
    assert "We meet &lt;elsewhere&gt;." in page
    assert "Nothing is sent to it. Your place on it is kept." in page
    assert "No letters, I read on the site" not in page


def test_a_group_is_opened_for_every_member_and_the_opening_taken_back(client, ilse, group, members):
    assert client.post(URL, data=NEW).status_code == 303
    assert len(make.rows(Delivery)) == 2
    back = undo(client)
    assert client.post(back).status_code == 303
    assert [one.local_part for one in make.rows(EmailGroup)] == ["vrwg"]
    assert make.rows(Delivery) == []


@pytest.mark.parametrize(
    ("local_part", "words"),
    [
        ("Vrwg News", "cannot be the name of a group"),
        ("vrwg", "is in use already"),
        ("Secretariat", "is kept for the site itself"),
        ("", "Write what stands before the @."),
    ],
)
def test_a_name_that_cannot_be_had_is_refused_beside_its_field_and_nothing_is_lost(
    client, ilse, group, local_part, words
):
    answer = client.post(URL, data=NEW | {"local_part": local_part})
    assert answer.status_code == 422
    assert re.search(rf'id="local_part-error"><p class="error">[^<]*{re.escape(words)}', answer.text)
    assert f'value="{NEW["name_en"]}"' in answer.text
    assert f'value="{local_part}"' in answer.text
    assert len(make.rows(EmailGroup)) == 1


def test_who_keeps_another_caucus_finds_nothing_here(client, group):
    let_in(client, make.coordinator(make.caucus("water")))
    assert client.get(URL).status_code == 404
    assert client.post(URL, data=NEW).status_code == 404
    assert client.post(f"{URL}/vrwg/close", data={"reason": "x"}).status_code == 404
    assert client.post(f"{URL}/vrwg/reopen").status_code == 404
    assert client.get("/caucuses/water/email-groups/vrwg/close").status_code == 404
    assert group.closed_at is None


def test_who_keeps_nothing_may_not_look(client, group, members):
    let_in(client, members[0])
    assert client.get(URL).status_code == 403


def test_an_archived_caucus_shows_its_groups_and_changes_none(staff, group):
    staff.post(f"{URL}/vrwg/close", data={"reason": "It is over."})
    staff.get(URL)
    with transaction():
        group.caucus.status = Status.ARCHIVED
    page = staff.get(URL).text
    assert "It is over." in page
    assert "<form" not in page.partition("<main")[2]
    answer = staff.post(f"{URL}/vrwg/reopen")
    assert answer.status_code == 409
    assert "its email groups stay closed" in answer.text
    assert group.closed_at is not None


def test_the_page_is_found_from_where_one_keeps_the_caucus(client, ilse, group):
    for path in ("/en/me", "/en/caucuses/vrwg"):
        assert f"/en{URL}" in client.get(path).text
    let_in(client, make.secretary())
    assert f"/en{URL}" in client.get("/en/staff/caucuses/vrwg").text


def test_the_statements_of_the_list_do_not_grow_with_its_groups(staff, group):
    with counted() as few:
        staff.get(URL)
    for number in range(8):
        make.group(group.caucus, local_part=f"more-{number}")
    with counted() as many:
        staff.get(URL)
    assert len(many) == len(few)
