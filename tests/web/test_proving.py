"""A dangerous form that is sent too late after the last proof waits for the next one, with all that was typed."""

import re
from html import unescape
from urllib.parse import parse_qs, urlsplit

import pytest

from caucusmail.accounts import signing_in
from caucusmail.accounts.models import SignIn
from caucusmail.database import transaction
from caucusmail.directory import queries as directory
from caucusmail.directory import visibility
from caucusmail.directory.applications import Applicant
from caucusmail.directory.models import Keeper
from caucusmail.web import concerning
from caucusmail.web.proving import ACTS
from tests import make
from tests.accounts.devices import app_of, code_of
from tests.door import let_in
from tests.web.my import text
from tests.web.test_accounts import sign_in

TYPED = {"address": "ilse@ngo.example"}
KEEPERS = "/staff/caucuses/vrwg/keepers"


NOOR = "noor@wecf.example"


def stale() -> None:
    with transaction():
        make.rows(SignIn)[-1].proved_at -= signing_in.FRESH


@pytest.fixture
def noor(client):
    """Of the secretariat, signed in for longer than a proof is good."""
    make.caucus("vrwg")
    make.person("Ilse", "ilse@ngo.example")
    noor = make.secretary(address=NOOR)
    let_in(client, noor)
    stale()
    return noor


def proved(client, answer, address=NOOR) -> str:
    """A letter to ``address`` proves it on the page that ``answer`` led to; where that leads, without the letter's language."""
    assert "why=proof" in answer.location
    wanted = parse_qs(urlsplit(answer.location).query)["next"][0]
    return sign_in(client, address, next=wanted).replace("/en/", "/")


def sent_on(client, page):
    """The one form of the page, sent."""
    form = re.search(r'<form method="post" action="([^"]+)">(.*?)</form>', page.text.partition("<h1>")[2], re.DOTALL)
    fields = re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', form[2])
    return client.post(unescape(form[1]), data={name: unescape(value) for name, value in fields})


def test_what_was_typed_is_shown_after_the_proof_and_one_button_does_it(client, noor):
    answer = client.post(KEEPERS, data=TYPED)
    asked = client.get(answer.location)
    assert "Let somebody keep a group" in text(asked)
    assert proved(client, answer) == "/sign-in/go-on"
    page = client.get("/sign-in/go-on")
    assert "ilse@ngo.example" in text(page)
    assert not make.rows(Keeper)
    assert sent_on(client, page).status_code == 303
    assert [one.person.name for one in make.rows(Keeper)] == ["Ilse"]
    assert client.get("/sign-in/go-on").status_code == 303  # nothing waits any more


def test_a_second_step_on_the_way_loses_nothing(client, noor, stopped_clock):
    secret = app_of(noor)
    stopped_clock.shift(60)  # no code works twice
    answer = client.post(KEEPERS, data=TYPED)
    assert proved(client, answer).endswith("/sign-in/second")
    assert client.get("/sign-in/go-on").status_code == 303
    assert client.post("/sign-in/second", data={"code": code_of(secret)}).location.endswith("/sign-in/go-on")
    sent_on(client, client.get("/sign-in/go-on"))
    assert len(make.rows(Keeper)) == 1


def test_who_proves_to_be_somebody_else_is_offered_nothing(client, noor):
    make.secretary(address="other@wecf.example")
    answer = client.post(KEEPERS, data=TYPED)
    assert "go-on" not in proved(client, answer, "other@wecf.example")
    assert "ilse" not in client.get("/sign-in/go-on", follow_redirects=True).text


def test_who_signs_in_later_for_something_else_is_not_led_to_it(client, noor):
    client.post(KEEPERS, data=TYPED)
    assert "go-on" not in sign_in(client, NOOR, next="/staff")


def test_no_password_is_kept_anywhere(client, noor):
    answer = client.post("/account/password", data={"password": "correct horse battery"})
    assert [row.stopped for row in make.rows(SignIn)] == [None]
    assert proved(client, answer) == "/account/password"


