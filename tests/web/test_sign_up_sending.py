"""The press that sends a sign-up: machines, lost cookies, limits, and what its bytes and its cost give away."""

import gzip
from pathlib import Path

import pytest

from caucusmail.database import db, transaction
from caucusmail.delivery.models import Delivery
from caucusmail.directory import registration
from caucusmail.directory.applications import (
    Application,
    ApplicationState,
)
from caucusmail.directory.models import Caucus, JoinMode, Status
from caucusmail.throttle import limits
from tests import make
from tests.letters import written
from tests.statements import counted
from tests.web.joining import ACHIENG, MHI, PETER, TICKS, Walk, ripe, rows, to_check


@pytest.mark.parametrize("trick", [{"nickname": "bot"}, {"began": ""}, {"began": "forged"}, {}])
def test_a_machine_is_told_the_same_and_nothing_is_kept(walk, vrwg, monkeypatch, stopped_clock, trick):
    to_check(walk, "vrwg")
    if trick:
        ripe(walk, monkeypatch)
    walk.press("/join/send", **trick)
    assert (walk.page.status_code, walk.page.location) == (303, "/join/sent")
    assert rows(Application) == []
    assert rows(Delivery) == []


def test_after_twelve_hours_the_form_is_shown_again_and_can_be_sent(walk, vrwg, monkeypatch):
    ripe(to_check(walk, "vrwg"), monkeypatch, 13 * 3600).press("/join/send")
    assert walk.page.status_code == 422
    assert "Nothing is lost" in walk.text
    assert walk.press("/join/send").page.status_code == 303
    assert len(rows(Application)) == 1


def test_a_token_is_needed_and_nothing_is_done_without(csrf_client, vrwg):
    walk = Walk(csrf_client).open()
    fields = walk.fields
    del fields["csrf_token"]
    for path in ("/join", "/join/who", "/join/people", "/join/check", "/join/send", "/join/code"):
        assert csrf_client.post(path, data=fields).status_code == 400


@pytest.mark.parametrize(
    ("path", "step"),
    [
        ("/join", "Which caucuses do you want to join?"),
        ("/join/who", "Your organisation, or you alone"),
        ("/join/people", "Who joins?"),
        ("/join/check", "Check and send"),
        ("/join/send", "Check and send"),
    ],
)
def test_a_lost_cookie_shows_the_step_again_with_all_that_was_typed_and_a_fresh_token(csrf_client, vrwg, path, step):
    walk = to_check(Walk(csrf_client), "vrwg", people=ACHIENG)
    csrf_client.delete_cookie("session")
    walk.press(path)
    assert walk.page.status_code == 400
    assert f"<h1>{step}</h1>" in walk.text
    assert "Nothing is lost" in walk.text
    assert "CSRF" not in walk.text
    assert walk.fields["people-0-address"] == "achieng@mhi.example"
    assert walk.fields["ngo_name"] == "Mwangaza Haki Initiative"
    assert rows(Application) == []
    assert walk.press("/join/check").page.status_code == 200


def test_a_page_that_was_shown_again_after_a_lost_cookie_can_be_gone_back_to(csrf_client, vrwg):
    walk = to_check(Walk(csrf_client), "vrwg", people=ACHIENG)
    csrf_client.delete_cookie("session")
    assert walk.press("/join/send").page.headers["Cache-Control"] == "private, no-cache"


def test_a_stale_form_of_another_page_does_not_claim_that_nothing_is_lost(csrf_client):
    assert "is not lost" not in csrf_client.post("/join/code", data={"code": "1"}).text


def test_beyond_the_limit_of_a_network_the_check_page_says_so_and_keeps_all_of_it(walk, vrwg, monkeypatch):
    for _ in range(registration.NETWORK.tries):
        limits.hit(registration.NETWORK, "127.0.0.0/24")
    ripe(to_check(walk, "vrwg"), monkeypatch).press("/join/send")
    assert walk.page.status_code == 429
    assert "too many sign-ups from your network" in walk.text
    assert "pkamau@webmail.example" in walk.text
    assert walk.fields["people-1-address"] == "pkamau@webmail.example"
    assert rows(Application) == []


