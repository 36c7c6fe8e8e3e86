"""Seats go from hand to hand, as pages."""

import re
from datetime import timedelta

import pytest
import time_machine

from caucusmail import clock
from caucusmail.accounts import queries as accounts
from caucusmail.database import transaction
from caucusmail.directory.hand_over_models import HandOver, OfferState
from tests import letters, make
from tests.door import let_in
from tests.groups.handed import AMINA, office, stands


@pytest.fixture
def haki():
    return office()


def path(haki):
    return f"/en/organisations/{haki.ngo.id}/people/{haki.holder.id}/hand-over"


def filled(haki, **more):
    typed = {"name": "Amina", "address": AMINA, "language": "en", "seats": [one.id for one in haki.seats]}
    return typed | {"title": "", "words": "Take care of it", "day": ""} | more


def test_a_representative_hands_over_from_their_own_page_and_the_successor_says_yes(client, app, haki):
    page, other = let_in(client, haki.rosa), app.test_client()
    assert path(haki) in page.get("/en/me").text
    assert "Hand my seats to somebody else" in page.get(path(haki)).text
    said = page.post(path(haki), data=filled(haki), follow_redirects=True).text
    assert "We wrote to Amina" in said
    link = letters.link(letters.to(AMINA)[0], "/hand-over/")
    shown = other.get(link).text
    assert all(
        words in shown for words in ("Take care of it", "water caucus", "peace caucus", "By saying yes you agree")
    )
    assert stands(haki.rosa, haki.caucuses[0]) == "active"
    assert "The seats are yours" in other.post(link, data={"answer": "yes"}, follow_redirects=True).text
    assert "The seats are yours" in other.post(link, data={"answer": "no"}, follow_redirects=True).text
    assert stands(accounts.by_address(AMINA)[0], haki.caucuses[0]) == "active"


def test_a_successor_says_no(client, haki):
    haki.offered()
    link = letters.link(letters.to(AMINA)[0], "/hand-over/")
    assert "You have said no" in client.post(link, data={"answer": "no"}, follow_redirects=True).text
    assert "You have said no" in client.post(link, data={"answer": "yes"}, follow_redirects=True).text
    assert stands(haki.rosa, haki.caucuses[0]) == "active"


def test_a_button_without_an_answer_changes_nothing(client, haki):
    haki.offered()
    link = letters.link(letters.to(AMINA)[0], "/hand-over/")
    assert "Take over these seats?" in client.post(link, data={"answer": "maybe"}, follow_redirects=True).text
    assert make.rows(HandOver)[0].state is OfferState.OPEN


def test_an_administrator_hands_over_for_a_dead_address_and_takes_it_back(client, app, haki):
    page = let_in(client, haki.ben.person)
    people = f"/en/organisations/{haki.ngo.id}"
    assert path(haki) in page.get(people).text
    page.post(path(haki), data=filled(haki))
    assert "Rosa offered seats to Amina; not answered yet." in page.get(people).text
    app.test_client().post(letters.link(letters.to(AMINA)[0], "/hand-over/"), data={"answer": "yes"})
    shown = page.get(people).text
    assert "Rosa has handed seats over" in shown
    back = re.search(r'action="([^"]*/take-back)"', shown)[1]
    assert "Taken back" in page.post(back, follow_redirects=True).text
    assert stands(haki.rosa, haki.caucuses[0]) == "active"
    assert page.post(back).status_code == 404


def test_what_was_typed_is_kept_beside_its_refusal(client, haki):
    page = let_in(client, haki.rosa)
    answer = page.post(path(haki), data=filled(haki, address="amina@", seats=[haki.seats[1].id], day="30/11/2035"))
    assert (answer.status_code, 'value="amina@"' in answer.text, "Take care of it" in answer.text) == (422, True, True)
    ticked = re.findall(r'<input[^>]*name="seats"[^>]*>', answer.text)
    assert ["checked" in one for one in ticked] == [False, True]
    assert make.rows(HandOver) == []


def test_an_offer_is_withdrawn_where_it_was_made(client, haki):
    page = let_in(client, haki.rosa)
    page.post(path(haki), data=filled(haki))
    shown = page.get(path(haki)).text
    assert "Offered to Amina" in shown
    page.post(re.search(r'action="([^"]*/withdraw)"', shown)[1])
    assert make.rows(HandOver)[0].state is OfferState.WITHDRAWN
    assert "Offered to" not in page.get(path(haki)).text


def test_who_had_said_yes_to_a_later_day_is_told_that_it_is_withdrawn(client, app, haki):
    ahead = (clock.now() + timedelta(days=9)).date()
    page, other = let_in(client, haki.rosa), app.test_client()
    page.post(path(haki), data=filled(haki, day=ahead.isoformat()))
    other.post(letters.link(letters.to(AMINA)[0], "/hand-over/"), data={"answer": "yes"})
    (made,) = make.rows(HandOver)
    said = page.post(f"/organisations/{haki.ngo.id}/hand-overs/{made.id}/withdraw", follow_redirects=True).text
    assert "Amina, who had said yes, is told." in said
    told = letters.to(AMINA)[-1]
    assert told["Subject"] == "The seats of Haki do not come to you"
    assert "water caucus" in letters.text(told)
    assert made.state is OfferState.WITHDRAWN


def test_who_would_look_after_the_organisation_reads_it_before_saying_yes(client, haki):
    haki.offered()
    link = letters.link(letters.to(AMINA)[0], "/hand-over/")
    assert "You then look after Haki" not in client.get(link).text
    with transaction():
        haki.holder.admin, haki.ben.admin = True, False
    assert "You then look after Haki" in client.get(link).text


def test_a_day_ahead_is_said_and_shown(client, app, haki):
    page, other = let_in(client, haki.rosa), app.test_client()
    day = (clock.now() + timedelta(days=10)).date()
    page.post(path(haki), data=filled(haki, day=day.isoformat()))
    link = letters.link(letters.to(AMINA)[0], "/hand-over/")
    assert "You have said yes" in other.post(link, data={"answer": "yes"}, follow_redirects=True).text
    assert "Amina has said yes" in page.get(path(haki)).text
    assert "Amina takes over from Rosa" in let_in(client, haki.ben.person).get(f"/en/organisations/{haki.ngo.id}").text


def test_it_asks_for_a_fresh_proof_and_is_nobody_elses_business(client, haki):
    assert let_in(client, make.person()).get(path(haki)).status_code == 404
    let_in(client, haki.rosa)
    with time_machine.travel(clock.now() + timedelta(minutes=16), tick=False):
        assert "why=proof" in client.get(path(haki)).location


def test_the_pages_are_small(client, haki):
    haki.offered()
    page = let_in(client, haki.rosa)
    for address in (path(haki), letters.link(letters.to(AMINA)[0], "/hand-over/"), "/en/account/addresses", "/en/me"):
        assert len(page.get(address).data) < 14_336, address
