"""What stays shut without a second factor, where the house requires one of those who reach others."""

from dataclasses import replace

import pytest

from caucusmail import settings
from caucusmail.accounts import factors, signing_in
from caucusmail.accounts.models import SignIn
from caucusmail.database import transaction
from caucusmail.directory.models import Keeper
from tests import make
from tests.accounts.devices import app_of, code_of
from tests.door import let_in
from tests.web.second import set_up, sign_in


@pytest.fixture
def required(monkeypatch):
    """A house in which offices need a second factor."""
    monkeypatch.setattr(settings, "_current", replace(settings.current(), second_factor_required=True))


@pytest.mark.parametrize("office", ["secretary", "coordinator"])
def test_where_it_is_required_an_office_is_shut_until_it_is_set_up(client, required, office):
    caucus = make.caucus("vrwg")
    who = (
        make.secretary(address="k@ngo.example")
        if office == "secretary"
        else make.coordinator(caucus, make.person(address="k@ngo.example"))
    )
    page = "/staff" if office == "secretary" else "/compose"
    assert sign_in(client, who.address) == f"/account/second-factor?next={page}"
    shut = client.get(page)
    assert (shut.status_code, shut.headers["Location"]) == (303, f"/sign-in/second?next={page}")
    assert client.get(shut.headers["Location"]).headers["Location"] == f"/account/second-factor?next={page}"
    assert "takes about three minutes" in client.get(f"/account/second-factor?next={page}").text
    assert client.get("/me").status_code == 200
    assert f'href="{page}">I have kept them' in set_up(client, next=page)
    assert client.get(page).status_code == 200


def test_where_it_is_required_nothing_is_done_for_an_office_without_it(client, required):
    caucus = make.caucus("vrwg")
    let_in(client, make.secretary())
    answer = client.post(f"/staff/caucuses/{caucus.slug}/words", data={"name_en": "Taken"})
    assert answer.status_code in (303, 404, 405)
    answer = client.post("/compose/new", data={"caucus": str(caucus.id)})
    assert answer.headers["Location"].startswith("/sign-in/second")
    assert client.get("/caucuses/vrwg/members").status_code == 303


def test_after_half_a_day_an_office_is_asked_once_more(client, required, stopped_clock):
    noor = make.secretary(address="noor@s.example")
    secret = app_of(noor)
    let_in(client, noor)
    stopped_clock.shift(60)
    assert client.get("/staff").headers["Location"] == "/sign-in/second?next=/staff"
    done = client.post("/sign-in/second?next=/staff", data={"code": code_of(secret)})
    assert done.headers["Location"] == "/staff"
    assert client.get("/staff").status_code == 200
    (row,) = [one for one in make.rows(SignIn) if one.factor_at and one.used_at is None and not one.waits][-1:]
    with transaction():
        row.factor_at -= factors.REMEMBERED
    assert client.get("/staff").headers["Location"] == "/sign-in/second?next=/staff"


def test_where_it_is_required_members_are_not_asked(client, required):
    make.person(address="anna@ngo.example")
    assert sign_in(client, "anna@ngo.example") == "/me"


def test_where_it_is_offered_an_office_opens_without(client):
    let_in(client, make.secretary())
    assert client.get("/staff").status_code == 200


def test_no_way_on_leaves_the_site(client, stopped_clock):
    noor = make.secretary(address="noor@s.example")
    secret = app_of(noor)
    let_in(client, noor)
    stopped_clock.shift(60)
    done = client.post("/sign-in/second?next=//evil.example", data={"code": code_of(secret)})
    assert done.headers["Location"] == "/staff"
    page = client.get("/account/second-factor?next=https://evil.example").text
    assert 'href="/account/second-factor/app"' in page


def test_who_may_reach_others_is_decided_only_after_a_fresh_proof(client):
    caucus, noor = make.caucus("vrwg"), make.secretary()
    make.person("Ilse", "ilse@ngo.example")
    one = make.representative(make.person(), make.ngo())
    let_in(client, noor)
    with transaction():
        make.rows(SignIn)[-1].proved_at -= signing_in.FRESH
    for path, data in (
        ("/staff/caucuses/vrwg/keepers", {"address": "ilse@ngo.example"}),
        (f"/organisations/{one.ngo_id}/people/{one.id}/administrator", {"admin": "yes"}),
    ):
        answer = client.post(path, data=data)
        assert (answer.status_code, "why=proof" in answer.headers["Location"]) == (303, True), path
        assert client.get(answer.headers["Location"]).status_code == 200
    assert not make.rows(Keeper)
    assert not one.admin
    assert client.post("/staff/caucuses/vrwg/status").status_code != 303
    let_in(client, noor)
    client.post("/staff/caucuses/vrwg/keepers", data={"address": "ilse@ngo.example"})
    assert [one.caucus_id for one in make.rows(Keeper)] == [caucus.id]


def test_a_fresh_proof_is_asked_only_of_who_may_do_it_at_all(client):
    make.caucus("vrwg")
    let_in(client, make.person())
    with transaction():
        make.rows(SignIn)[-1].proved_at -= signing_in.FRESH
    assert client.post("/staff/caucuses/vrwg/keepers").status_code == 403
