import re

import pytest
from flask.testing import FlaskClient

from caucusmail.accounts import passwords, queries
from caucusmail.accounts.models import SignIn
from caucusmail.database import db, transaction
from caucusmail.web.accounts.way_on import ours
from tests import letters, make

EVIL = [
    "",
    None,
    "staff",
    "//evil.example",
    "///evil.example",
    "////evil.example/%2f..",
    "/\\evil.example",
    "\\/evil.example",
    "\\\\evil.example",
    "/\t/evil.example",
    "/\n/evil.example",
    "/\r/evil.example",
    "\t//evil.example",
    " //evil.example",
    " /staff",
    "/ /evil.example",
    "/\x00/evil.example",
    "/\x0b/evil.example",
    "/\x1f/evil.example",
    "/\x7f/evil.example",
    "/\x85/evil.example",
    "/\u2028/evil.example",
    "/\u2029/evil.example",
    "/\u200b/evil.example",
    "/\u3000/evil.example",
    "/\uff0f/evil.example",
    "/\uff0fevil.example",
    "/\u2044evil.example",
    "/\u2215evil.example",
    "/\u29f5evil.example",
    "/\ufe68evil.example",
    "/evil\u3002example",
    "/\ufeff/evil.example",
    "http://evil.example",
    "https://evil.example",
    "https:evil.example",
    "https:/evil.example",
    "https:\\\\evil.example",
    "HTTPS://evil.example",
    "http:///evil.example",
    "javascript:alert(1)",
    "JaVaScRiPt:alert(1)",
    "java\tscript:alert(1)",
    "data:text/html,x",
    "vbscript:x",
    "mailto:a@evil.example",
    "ftp://evil.example",
    "blob:https://evil.example/x",
    "evil.example",
    "evil.example//",
    "@evil.example",
    "//evil.example@localhost",
    "//localhost@evil.example",
    "//[::1]/",
    "//%65vil.example",
    "/x//evil.example",
    "/../..//evil.example",
    "/.//evil.example",
    "/;//evil.example",
    "?next=//evil.example",
    "#//evil.example",
    "/x\r\nLocation: https://evil.example",
    "/x\r\nSet-Cookie: a=b",
    "/" + "x" * 600,
]


@pytest.mark.parametrize("path", EVIL)
def test_a_way_on_that_could_leave_the_site_is_dropped(path):
    assert ours(path) == ""


@pytest.mark.parametrize(
    "path", ["/", "/staff/queue?group=ready", "/caucuses/vrwg/members?q=a%20b&page=2", "/my/abc-_"]
)
def test_a_way_on_within_the_site_is_kept(path):
    assert ours(path) == path


def sign_in(client: FlaskClient, address: str, **query: str) -> str:
    """Ask, open the letter, press the button; where it leads."""
    client.post("/sign-in", data={"address": address}, query_string=query)
    link = letters.link(letters.to(address)[-1], "/sign-in/")
    answer = client.post(link)
    assert answer.status_code == 303, answer.text
    return answer.headers["Location"]


def test_a_letter_signs_in_and_a_page_knows_the_person(client):
    make.person(name="Anna", address="anna@ngo.example")
    assert client.get("/account/password").status_code == 303
    sign_in(client, "anna@ngo.example")
    assert client.get("/account/password").status_code == 200


def test_the_page_that_asked_for_a_sign_in_comes_after_it_in_its_language(client):
    make.person(address="anna@ngo.example")
    asked = client.get("/fr/account/password")
    assert asked.status_code == 303
    assert asked.headers["Location"].startswith("/fr/sign-in?next=/account/password")
    client.post("/fr/sign-in?next=/account/password", data={"address": "anna@ngo.example"})
    link = letters.link(letters.to("anna@ngo.example")[-1], "/sign-in/")
    token = link.rpartition("/")[2]
    assert client.post(f"/fr/sign-in/{token}").headers["Location"] == "/fr/account/password"


