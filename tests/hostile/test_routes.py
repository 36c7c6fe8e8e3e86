"""Every route there is, tried by whoever should not: foreign numbers, forms without a token, pages that only read."""

from http.client import responses
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.routing import UnicodeConverter

from tests import make
from tests.entering import enter
from tests.hostile import world
from tests.hostile.world import World

PUBLIC = ("anyone", "token")
OPEN_BY_KNOWING = {"announcements.copy", "meetings.meeting", "meetings.entry"}  # the reference cannot be guessed
HUGE = 2**70


@pytest.fixture
def two() -> World:
    return world.build()


def guard(app: Flask, rule: Any) -> str:
    return str(getattr(app.view_functions[rule.endpoint], "guard", ""))


def numbers(rule: Any) -> list[str]:
    """The arguments of a route that say which thing is meant."""
    return [name for name in rule.arguments if name not in ("token", "step", "state", "was", "until", "starts")]


def test_whoever_may_not_see_a_thing_cannot_tell_whether_it_is_there(client: FlaskClient, app: Flask, two: World):
    for role, person in two.roles().items():
        enter(client, person)
        for method in ("GET", "POST"):
            for rule in world.rules(app, method):
                if guard(app, rule) in PUBLIC or not numbers(rule) or rule.rule.startswith("/my/"):
                    continue
                nowhere = {name: world.NOWHERE.get(name, 987_654) for name in numbers(rule)}
                theirs = client.open(world.path(app, rule, two.theirs), method=method)
                nobodys = client.open(world.path(app, rule, two.theirs, **nowhere), method=method)
                said = (role, method, rule.rule, theirs.status, nobodys.status)
                assert theirs.status_code in (403, 404), said
                assert theirs.status_code == nobodys.status_code, said


def test_whoever_has_not_signed_in_is_sent_to_sign_in_alike(client: FlaskClient, app: Flask, two: World):
    before = world.digest()
    for method in ("GET", "POST"):
        for rule in world.rules(app, method):
            if guard(app, rule) in PUBLIC or (guard(app, rule) == "own" and "token" not in (rule.defaults or {})):
                continue
            answer = client.open(world.path(app, rule, two.theirs), method=method)
            assert answer.status_code == 303, (method, rule.rule, answer.status)
            assert answer.location.partition("?")[0].endswith("/sign-in")
    assert world.digest() == before


@pytest.mark.parametrize("role", ["secretary", "coordinator", "administrator", "member", "stranger"])
def test_no_page_that_is_opened_changes_a_row(client: FlaskClient, app: Flask, two: World, role: str):
    person = {"secretary": two.secretary, **two.roles()}.get(role)
    if person is not None:
        enter(client, person)
    before = world.digest()
    for rule in world.rules(app, "GET"):
        path = world.path(app, rule, two.ours)
        for asked in (path, path + "?page=2&q=a&find=a&out=left&dress=html&person=1&language=fr&add=fr&caucus=vrwg"):
            answer = client.get(asked)
            assert answer.status_code < 500, (asked, answer.status)
            assert answer.status_code in responses
        assert client.head(path).status_code < 500, path
    assert world.digest() == before


def test_no_form_is_taken_without_a_token_or_with_that_of_another_session(
    csrf_client: FlaskClient, app: Flask, two: World
):
    other = app.test_client()
    page = other.get("/en/help/ask").get_data(as_text=True)
    stolen = page.partition('name="csrf_token"')[2].partition('value="')[2].partition('"')[0]
    assert len(stolen) > 40
    enter(csrf_client, two.secretary)
    with csrf_client.session_transaction() as session:
        session["csrf_token"] = "0" * 40
    before = world.digest()
    for rule in world.rules(app, "POST"):
        if rule.endpoint == "one_click.leave":
            continue  # RFC 8058: its token in the address is the right
        path = world.path(app, rule, two.ours)
        for data in ({}, {"csrf_token": ""}, {"csrf_token": stolen}, {"csrf_token": "x" * 5000}):
            answer = csrf_client.post(path, data=data)
            assert answer.status_code == 400, (path, data.keys(), answer.status)
        assert csrf_client.post(path, headers={"X-CSRFToken": stolen}).status_code == 400, path
    assert world.digest() == before


@pytest.mark.parametrize("number", [0, 2**31, 2**63, HUGE, "9" * 5_000, "٣", "-1", "1e3", "%00", "1%00"])
def test_numbers_that_no_column_holds_are_not_found(client: FlaskClient, app: Flask, two: World, number: Any):
    enter(client, two.secretary)
    with_number = 0
    for method in ("GET", "POST"):
        for rule in world.rules(app, method):
            for name in rule._converters:
                if isinstance(rule._converters[name], UnicodeConverter):
                    continue
                with_number += 1
                path = world.path(app, rule, two.ours, **{name: 7_777_777}).replace("7777777", str(number))
                answer = client.open(path, method=method)
                assert answer.status_code in (303, 404, 405, 409, 422), (method, path, answer.status)
    assert with_number > 30


NAMES = ["%00", "a%00b", "%ff%fe", "%F0%9F%92%A9", "..%2f..%2fetc%2fpasswd", "a" * 5000, "%0d%0aX-Evil:%201", "{{7*7}}"]


@pytest.mark.parametrize("name", NAMES)
def test_names_that_no_column_holds_are_not_found_and_break_nothing(
    client: FlaskClient, app: Flask, two: World, name: str
):
    enter(client, two.secretary)
    for method in ("GET", "POST"):
        for rule in world.rules(app, method):
            for argument in rule._converters:
                path = world.path(app, rule, two.ours, **{argument: 7_777_777}).replace("7777777", name)
                answer = client.open(path, method=method)
                assert answer.status_code < 500, (method, path[:200], answer.status)
                assert "X-Evil" not in answer.headers
                assert answer.status_code >= 400 or "49" not in answer.headers.get("Location", "")


