"""The pages on which somebody is protected by others: their organisation's administrator, or a coordinator with a second person."""

import re
from datetime import timedelta

import pytest
import time_machine

from caucusmail.accounts.models import Person, Shelter
from caucusmail.clock import now
from caucusmail.database import db
from caucusmail.delivery.models import Delivery, DeliveryState
from caucusmail.directory.models import Affiliation
from caucusmail.privacy.asking_models import AskingState, ProtectionAsking
from tests import letters, make
from tests.announcements.rooms import Room
from tests.door import let_in
from tests.groups.absent import Seated
from tests.web.my import text

TELLING = re.compile(r"protect|risk|safe|danger|Rosa|Haki|caucus\d|group", re.IGNORECASE)


@pytest.fixture
def haki():
    """Rosa sits for Haki; Ben is its administrator; Ilse and Omar coordinate."""
    made = Seated(Room())
    made.ben = make.person("Ben", "ben@haki.example")
    make.representative(made.ben, made.ngo, admin=True)
    made.ilse, made.omar = (
        make.coordinator(made.room.caucus, make.person(name, f"{name.lower()}@desk.example"))
        for name in ("Ilse", "Omar")
    )
    made.members = f"/caucuses/{made.room.caucus.slug}/members"
    place = make.db.session.query(Affiliation).filter_by(person_id=made.rosa.id).one()
    made.of_member = f"{made.members}/{place.id}/protect"
    made.of_colleague = f"/organisations/{made.ngo.id}/people/{made.holder.id}/protect"
    return made


def rosa_now(haki) -> Person:
    db.session.expire_all()
    return db.session.get(Person, haki.rosa.id)


def asked(client, haki):
    let_in(client, haki.ilse)
    answer = client.post(haki.of_member, follow_redirects=True)
    return answer, make.rows(ProtectionAsking)[-1]


def button(page, ending: str) -> str:
    return re.search(rf'action="([^"]*{ending})"', page.text)[1]


def test_an_administrator_does_it_at_once_and_learns_nothing(client, haki):
    let_in(client, haki.ben)
    people = f"/organisations/{haki.ngo.id}"
    assert haki.of_colleague in client.get(people).text
    assert "Protect Rosa" in text(client.get(haki.of_colleague))
    assert rosa_now(haki).shelter is None
    done = client.post(haki.of_colleague, follow_redirects=True)
    rosa = rosa_now(haki)
    assert rosa.shelter is Shelter.SILENT
    assert f"Everybody reads “{rosa.name}”" in text(done)
    assert "signed out everywhere" not in text(done)  # numbers and the rest are for Rosa
    assert not re.search(r"\b1 device", text(done))
    page = client.get(people)
    assert "Rosa" not in page.text
    assert rosa.name in page.text
    assert haki.of_colleague not in page.text
    assert client.get(haki.of_colleague).status_code == 404  # a second time there is nothing to do


def test_the_protected_is_told_in_words_that_tell_nothing_and_the_letter_leaves(client, haki):
    let_in(client, haki.ben)
    client.post(haki.of_colleague)
    letter = letters.to(rosa_now(haki).address)[-1]
    assert letter["Subject"] == "Your page has changed"
    assert TELLING.findall(letter["Subject"] + letters.text(letter)) == []
    assert db.session.query(Delivery).order_by(Delivery.id.desc()).first().state is DeliveryState.QUEUED


def test_the_administrator_takes_a_slip_back(client, haki):
    let_in(client, haki.ben)
    receipt = client.post(haki.of_colleague).location
    assert client.post(receipt).location.endswith("/me")
    assert (rosa_now(haki).name, rosa_now(haki).shelter) == ("Rosa", None)


def test_a_coordinator_asks_and_a_second_one_agrees(client, app, haki):
    let_in(client, haki.ilse)
    assert haki.of_member in client.get(haki.members).text
    assert "Protect Rosa" in text(client.get(haki.of_member))
    page, one = asked(client, haki)
    assert "somebody else has to agree" in text(page)
    assert rosa_now(haki).shelter is None
    assert "/yes" not in page.text
    assert client.post(f"/second-person/{one.id}/yes").status_code == 409
    assert rosa_now(haki).shelter is None
    second = let_in(app.test_client(), haki.omar)
    assert "/second-person" in second.get("/me").text
    waiting = second.get("/second-person")
    assert "Ilse has asked for it" in text(waiting)
    done = second.post(button(waiting, "/yes"), follow_redirects=True)
    rosa = rosa_now(haki)
    assert rosa.shelter is Shelter.SILENT
    assert f"Everybody reads “{rosa.name}”" in text(done)
    assert haki.of_member not in client.get(haki.members).text
    assert "Nothing waits for you" in text(second.get("/second-person"))
    assert second.post(f"/second-person/{one.id}/yes").status_code == 409


