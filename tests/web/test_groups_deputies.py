"""Away, with a deputy, as pages."""

import re
from datetime import timedelta

import pytest
import time_machine

from caucusmail import clock
from caucusmail.directory.absence_models import Absence, AbsenceState
from tests import make
from tests.announcements.rooms import Room
from tests.door import let_in
from tests.groups.absent import Seated, asked, away, link, sits


@pytest.fixture
def haki():
    return Seated(Room())


def path(haki):
    return f"/en/organisations/{haki.ngo.id}/people/{haki.holder.id}/away"


def filled(haki, days=10, **more):
    back = (clock.now() + timedelta(days)).date().isoformat()
    return {"deputy": haki.amina.id, "first": "", "back": back} | more


def state():
    return make.rows(Absence)[-1].state


def test_a_holder_names_a_deputy_from_their_own_page_who_says_yes_and_stops_later(client, app, haki):
    page, other = let_in(client, haki.rosa), app.test_client()
    assert path(haki) in page.get("/en/me").text
    assert "Amina" in page.get(path(haki)).text
    assert "We wrote to Amina" in page.post(path(haki), data=filled(haki), follow_redirects=True).text
    asks = link(haki.amina)
    shown = other.get(asks).text
    assert "you are asked to stand in for Rosa, who holds the seat of Haki" in shown
    assert state() is AbsenceState.OFFERED  # looking changes nothing
    assert "You stand in" in other.post(asks, data={"answer": "yes"}, follow_redirects=True).text
    assert "Amina stands in for Rosa" in page.get("/en/me").text
    assert "You no longer stand in" in other.post(asks, data={"answer": "end"}, follow_redirects=True).text
    assert state() is AbsenceState.ENDED
    assert "You no longer stand in" in other.post(asks, data={"answer": "yes"}, follow_redirects=True).text


def test_a_deputy_says_no(client, haki):
    asked(haki.holder, haki.amina)
    assert "You have said no" in client.post(link(haki.amina), data={"answer": "no"}, follow_redirects=True).text
    assert state() is AbsenceState.DECLINED


def test_a_button_without_an_answer_changes_nothing(client, haki):
    asked(haki.holder, haki.amina)
    assert "Stand in for a seat?" in client.post(link(haki.amina), data={"answer": "?"}, follow_redirects=True).text
    assert state() is AbsenceState.OFFERED


def test_ended_by_a_slip_it_is_taken_back(client, haki):
    haki.away()
    page = let_in(client, haki.rosa)
    end = re.search(r'action="([^"]*/end)"', page.get("/en/me").text)[1]
    said = page.post(end, follow_redirects=True).text
    back = re.search(r'action="([^"]*/resume)"', said)[1]
    assert "Taken back" in page.post(back, follow_redirects=True).text
    assert state() is AbsenceState.ACCEPTED


def test_the_deputy_sees_it_on_their_own_page_and_ends_it_there(client, haki):
    haki.away()
    page = let_in(client, haki.amina)
    shown = page.get("/en/me").text
    assert "You stand in" in shown
    end = re.search(r'action="([^"]*/end)"', shown)[1]
    assert "/resume" not in page.post(end, follow_redirects=True).text
    assert state() is AbsenceState.ENDED


def test_who_did_not_end_it_cannot_let_it_run_on(client, app, haki):
    made = haki.away()
    address = f"/en/organisations/{haki.ngo.id}/absences/{made.id}"
    let_in(app.test_client(), haki.rosa).post(f"{address}/end")
    other = let_in(client, haki.amina)
    assert "/resume" not in other.get("/en/me").text
    assert other.post(f"{address}/resume").status_code == 409
    assert state() is AbsenceState.ENDED


def test_an_administrator_names_a_deputy_for_who_is_away_and_the_page_shows_it(client, haki):
    admin = make.person("Ben")
    make.representative(admin, haki.ngo, admin=True)
    page = let_in(client, admin)
    assert path(haki) in page.get(f"/en/organisations/{haki.ngo.id}").text
    page.post(path(haki), data=filled(haki))
    assert "Amina is asked to stand in for Rosa" in page.get(f"/en/organisations/{haki.ngo.id}").text


def test_a_deputy_who_is_away_too_is_warned_of(client, haki):
    bo, _term, _seat = sits(haki.room, haki.ngo, "Bo")
    away(_term, haki.amina, days=5)
    page = let_in(client, haki.rosa)
    said = page.post(path(haki), data=filled(haki, deputy=bo.id), follow_redirects=True).text
    assert "Bo is away too" in said


def test_what_was_filled_in_is_kept_beside_its_refusal(client, haki):
    page = let_in(client, haki.rosa)
    answer = page.post(path(haki), data=filled(haki, days=-3))
    assert answer.status_code == 422
    assert "selected" in answer.text
    assert "Choose the day on which letters come again." in page.post(path(haki), data=filled(haki, back="")).text
    assert make.rows(Absence) == []


def test_where_nobody_else_speaks_for_the_organisation_it_says_what_to_do(client):
    room = Room()
    alone = make.ngo("Solo")
    rosa, holder, _seat = sits(room, alone, "Rosa")
    said = let_in(client, rosa).get(f"/en/organisations/{alone.id}/people/{holder.id}/away").text
    assert "Nobody else speaks for the organisation yet" in said


def test_it_asks_for_a_fresh_proof_and_is_nobody_elses_business(client, haki):
    made = haki.away()
    page = let_in(client, make.person())
    assert page.get(path(haki)).status_code == 404
    for verb in ("end", "resume"):
        assert page.post(f"/en/organisations/{haki.ngo.id}/absences/{made.id}/{verb}").status_code == 404
    let_in(client, haki.rosa)
    with time_machine.travel(clock.now() + timedelta(minutes=16), tick=False):
        assert "why=proof" in client.get(path(haki)).location


def test_the_pages_are_small(client, haki):
    asked(haki.holder, haki.amina)
    page = let_in(client, haki.rosa)
    for address in (path(haki), link(haki.amina), "/en/me"):
        assert len(page.get(address).data) < 14_336, address
