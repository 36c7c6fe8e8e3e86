"""The rules of the house that hold for every route, read off the URL map: nothing is listed by hand."""

import inspect
import re
from collections.abc import Container, Iterator
from hashlib import sha256

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from werkzeug.exceptions import MethodNotAllowed, NotFound
from werkzeug.routing import IntegerConverter, RequestRedirect, Rule

from caucusmail import clock, links, settings, tokens
from caucusmail.accounts.models import Person
from caucusmail.announcements import composition
from caucusmail.announcements.choice import Audience
from caucusmail.announcements.composition import Draft, Text
from caucusmail.announcements.models import Announcement, AnnouncementKind
from caucusmail.app import House
from caucusmail.database import Model, db, transaction
from caucusmail.directory import visibility
from caucusmail.directory.applications import Applicant, ReviewWindow
from caucusmail.directory.models import Affiliation, Caucus, Keeper
from caucusmail.inbound import intake
from caucusmail.inbound.models import Received
from caucusmail.tokens import Purpose
from tests import make
from tests.door import let_in

SAFE = {"GET", "HEAD", "OPTIONS"}
FINE = {200, 302, 303, 403, 404}
WITHOUT_TOKEN = {"one_click.leave"}
"""RFC 8058: a POST without cookie, token or Referer. The one exemption."""


def rules(app: House) -> Iterator[Rule]:
    return (rule for rule in app.url_map.iter_rules() if rule.endpoint != "static")


def digest(but: Container[str] = ()) -> str:
    """Everything in the database, in a few letters; without the tables in ``but``."""
    found = sha256()
    db.session.expire_all()
    for table in (one for one in Model.metadata.sorted_tables if one.name not in but):
        order = list(table.primary_key.columns)
        for row in db.session.connection().execute(select(table).order_by(*order)):
            found.update(repr((table.name, tuple(row))).encode())
    return found.hexdigest()


@pytest.fixture
def world() -> dict[str, object]:
    """One of everything a route may name, and the values that name it."""
    staff = make.secretary()
    caucus = make.caucus("vrwg")
    group = make.group(caucus)
    make.coordinator(caucus, staff)
    make.member(caucus, staff, group)
    make.member(caucus, None, group)
    application = make.application("Haki", [caucus])
    window = make.keep(
        ReviewWindow(opens_at=clock.now(), closes_at=clock.now() + (clock.now() - application.made_at) * 9)
    )
    announcement = announce(caucus, staff)
    with transaction():
        intake.store("", "postmaster@caucus.example", b"Subject: x\r\n\r\n")
    applicant = make.rows(Applicant)[0]
    return {
        "staff": staff,
        "slug": caucus.slug,
        "local_part": group.local_part,
        "application_id": application.id,
        "affiliation_id": make.rows(Affiliation)[0].id,
        "keeper_id": make.rows(Keeper)[0].id,
        "window_id": window.id,
        "received_id": make.rows(Received)[0].id,
        "announcement_id": announcement.id,
        "reference": announcement.reference,
        "token": tokens.sign(Purpose.SETTINGS, staff.id, staff.settings_version),
        "confirm": tokens.sign(Purpose.CONFIRM_SIGN_UP, applicant.id),
        "status": tokens.sign(Purpose.APPLICATION, applicant.id),
    }


def announce(caucus: Caucus, staff: Person) -> Announcement:
    """A draft in the name of ``caucus``."""
    draft = Draft(
        caucus_id=caucus.id,
        kind=AnnouncementKind.NOTICE,
        texts={"en": Text("News", "Some *news*.")},
        audience=Audience(caucus_ids=(caucus.id,)),
    )
    with transaction():
        return composition.draft(draft, visibility.viewer(staff))


def address(rule: Rule, world: dict[str, object]) -> str:
    """The path of a rule with values that exist where we have them."""
    values = {}
    for name in rule.arguments:
        numeric = isinstance(rule._converters.get(name), IntegerConverter)  # <int:…> and <moment:…>
        values[name] = world.get(name, 1 if numeric else "x")
    if rule.rule.startswith("/join/confirm"):
        values["token"] = world["confirm"]
    if rule.rule.startswith("/join/status"):
        values["token"] = world["status"]
    built = rule.build(values, append_unknown=False)
    assert built is not None, rule
    return str(built[1])