def test_the_secretariat_can_be_the_second_person(client, app, haki):
    _page, one = asked(client, haki)
    noor = let_in(app.test_client(), make.secretary())
    assert noor.post(f"/second-person/{one.id}/yes").status_code == 303
    assert rosa_now(haki).shelter is Shelter.SILENT


def test_those_who_could_agree_are_written_to_in_words_that_tell_nothing(client, haki):
    asked(client, haki)
    letter = letters.to(haki.omar.address)[-1]
    assert letter["Subject"] == "A second person is needed"
    assert TELLING.findall(letter["Subject"] + letters.text(letter)) == []
    assert client.get(letters.link(letter, "/second-person")).status_code == 200
    assert [one["Subject"] for one in letters.to(haki.ilse.address)] == []
    assert [one["Subject"] for one in letters.to(haki.rosa.address)] == []


def test_a_second_person_says_no_and_nothing_happens(client, app, haki):
    _page, one = asked(client, haki)
    second = let_in(app.test_client(), haki.omar)
    assert "Nothing is done" in text(second.post(f"/second-person/{one.id}/no", follow_redirects=True))
    assert rosa_now(haki).shelter is None
    assert make.rows(ProtectionAsking)[0].state is AskingState.DECLINED
    told = letters.to(haki.ilse.address)[-1]
    assert TELLING.findall(told["Subject"] + letters.text(told)) == []
    assert second.post(f"/second-person/{one.id}/yes").status_code == 409


def test_a_day_later_it_counts_no_more_and_can_be_asked_anew(client, app, haki):
    _page, one = asked(client, haki)
    with time_machine.travel(now() + timedelta(hours=25)):
        second = let_in(app.test_client(), haki.omar)
        assert "Nothing waits for you" in text(second.get("/second-person"))
        assert second.post(f"/second-person/{one.id}/yes").status_code == 409
        asked(client, haki)
        assert len(make.rows(ProtectionAsking)) == 2


def test_who_asked_takes_it_back_and_another_who_wants_to_ask_is_led_to_agree(client, app, haki):
    page, _one = asked(client, haki)
    other = let_in(app.test_client(), haki.omar)
    assert other.get(haki.of_member).location.endswith("/second-person")
    assert other.post(haki.of_member).status_code == 409
    client.post(button(page, "/no"))
    assert make.rows(ProtectionAsking)[0].state is AskingState.WITHDRAWN
    assert other.get(haki.of_member).status_code == 200


def test_nobody_else_can_and_whether_there_is_somebody_is_not_told(client, app, haki):
    _page, one = asked(client, haki)
    elsewhere = Seated(Room(slug="elsewhere"))
    admin = make.person("Ada")
    make.representative(admin, elsewhere.ngo, admin=True)
    ways = [haki.of_member, haki.of_colleague, f"/second-person/{one.id}/yes", f"/second-person/{one.id}/no"]
    nowhere = [re.sub(r"\d+(?=/(protect|yes|no)$)", "99999", way) for way in ways]
    for who in (admin, make.coordinator(elsewhere.room.caucus), haki.amina, haki.rosa, make.person()):
        other = let_in(app.test_client(), who)
        for way, none in zip(ways, nowhere, strict=True):
            there, not_there = other.post(way), other.post(none)
            assert there.status_code in (403, 404), (who.name, way)
            assert there.status_code == not_there.status_code
        assert "Rosa" not in other.get("/second-person").text or who is haki.rosa
    stranger = app.test_client()
    assert {stranger.post(way).status_code for way in ways} == {303}
    assert rosa_now(haki).shelter is None


def test_ones_own_line_leads_to_ones_own_page(client, haki):
    let_in(client, haki.ilse)
    own = make.member(haki.room.caucus, haki.ilse, haki.room.group)
    place = db.session.query(Affiliation).filter_by(person_id=own.id).one()
    assert client.get(f"{haki.members}/{place.id}/protect").location.endswith("/me/protect")
    assert client.post(f"{haki.members}/{place.id}/protect").location.endswith("/me/protect")
    let_in(client, haki.ben)
    assert "/me/protect" in client.get(f"/organisations/{haki.ngo.id}").text


def test_pages_about_somebody_else_do_not_speak_of_the_readers_own_name(client, haki):
    for who, path in ((haki.ben, haki.of_colleague), (haki.ilse, haki.of_member)):
        let_in(client, who)
        assert "only their first name" in text(client.get(path))
        assert not re.search(r"\byour (first )?name\b", text(client.get(path)), re.IGNORECASE)
    let_in(client, haki.ben)
    receipt = client.post(haki.of_colleague, follow_redirects=True)
    assert "only their first name" in text(receipt)