@pytest.mark.parametrize("wanted", ["/fr/account/password", "/en/account/password", "/account/password"])
def test_a_wanted_page_is_found_whether_its_language_is_named_or_not(client, wanted):
    make.person(address="anna@ngo.example")
    assert client.get(sign_in(client, "anna@ngo.example", next=wanted)).status_code == 200


@pytest.mark.parametrize("evil", ["//evil.example", "/\\evil.example", "https://evil.example", "/\t/evil.example"])
def test_after_signing_in_nobody_is_sent_to_another_site(client, evil):
    make.person(address="anna@ngo.example")
    assert "evil" not in sign_in(client, "anna@ngo.example", next=evil)


def test_known_and_unknown_addresses_get_the_same_answers(client, stopped_clock):
    make.person(address="known@ngo.example")
    pages = []
    for address in ("known@ngo.example", "other@ngo.example"):
        first = client.post("/sign-in", data={"address": address})
        second = client.get("/sign-in/code")
        wrong = client.post("/sign-in/code", data={"code": "000-000"})
        pages.append(
            [
                first.status_code,
                first.headers["Location"],
                second.text.replace(address, "@"),
                wrong.status_code,
                wrong.text.replace(address, "@"),
            ]
        )
    assert pages[0] == pages[1]


def test_looking_at_the_link_signs_nobody_in(client):
    make.person(name="Anna Kovač", address="anna@ngo.example")
    client.post("/sign-in", data={"address": "anna@ngo.example"})
    link = letters.link(letters.to("anna@ngo.example")[-1], "/sign-in/")
    for _ in range(3):
        assert "Anna Kovač" in client.get(link).text
    assert make.rows(SignIn) == []


def test_a_used_link_says_so_and_offers_a_new_one(client):
    make.person(address="anna@ngo.example")
    sign_in(client, "anna@ngo.example")
    link = letters.link(letters.to("anna@ngo.example")[-1], "/sign-in/")
    for answer in (client.get(link), client.post(link), client.get("/sign-in/rubbish")):
        assert answer.status_code == 404
        assert "Ask for a new letter" in answer.text


def test_the_code_signs_in(client):
    make.person(address="anna@ngo.example")
    client.post("/sign-in", data={"address": "anna@ngo.example"})
    code = letters.code(letters.to("anna@ngo.example")[-1])
    assert client.post("/sign-in/code", data={"code": code}).status_code == 303
    assert client.get("/account/password").status_code == 200


def test_who_shares_a_mailbox_chooses_after_the_code_too(client):
    make.person(name="Anna", address="office@ngo.example")
    ben = make.person(name="Ben", address="office@ngo.example")
    client.post("/sign-in", data={"address": "office@ngo.example"})
    code = letters.code(letters.to("office@ngo.example")[-1])
    to = client.post("/sign-in/code", data={"code": code}).headers["Location"]
    assert "Anna" in client.get(to).text
    assert "Please choose who you are" in client.post(to).text
    assert client.post(to, data={"person": str(ben.id)}).status_code == 303
    assert make.rows(SignIn)[0].person_id == ben.id


def test_the_code_page_without_a_question_leads_to_the_question(client):
    assert client.get("/sign-in/code").headers["Location"] == "/sign-in"


def test_a_password_signs_in(client):
    anna = make.person(address="anna@ngo.example")
    with transaction():
        passwords.replace(anna, "correct horse battery")
    wrong = client.post("/sign-in", data={"address": "anna@ngo.example", "password": "no"})
    assert wrong.status_code == 422
    assert "do not go together" in wrong.text
    right = client.post("/sign-in", data={"address": "anna@ngo.example", "password": "correct horse battery"})
    assert right.status_code == 303


def test_what_is_no_address_is_named(client):
    answer = client.post("/sign-in", data={"address": "anna at ngo"})
    assert answer.status_code == 422
    assert "“anna at ngo” is not a complete email address" in answer.text


