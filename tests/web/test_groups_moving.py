"""Rosa moves from Justicia Andina to Red Víctimas: scenario (c), as she walks it."""

import pytest

from caucusmail import clock
from caucusmail.database import transaction
from caucusmail.directory.lookalikes import name_key
from caucusmail.directory.models import Admits, Representative, Seat
from caucusmail.directory.seat_request_models import SeatRequest
from tests import letters, make
from tests.door import let_in
from tests.groups.handed import office, stands
from tests.groups.leaving import PLACES, digest
from tests.web.my import text, undo_url

ALL = (*PLACES, Representative)


@pytest.fixture
def haki():
    made = office()
    with transaction():
        made.caucuses[1].admits = Admits.ORGANISATIONS
    return made


@pytest.fixture
def red(haki):
    ngo = make.ngo("Red Victimas", name_key=name_key("Red Victimas"))
    make.keep(Seat(ngo_id=ngo.id, caucus_id=haki.caucuses[0].id, since=clock.now()))
    return make.representative(make.person("Ana"), ngo, admin=True)


def path(haki):
    return f"/me/move/{haki.holder.id}"


def asked():
    [request] = make.rows(SeatRequest)
    return request.id


def test_one_page_says_what_ends_what_may_stay_and_whom_we_ask(client, haki):
    page = let_in(client, haki.rosa)
    assert path(haki) in page.get("/me").text
    before = digest(*ALL)
    shown = text(page.get(path(haki)))
    for words in ("You leave Haki in one step", "These admit organisations only", "peace caucus", "water caucus"):
        assert words in shown
    assert digest(*ALL) == before


def test_she_moves_is_given_the_seat_and_everybody_is_told_once(client, app, haki, red):
    rosa, ana, ben = let_in(client, haki.rosa), let_in(app.test_client(), red.person), haki.ben.person
    said = rosa.post(path(haki), data={"alone": haki.caucuses[0].id, "to": "Red Víctimas"}, follow_redirects=True)
    assert said.request.path == "/me"
    assert "You no longer represent Haki." in text(said)
    assert "You are here as an individual expert." in text(said)
    assert [stands(haki.rosa, one) for one in haki.caucuses] == ["active", "ended"]
    assert [one["Subject"] for one in letters.to(haki.rosa.address)] == ["You have left Haki"]
    assert [one["Subject"] for one in letters.to(ben.address)] == ["Rosa no longer represents Haki. Who follows?"]
    theirs = f"/organisations/{red.ngo_id}"
    shown = ana.get(theirs)
    assert "Says that they have moved here, and asks for a seat in: water caucus" in text(shown)
    given = ana.post(f"{theirs}/seat-requests/{asked()}/give", follow_redirects=True)
    assert "Rosa speaks for the organisation now" in text(given)
    assert "You are here for Red Victimas." in text(rosa.get("/me"))
    let_in(client, ben)
    assert text(client.get(f"/organisations/{haki.ngo.id}")).count("Nobody sits here since") == 2


def test_she_takes_it_back_by_the_button_or_by_the_letter(client, haki, red):
    rosa = let_in(client, haki.rosa)
    before = digest(*ALL)
    said = rosa.post(path(haki), data={"to": "Red Victimas"}, follow_redirects=True)
    rosa.post(undo_url(said))
    assert digest(*ALL) == before
    rosa.post(path(haki), data={})
    link = letters.link(letters.to(haki.rosa.address)[-1], "/undo/")
    assert "Take it back?" in client.get(link).text
    assert "Everything is as it was before" in client.post(link).text
    assert digest(*ALL) == before


def test_the_other_organisation_says_no(client, app, haki, red):
    let_in(client, haki.rosa).post(path(haki), data={"to": "Red Victimas"})
    ana = let_in(app.test_client(), red.person)
    said = ana.post(f"/organisations/{red.ngo_id}/seat-requests/{asked()}/decline", follow_redirects=True)
    assert "Rosa gets no seat" in text(said)
    assert "Ask for a seat" not in text(ana.get(f"/organisations/{red.ngo_id}"))
    assert letters.to(haki.rosa.address)[-1]["Subject"] == "You do not get a seat of Red Victimas"


def test_what_is_refused_is_kept_and_said_kindly(client, haki):
    rosa = let_in(client, haki.rosa)
    before = digest(*ALL)
    refused = rosa.post(path(haki), data={"alone": haki.caucuses[1].id, "to": "Red"})
    assert refused.status_code == 422
    assert 'value="Red"' in refused.text
    assert digest(*ALL) == before


def test_nobody_moves_for_somebody_else(client, haki):
    for person in (haki.ben.person, make.person()):
        let_in(client, person)
        assert client.get(path(haki)).status_code == client.post(path(haki)).status_code == 404
    assert client.get("/me/move/987654").status_code == 404