def test_choices_that_are_ticked_twice_are_both_kept(client, noor):
    ngo = make.ngo()
    answer = client.post(f"/organisations/{ngo.id}/add", data={"caucuses": ["one", "two"], "name": "<b>Haki</b>"})
    proved(client, answer)
    page = client.get("/sign-in/go-on").text
    assert re.findall(r'name="caucuses" value="(\w+)"', page) == ["one", "two"]
    assert "<b>" not in page
    assert not make.rows(Applicant)


def test_a_form_of_an_organisation_is_asked_for_a_proof_before_it_is_filled_in(client, noor):
    one = make.representative(make.person(), make.ngo())
    for path in (f"/organisations/{one.ngo_id}/add", f"/organisations/{one.ngo_id}/people/{one.id}/end"):
        assert "why=proof" in client.get(path).location


def test_the_page_to_go_on_is_light_and_says_nothing_to_strangers(app, client, noor):
    answer = client.post(KEEPERS, data=TYPED)
    proved(client, answer)
    page = client.get("/sign-in/go-on")
    assert len(page.data) < 14 * 1024
    assert "/sign-in" in app.test_client().get("/sign-in/go-on").location


def rosas():
    """Rosa looks after Haki with somebody else, and speaks for it with Luis."""
    ngo = make.ngo("Haki")
    rosa = make.representative(make.person("Rosa", "rosa@haki.example"), ngo, admin=True)
    make.representative(make.person("Ana"), ngo, admin=True)
    return rosa, make.representative(make.person("Luis Mamani"), ngo)


@pytest.mark.parametrize(("admin", "word"), [("yes", "Yes"), ("no", "No")])
def test_the_page_says_whom_it_is_about_and_yes_or_no(client, admin, word):
    rosa, luis = rosas()
    let_in(client, rosa.person)
    stale()
    answer = client.post(f"/organisations/{luis.ngo_id}/people/{luis.id}/administrator", data={"admin": admin})
    proved(client, answer, "rosa@haki.example")
    page = client.get("/sign-in/go-on")
    facts = re.findall(r"<dt>(.*?)</dt><dd><bdi>(.*?)</bdi>", page.text)
    assert facts == [("Person", "Luis Mamani"), ("Organisation", "Haki"), ("Administrator", word)]
    assert len(page.data) < 14 * 1024


def test_a_name_that_is_not_the_readers_to_see_does_not_stand_there(client):
    rosa, _luis = rosas()
    other = make.representative(make.person("Hidden"), make.ngo("Elsewhere"))
    let_in(client, rosa.person)
    stale()
    answer = client.post(f"/organisations/{other.ngo_id}/people/{other.id}/administrator", data={"admin": "yes"})
    proved(client, answer, "rosa@haki.example")
    page = client.get("/sign-in/go-on")
    assert "Hidden" not in page.text
    assert "Elsewhere" not in page.text
    assert "Rosa" in page.text


def test_every_dangerous_form_says_what_it_is_about(app):
    known = set(concerning.NAMING) | concerning.OWN
    arguments = {name for rule in app.url_map.iter_rules() if rule.endpoint in ACTS for name in rule.arguments}
    assert arguments - known == set()


def test_what_is_taken_along_or_looked_at_is_named(app):
    """A member whose address is looked at, a keeper whose term ends, and the group."""
    noor, caucus = visibility.viewer(make.secretary()), make.caucus("water")
    ada, kept = make.member(caucus, make.person("Ada")), make.coordinator(caucus, make.person("Ilse"))
    place = directory.affiliation(ada, caucus)
    keeper = next(one for one in make.rows(Keeper) if one.person_id == kept.id)
    of = {"slug": "water", "affiliation_id": place.id, "keeper_id": keeper.id}
    with app.test_request_context("/"):
        shown = {name: [words for _label, words in concerning.NAMING[name](noor, of)] for name in of}
    assert shown == {"slug": ["water caucus"], "affiliation_id": ["Ada"], "keeper_id": ["Ilse"]}