def test_the_session_is_made_anew_at_sign_in(csrf_client):
    make.person(address="anna@ngo.example")
    page = csrf_client.get("/sign-in").text
    planted = re.search(r'name="csrf_token" value="([^"]+)"', page)[1]
    with csrf_client.session_transaction() as session:
        before = session["csrf_token"]
        session["planted"] = "by somebody else"
    csrf_client.post("/sign-in", data={"address": "anna@ngo.example", "csrf_token": planted})
    link = letters.link(letters.to("anna@ngo.example")[-1], "/sign-in/")
    assert csrf_client.post(link, data={"csrf_token": planted}).status_code == 303
    with csrf_client.session_transaction() as session:
        assert "planted" not in session
        assert session.get("csrf_token") != before


def test_a_sign_in_lasts_thirty_days_and_half_a_day_for_those_who_reach_others(client):
    member, secretary = make.person(address="m@ngo.example"), make.secretary(address="s@ngo.example")
    keeper = make.coordinator(make.caucus(), make.person(address="k@ngo.example"))
    hours = {}
    for person in (member, secretary, keeper):
        sign_in(client, person.address)
        row = make.rows(SignIn)[-1]
        hours[person] = (row.ends_at - row.began_at).total_seconds() / 3600
    assert hours == {member: 720, secretary: 12, keeper: 12}


def test_signing_in_again_ends_the_sign_in_before(client):
    anna = make.person(address="anna@ngo.example")
    sign_in(client, "anna@ngo.example")
    sign_in(client, "anna@ngo.example")
    assert len(queries.live_sign_ins(anna)) == 1


def test_after_signing_out_the_old_cookie_opens_nothing(client, app):
    make.person(address="anna@ngo.example")
    sign_in(client, "anna@ngo.example")
    stolen = client.get_cookie("session").value
    client.post("/sign-out")
    thief = app.test_client()
    thief.set_cookie("session", stolen)
    assert thief.get("/account/password").status_code == 303


def test_the_password_page_asks_for_a_fresh_proof(client, monkeypatch):
    make.person(address="anna@ngo.example")
    sign_in(client, "anna@ngo.example")
    assert client.get("/account/password").status_code == 200
    row = make.rows(SignIn)[-1]
    with transaction():
        row.proved_at = row.proved_at - (row.ends_at - row.began_at)
    for answer in (
        client.get("/account/password"),
        client.post("/account/password", data={"password": "correct horse battery"}),
        client.post("/account/password/remove"),
    ):
        assert answer.status_code == 303
        assert "why=proof" in answer.headers["Location"]
    assert queries.passwords([db.session.get(type(row), row.id).person]) == []
    assert 'value="anna@ngo.example"' in client.get(answer.headers["Location"]).text  # need not be typed again
    assert 'value="anna@ngo.example"' not in client.application.test_client().get(answer.headers["Location"]).text


def test_a_password_is_set_changed_and_removed_on_its_page(client):
    anna = make.person(address="anna@ngo.example")
    sign_in(client, "anna@ngo.example")
    assert client.post("/account/password", data={"password": "short"}).status_code == 422
    assert client.post("/account/password", data={"password": "correct horse battery"}).status_code == 303
    assert passwords.present(anna)
    assert "Remove the password" in client.get("/account/password").text
    client.post("/account/password/remove")
    assert not passwords.present(anna)


def test_no_page_before_signing_in_shows_who_is_known(client):
    make.person(name="Anna Kovač", address="anna@ngo.example")
    client.post("/sign-in", data={"address": "anna@ngo.example"})
    assert "Kovač" not in client.get("/sign-in/code").text


def test_a_forged_host_does_not_reach_the_letter(client):
    make.person(address="anna@ngo.example")
    client.post(
        "/sign-in",
        data={"address": "anna@ngo.example"},
        headers={"Host": "evil.example", "X-Forwarded-Host": "evil.example"},
    )
    assert "evil" not in letters.text(letters.to("anna@ngo.example")[-1])