def test_every_route_bears_a_guard(app):
    bare = [rule.rule for rule in rules(app) if not getattr(app.view_functions[rule.endpoint], "guard", "")]
    assert bare == []


def test_every_page_can_be_read_by_the_secretariat_without_a_fault_and_changes_nothing(app, client, world):
    let_in(client, world["staff"])
    before = digest()
    for rule in rules(app):
        if "GET" in (rule.methods or ()):
            answer = client.get(address(rule, world))
            assert answer.status_code in FINE or rule.endpoint == "health.health", (rule.rule, answer.status_code)
            assert client.head(address(rule, world)).status_code == answer.status_code, rule.rule
    assert digest() == before


def test_every_page_read_by_a_stranger_changes_nothing(app, client, world):
    before = digest()
    for rule in rules(app):
        if "GET" in (rule.methods or ()):
            status = client.get(address(rule, world)).status_code
            assert status in FINE or rule.endpoint == "health.health", (rule.rule, status)
    assert digest() == before


def _token(client: FlaskClient) -> str:
    found = re.search(r'name="csrf_token" value="([^"]+)"', client.get("/sign-in").text)
    assert found
    return found[1]


@pytest.mark.parametrize("sort", ["absent", "empty", "garbage", "of another session"])
def test_every_change_is_refused_without_the_forms_own_token(app, csrf_client, world, sort):
    let_in(csrf_client, world["staff"])
    stranger = app.test_client()
    data = {
        "absent": {},
        "empty": {"csrf_token": ""},
        "garbage": {"csrf_token": "x" * 40},
        "of another session": {"csrf_token": _token(stranger)},
    }[sort]
    before = digest()
    taken = set()
    for rule in rules(app):
        for method in sorted((rule.methods or set()) - SAFE):
            answer = csrf_client.open(address(rule, world), method=method, data=data)
            if answer.status_code != 400:
                taken.add(rule.endpoint)
    assert taken <= WITHOUT_TOKEN
    assert digest() == before


def test_the_desk_is_shut_for_everybody_else(app, client, world):
    members = make.person()
    paths = [
        (address(rule, world), method)
        for rule in rules(app)
        if getattr(app.view_functions[rule.endpoint], "guard", "") == "secretariat"
        for method in sorted((rule.methods or set()) - {"HEAD", "OPTIONS"})
    ]
    assert len(paths) > 15
    before = digest()
    for path, method in paths:
        answer = client.open(path, method=method)
        assert answer.status_code == 303, path
        assert "/sign-in" in answer.headers["Location"]
    assert digest() == before
    let_in(client, members)
    before = digest()
    for path, method in paths:
        assert client.open(path, method=method).status_code == 403, path
    assert digest() == before


def test_what_is_not_there_and_what_is_not_yours_answer_alike(app, client, world, stopped_clock):
    """Foreign ids: for somebody with no role at all, nothing tells whether a number exists."""
    let_in(client, make.person())
    for rule in rules(app):
        numbers = [name for name in rule.arguments if f"<int:{name}>" in rule.rule]
        if not numbers or rule.endpoint.startswith("mailbox."):
            continue
        for method in sorted((rule.methods or set()) - {"HEAD", "OPTIONS"}):
            there = client.open(address(rule, world), method=method)
            absent = client.open(address(rule, world | dict.fromkeys(numbers, 987_654)), method=method)
            assert there.status_code == absent.status_code, (rule.rule, method)
            assert there.status_code in (303, 403, 404), (rule.rule, method)


def ours(name):
    return name != "page" and name[0] != "_" and getattr(links, name).__module__ == links.__name__


@pytest.mark.parametrize("name", [name for name, _ in inspect.getmembers(links, inspect.isfunction) if ours(name)])
def test_every_link_of_a_letter_leads_to_a_route(app, name):
    function = getattr(links, name)
    values = [7 if one.annotation is int else "x" for one in inspect.signature(function).parameters.values()]
    path = function(*values).removeprefix(settings.current().site_url).removeprefix("/en").partition("?")[0] or "/"
    try:
        app.url_map.bind("localhost").match(path, method="GET")
    except (NotFound, MethodNotAllowed, RequestRedirect) as problem:
        pytest.fail(f"links.{name} leads to {path}: {problem}")