BIG = "9" * 60
QUERIES = [
    f"page={BIG}&before={BIG}&person={BIG}&people={BIG}&language=../../etc&dress=%ff&out=left&add=xx&find=%25_%5c%27%22",
    "page=-1&before=-5&person=%D9%A3&find=" + "a" * 3000 + "&q=%ff%fe&caucus=" + "[]" * 100,
    "page=NaN&before=&find=&q=&out=&dress=&language=&caucus=&next=&why=",
    "&&&===%%%zz&[$ne]=1&" + "page=1&" * 200,
    "%00=1",
    "page=%00&before=%00&find=%00&q=%00&caucus=%00",
]


@pytest.mark.parametrize("query", QUERIES)
def test_no_query_string_breaks_a_page(client: FlaskClient, app: Flask, two: World, query: str):
    enter(client, two.secretary)
    for rule in world.rules(app, "GET"):
        answer = client.get(world.path(app, rule, two.ours) + "?" + query)
        assert answer.status_code < 500, (rule.rule, query[:60], answer.status)


NAMED = (
    b"caucuses caucus kept mode what do admin person submission began address code into seen to role slug next".split()
)
BODIES: list[dict[str, Any]] = [
    {"data": b"\x00\xff\xfe", "content_type": "application/octet-stream"},
    {"data": b'{"name": 1', "content_type": "application/json"},
    {"data": b"<!DOCTYPE a [<!ENTITY b SYSTEM 'file:///etc/passwd'>]><a>&b;</a>", "content_type": "text/xml"},
    {"data": b'--x\r\nContent-Disposition: form-data; name="name"\r\n\r\n', "content_type": "multipart/form-data"},
    {"data": b"--x", "content_type": "multipart/form-data; boundary=x"},
    {
        "data": b"name=%ff%fe%00&address=%00&text=%00",
        "content_type": "application/x-www-form-urlencoded; charset=utf-7",
    },
    {
        "data": b"&".join(name + b"=%00" for name in NAMED),
        "content_type": "application/x-www-form-urlencoded",
    },
    {"data": b"a=1&" * 3000, "content_type": "application/x-www-form-urlencoded"},
    {
        "data": b"people-999999999-name=x&people-0-name-0=y&remove=" + b"9" * 50,
        "content_type": "application/x-www-form-urlencoded",
    },
    {
        "data": b"person=" + b"9" * 50 + b"&representative=" + b"9" * 50 + b"&revision=" + b"9" * 50,
        "content_type": "application/x-www-form-urlencoded",
    },
    {
        "data": b"seen=x&into=" + b"9" * 50 + b"&caucus_id=" + b"9" * 50 + b"&what=x&to=x&role=x",
        "content_type": "application/x-www-form-urlencoded",
    },
]


@pytest.mark.parametrize("body", BODIES, ids=range(len(BODIES)))
def test_no_body_breaks_a_form(client: FlaskClient, app: Flask, two: World, body: dict[str, Any]):
    for rule in world.rules(app, "POST"):
        enter(client, two.secretary)  # some of these forms sign out
        answer = client.post(world.path(app, rule, two.ours), **body)
        assert answer.status_code < 500, (rule.rule, answer.status)


LONG = [
    "name",
    "address",
    "text",
    "ngo_name",
    "website",
    "note_en",
    "about_en",
    "body_en",
    "subject_en",
    "reason",
    "how",
]


def test_no_field_is_long_enough_to_break_a_form(client: FlaskClient, app: Flask, two: World):
    for rule in world.rules(app, "POST"):
        enter(client, two.secretary)
        answer = client.post(world.path(app, rule, two.ours), data=dict.fromkeys(LONG, "a" * 90_000))
        assert answer.status_code < 500, (rule.rule, answer.status)


@pytest.mark.parametrize(
    "path",
    [
        "/xx/caucuses",
        "/de/",
        "/en-GB/",
        "/EN/caucuses",
        "/fr/fr/caucuses",
        "/fr",
        "//evil.example/caucuses",
        "/" + "a/" * 3000,
        "/caucuses/" + "../" * 50 + "etc/passwd",
        "/static/../../config.py",
        "/static/..%2f..%2fconfig.py",
        "/static/%00",
        "/.git/config",
        "/%",
        "/%zz",
        "/\\evil",
        "/caucuses;jsessionid=1",
        "/caucuses/%E2%80%AE",
    ],
)
def test_paths_that_lead_nowhere_say_so(client: FlaskClient, path: str):
    for method in ("GET", "POST", "PUT", "DELETE", "PATCH", "OPTIONS", "TRACE", "FOO"):
        answer = client.open(path, method=method)
        assert answer.status_code < 500, (method, answer.status)
        assert not answer.headers.get("Location", "").startswith(("//", "http://evil"))
        assert b"SECRET_KEY" not in answer.data


def test_an_unknown_caucus_has_its_page_in_the_reader_s_language(client: FlaskClient):
    make.caucus("vrwg")
    for path in ("/en/caucuses/nothing", "/en/caucuses/nothing/contact"):
        answer = client.get(path)
        assert answer.status_code == 404
        assert "no caucus, team or network with the address “nothing”" in answer.text
    assert '<html lang="fr"' in client.get("/fr/caucuses/nothing").text
