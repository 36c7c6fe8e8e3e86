"""RFC 8058 with the real client: no cookie, no session, no CSRF token; CSRF is on, as in life."""

import re
from html import unescape

import pytest

from caucusmail import tokens
from caucusmail.database import db, transaction
from caucusmail.delivery.models import Delivery
from caucusmail.groups import queries
from caucusmail.tokens import Purpose
from tests import make
from tests.groups.leaving import PLACES, copy, digest, letters_to
from tests.web.my import my

BODY = {"List-Unsubscribe": "One-Click"}


@pytest.fixture
def client(csrf_client):
    return csrf_client


@pytest.fixture
def reader():
    """A reader in three caucuses, and the address in the header of a copy that two of them brought."""
    person = make.person()
    groups = []
    for number, slug in enumerate(("water", "children", "peace")):
        caucus = make.caucus(slug, place=number)
        groups.append(make.group(caucus))
        make.member(caucus, person, groups[-1])
    delivery = copy(person, groups[0], groups[2])
    return person, f"/leave/{tokens.sign(Purpose.ONE_CLICK, delivery.id)}"


def test_a_letter_that_no_group_brought_says_that_there_was_nothing_to_leave(client, reader):
    person, _url = reader
    test_letter = copy(person, why="t")
    page = client.post(f"/leave/{tokens.sign(Purpose.ONE_CLICK, test_letter.id)}", data=BODY).text
    assert "There is nothing to leave" in page
    assert "no longer" not in page
    assert slugs(person) == ["water", "children", "peace"]


def slugs(person) -> list[str]:
    return [place.caucus.slug for place in queries.places(person)]


@pytest.mark.parametrize(
    "how",
    [
        {"data": BODY, "content_type": "multipart/form-data"},
        {"data": BODY},
        {"data": b"List-Unsubscribe=One-Click", "content_type": "application/x-www-form-urlencoded"},
        {"data": b""},
        {"data": b"\xff\x00{", "content_type": "application/json"},
        {"data": b"no boundary", "content_type": "multipart/form-data"},
        {"data": BODY, "headers": {"Origin": "https://elsewhere.example", "Referer": "https://elsewhere.example/"}},
        {"data": BODY, "headers": {"Cookie": "session=nonsense"}},
    ],
)
def test_a_post_leaves_what_brought_the_copy_however_it_is_sent(client, reader, how):
    person, url = reader
    answer = client.post(url, **how)
    assert answer.status_code == 200
    assert "Location" not in answer.headers
    assert "Set-Cookie" not in answer.headers
    assert slugs(person) == ["children"]
    assert len(letters_to(person)) == 1


def test_twice_is_once(client, reader):
    person, url = reader
    client.post(url, data=BODY)
    before = digest(*PLACES)
    again = client.post(url, data=BODY)
    assert (again.status_code, digest(*PLACES)) == (200, before)
    assert len(letters_to(person)) == 1


def test_get_head_and_options_change_nothing(client, reader):
    person, url = reader
    before = digest(*PLACES)
    for method in (client.get, client.head, client.options):
        for _time in range(3):
            answer = method(url)
            assert answer.status_code == 200
            assert "Set-Cookie" not in answer.headers
    assert digest(*PLACES) == before
    assert slugs(person) == ["water", "children", "peace"]


def test_the_page_says_what_would_be_left_and_what_stays(client, reader):
    _person, url = reader
    shown = re.sub(r"<[^>]+>|\s+", " ", client.get(url).text)
    assert re.search(r"because you are in: .*water caucus .*peace caucus .*You stay in: .*children caucus", shown)
    assert client.get(url).headers["Cache-Control"] == "no-store"


def test_after_it_the_page_says_so(client, reader):
    _person, url = reader
    client.post(url, data=BODY)
    assert "There is nothing to leave" in client.get(url).text


