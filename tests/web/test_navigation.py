"""The head of every page: where one may go, by what one may do."""

import re

import pytest
from flask.testing import FlaskClient

from caucusmail.accounts import signing_in
from caucusmail.accounts.models import Person
from caucusmail.database import transaction
from tests import make


def as_(client: FlaskClient, person: Person) -> FlaskClient:
    with transaction():
        secret = signing_in.begin(person)
    with client.session_transaction() as session:
        session["_user_id"] = secret
    return client


def head(client: FlaskClient, path: str = "/en/caucuses") -> str:
    text = client.get(path).text
    return text[text.index("<header") : text.index("</header>")]


def entries(client: FlaskClient) -> list[str]:
    """The words of the head, without the languages."""
    return re.findall(r">([^<>\n]+)</(?:a|button)>", head(client).partition("</nav>")[2])


def test_a_stranger_is_shown_the_way_in_and_no_way_out(client):
    shown = entries(client)
    assert shown[0] == "Caucuses"
    assert "Sign in" in shown
    assert "Sign out" not in shown
    assert "Queue" not in shown


def test_a_member_is_shown_their_page_and_a_way_out(client):
    shown = entries(as_(client, make.member(make.caucus("water"))))
    assert "Sign in" not in shown
    assert "Sign out" in shown
    assert not {"Queue", "Announcements"} & set(shown)


@pytest.mark.parametrize("word", ["Queue", "Announcements"])
def test_nobody_is_shown_the_work_of_others(client, word):
    assert word not in entries(client)


def test_signing_out_is_a_form_and_never_a_link(client):
    shown = head(as_(client, make.person()))
    assert re.search(r'<form method="post" action="/en/sign-out"', shown)
    assert 'href="/en/sign-out"' not in shown


def test_the_page_one_is_on_is_marked_and_so_is_the_one_above_it(client):
    make.caucus("water")
    for path in ("/en/caucuses", "/en/caucuses/water", "/fr/caucuses/water/contact"):
        assert head(client, path).count('aria-current="page"') == 1
    assert 'aria-current="page"' not in head(client, "/en/caucuses-and-more")


def test_the_secretariat_finds_its_desk_and_only_the_nearest_entry_is_marked(client):
    as_(client, make.secretary())
    assert [word for word in entries(client) if word in ("Secretariat", "Queue")] == ["Secretariat", "Queue"]
    for path, word in (("/en/staff/caucuses", "Secretariat"), ("/en/staff/queue", "Queue")):
        assert re.findall(r'aria-current="page">([^<]+)<', head(client, path)) == [word]


def test_links_keep_the_reader_s_language(client):
    assert 'href="/fr/caucuses"' in head(client, "/fr/help")


def test_a_page_for_members_is_not_kept_by_a_shared_cache(client):
    answer = as_(client, make.person()).get("/en/caucuses")
    assert "private" in answer.headers["Cache-Control"]
    assert "Cookie" in answer.headers["Vary"]