def test_what_is_sent_again_with_another_address_after_the_decision_goes_as_a_new_application(walk, vrwg, monkeypatch):
    ripe(to_check(walk, "vrwg", people=ACHIENG), monkeypatch).press("/join/check").press("/join/send")
    (application,) = rows(Application)
    with transaction():
        application.state = ApplicationState.DECLINED
    walk = ripe(to_check(walk, "vrwg", people=ACHIENG), monkeypatch)
    walk.press("/join/send", submission=application.submission, people__0__address="other@mhi.example")
    assert walk.page.status_code == 409
    assert "goes as a new application" in walk.text
    assert walk.press("/join/send").page.status_code == 303
    assert len(rows(Application)) == 2


def test_a_group_that_is_archived_meanwhile_takes_nothing_with_it_that_was_typed(walk, vrwg, monkeypatch):
    peace = make.caucus("peace")
    ripe(to_check(walk, "vrwg", "peace", people=ACHIENG), monkeypatch)
    with transaction():
        gone = db.session.get_one(Caucus, peace.id)
        gone.join_mode, gone.status = JoinMode.CLOSED, Status.ARCHIVED
    walk.press("/join/send")
    assert walk.page.status_code == 409
    assert "is archived: nobody can join it." in walk.text
    assert walk.fields.getlist("caucuses") == ["vrwg"]
    for step in ("who", "people", "check"):
        walk.press(f"/join/{step}")
    assert walk.fields["people-0-address"] == "achieng@mhi.example"


def test_known_and_unknown_addresses_get_the_same_bytes(client, vrwg, monkeypatch, stopped_clock):
    make.member(vrwg, make.person("Known", "achieng@mhi.example"))
    answers = []
    for address in ("achieng@mhi.example", "nobody0@mhi.example"):
        walk = to_check(Walk(client), "vrwg", people=ACHIENG | {"people__0__address": address})
        ripe(walk, monkeypatch).press("/join/send")
        sent = walk.page
        walk.open(sent.location)
        answers.append((sent.status_code, sent.location, sent.data, walk.page.status_code, walk.page.data))
    assert answers[0] == answers[1]
    written()
    assert len(rows(Delivery)) == 2


def test_known_and_unknown_addresses_cost_the_same_statements(client, vrwg, monkeypatch):
    make.member(vrwg, make.person("Known", "known@mhi.example"))
    numbers = []
    for address in ("warm@mhi.example", "known@mhi.example", "nobody@mhi.example"):
        walk = to_check(Walk(client), "vrwg", people=ACHIENG | {"people__0__address": address})
        ripe(walk, monkeypatch)
        with counted() as statements:
            walk.press("/join/send")
        numbers.append([one.split()[:3] for one in statements])
    assert numbers[1] == numbers[2]


def test_the_number_of_statements_does_not_grow_with_the_caucuses(walk, vrwg):
    def cost() -> int:
        with counted() as statements:
            walk.open()
        return len(statements)

    few = cost()
    for _ in range(12):
        make.caucus()
    assert cost() == few


def test_every_page_of_the_flow_is_small(walk, vrwg, children, monkeypatch):
    for number in range(40):
        make.caucus(f"more{number}", family=registration.joining.Family.TEAM)
    for code in ("NL", "US", "CD", "FR", "AR", "PH", "JO"):
        make.country(code)
    css = len(gzip.compress((Path(__file__).parents[2] / "caucusmail/static/house.css").read_bytes(), 9))
    sizes = {}

    def weigh(name: str) -> None:
        sizes[name] = len(gzip.compress(walk.page.data, 6))

    walk.open()
    weigh("which")
    walk.press("/join/who", caucuses=["vrwg", "children"])
    weigh("who")
    walk.press("/join/people", **MHI)
    walk.press("/join/people", add="1", **ACHIENG)
    weigh("people")
    walk.press("/join/check", **PETER, **TICKS)
    weigh("check")
    ripe(walk, monkeypatch).press("/join/send")
    walk.open(walk.page.location)
    weigh("sent")
    assert all(size + css <= 14 * 1024 for size in sizes.values()), (css, sizes)
    assert sum(sizes.values()) + css <= 60 * 1024