def test_every_flipped_character_is_refused_and_nothing_changes(client, reader):
    person, url = reader
    start = url.rindex("/") + 1
    for at in range(start, len(url), 3):
        forged = url[:at] + ("A" if url[at] != "A" else "B") + url[at + 1 :]
        assert client.post(forged, data=BODY).status_code == 404
    assert len(slugs(person)) == 3


def test_the_token_of_one_copy_leaves_nothing_of_another_reader(client, reader):
    person, _url = reader
    other = make.member(make.caucus("other"), group=None)
    mine = copy(other, queries.subscriptions(person)[0].group)
    client.post(f"/leave/{tokens.sign(Purpose.ONE_CLICK, mine.id)}", data=BODY)
    assert len(slugs(person)) == 3
    assert slugs(other) == ["other"]


def test_a_copy_no_longer_on_record_gets_a_kind_page(client, reader):
    person, url = reader
    with transaction():
        db.session.delete(make.rows(Delivery)[-1])
    for answer in (client.get(url), client.post(url, data=BODY)):
        assert answer.status_code == 404
        assert "This link does not work any more" in answer.text
    assert len(slugs(person)) == 3


def test_the_receipt_page_offers_the_way_back_and_it_works(client, reader):
    person, url = reader
    before = digest(*PLACES)
    done = client.post(url, data=BODY).text
    back = unescape(re.search(r'href="([^"]*/undo/[^"]+)"', done)[1])
    asked = client.get(back)
    token = re.search(r'name="csrf_token" value="([^"]+)"', asked.text)[1]
    assert client.post(back).status_code == 400
    assert client.post(back, data={"csrf_token": token}).status_code == 200
    assert digest(*PLACES) == before
    assert slugs(person) == ["water", "children", "peace"]


def test_nothing_that_is_posted_makes_it_leave_what_did_not_bring_the_copy(client, reader):
    person, url = reader
    assert client.post(url, data={"what": "everything"}).status_code == 200
    assert slugs(person) == ["children"]


def test_the_receipt_page_leads_to_leaving_everything_by_the_way_in_of_the_letter(client, reader):
    person, url = reader
    with transaction():
        make.rows(Delivery)[-1].settings_version = person.settings_version
    link = re.search(r'href="([^"]*/leave)"', client.post(url, data=BODY).text)[1]
    assert "Leave everything" in client.get(link).text
    assert slugs(person) == ["children"]


def test_a_letter_whose_links_were_revoked_leads_to_signing_in(client, reader):
    person, url = reader
    with transaction():
        make.rows(Delivery)[-1].settings_version = person.settings_version
        person.settings_version += 1
    asked = client.get(url).text
    done = client.post(url, data=BODY).text
    assert 'href="/me/leave"' in done
    assert "water caucus" in asked  # what brought the letter
    assert "children caucus" not in asked + done
    assert slugs(person) == ["children"]


def test_a_signed_link_is_the_only_exemption_from_csrf(client, reader):
    person, _url = reader
    assert client.post(my(person, "/leave"), data=BODY).status_code == 400
    assert len(slugs(person)) == 3


@pytest.mark.parametrize(
    ("edition", "prefix", "browser", "shown"),
    [
        ("fr", "", "en", "fr"),
        ("en+fr", "", "en", "fr"),
        ("en", "", "fr", "en"),
        ("fr", "/en", "fr", "en"),
        ("en", "/fr", "en", "fr"),
    ],
)
def test_the_page_speaks_as_the_letter_did_unless_its_address_says_otherwise(
    client, reader, edition, prefix, browser, shown
):
    _person, url = reader
    with transaction():
        make.rows(Delivery)[-1].language = edition
    for answer in (client.get, client.post):
        html = answer(prefix + url, headers={"Accept-Language": browser}).text
        assert html.startswith(f'<!doctype html>\n<html lang="{shown}"')


def test_every_end_of_it_leads_to_ones_own_page(client, reader):
    _person, url = reader
    for answer in (client.post(url, data=BODY), client.post(url, data=BODY), client.get(url)):
        assert re.search(r'href="/(my/|me")', answer.text)
    assert "There is nothing to leave" in answer.text
