"""Caucuses and regions for anybody, and the form that reaches their keepers."""

import re
from datetime import timedelta
from html import unescape

import pytest
import time_machine

from caucusmail import clock
from caucusmail.audit.models import AuditEntry
from caucusmail.delivery.models import Delivery
from caucusmail.directory.models import AffiliationState, Family, JoinMode, RosterPolicy, Status
from tests import make
from tests.statements import counted


def archived(**more):
    return make.caucus(
        "peace", status=Status.ARCHIVED, join_mode=JoinMode.CLOSED, former_names=["No Bomb Caucus"], **more
    )


def test_an_unknown_caucus_has_a_written_page(client):
    answer = client.get("/en/caucuses/nobody")
    assert answer.status_code == 404
    assert "There is no caucus, team or network with the address “nobody”." in answer.text
    assert "All caucuses" in answer.text


@pytest.mark.parametrize(
    "slug", ["<script>alert(1)</script>", "%00", "a" * 5000, "..%2f..%2fetc", "'; DROP TABLE caucuses;--"]
)
def test_a_hostile_short_name_is_not_found_and_not_live(client, slug):
    answer = client.get(f"/caucuses/{slug}")
    assert answer.status_code == 404
    assert "<script>alert" not in answer.text


def test_the_page_says_who_it_is_for_who_keeps_it_and_who_sees_members(client):
    caucus = make.caucus("water")
    make.coordinator(caucus, make.person("Ilse Keeper", "ilse@secret.example"))
    text = client.get("/en/caucuses/water").text
    assert "1 coordinator, with the secretariat" in text
    assert "Organisations, and experts in their own name" in text
    assert "Only its coordinators and the secretariat. Other members do not." in text
    assert "Ilse" not in text
    assert "secret.example" not in text


def test_a_caucus_that_shows_its_list_says_so(client):
    make.caucus("water", roster=RosterPolicy.MEMBERS)
    assert "other members only what you allow" in client.get("/en/caucuses/water").text


def test_an_archived_caucus_keeps_its_history_and_offers_no_way_in(client):
    archived(history={"en": "It met in Rome."})
    answer = client.get("/en/caucuses/peace")
    assert answer.status_code == 200
    for words in ("Archived on", "No Bomb Caucus", "It met in Rome.", "ask the secretariat"):
        assert words in answer.text
    assert "caucus=peace" not in answer.text


def test_a_caucus_that_joins_elsewhere_names_its_own_site(client):
    make.caucus("wigj", join_mode=JoinMode.EXTERNAL, external_url="https://own.example")
    text = client.get("/en/caucuses/wigj").text
    assert 'href="https://own.example" rel="external noreferrer noopener"' in text
    assert "caucus=wigj" not in text


def test_interest_is_told_only_when_nobody_can_be_singled_out(client):
    caucus = make.caucus("children", status=Status.GATHERING, join_mode=JoinMode.INTEREST)
    for count in (9, 4):
        for _number in range(count):
            who = make.member(caucus, state=AffiliationState.INTEREST)
            make.representative(who, make.ngo())
        told = "More than 10 organisations" in client.get("/en/caucuses/children").text
        assert told == (count == 4)


def test_the_other_families_stand_on_the_same_code(client):
    make.caucus("team-budget", family=Family.TEAM)
    make.caucus("network-africa", family=Family.NETWORK, region_id=make.region().id)
    make.caucus("coalition-ke", family=Family.COALITION, region_id=make.region().id, country_code=make.country().code)
    listed = client.get("/en/caucuses").text
    for slug in ("team-budget", "network-africa", "coalition-ke"):
        assert f"/caucuses/{slug}" in listed
        assert client.get(f"/caucuses/{slug}").status_code == 200
    region = client.get("/en/regions/africa").text
    assert "/caucuses/network-africa" in region
    assert "/caucuses/coalition-ke" in region
    assert "team-budget" not in region


def test_a_region_says_its_numbers_rounded_and_in_words(client):
    for _number in range(4):
        make.ngo()
    assert "fewer than five organisations" in client.get("/en/regions").text
    for _number in range(3):
        make.ngo()
    assert "about 5 organisations" in client.get("/en/regions/africa").text
    assert "Kenya" in client.get("/en/regions/africa").text


def test_an_unknown_region_has_a_written_page(client):
    assert client.get("/regions/atlantis").status_code == 404


def test_the_countries_of_a_region_stand_in_the_order_of_the_reader_s_alphabet(client):
    make.region()
    for code in ("ET", "ER", "SN", "ZA"):  # Éthiopie, Érythrée, Sénégal, Afrique du Sud
        make.country(code)
    text = client.get("/fr/regions/africa").text
    assert text.index("Afrique du Sud") < text.index("Érythrée") < text.index("Éthiopie") < text.index("Sénégal")


@pytest.mark.parametrize("path", ["/caucuses", "/caucuses/water", "/regions", "/regions/africa"])
def test_a_page_s_statements_do_not_grow_with_its_rows(client, path):
    region = make.region()
    caucus = make.caucus("water", region_id=region.id)
    make.ngo()
    with counted() as few:
        client.get(path)
    for number in range(10):
        make.caucus(f"other{number}", region_id=region.id, family=Family.COALITION)
        make.coordinator(make.caucus(f"more{number}"))
        make.member(caucus)
        make.ngo()
    with counted() as many:
        client.get(path)
    assert len(many) == len(few) <= 8


def test_nothing_is_written_by_looking(client):
    make.caucus("water")
    client.get("/caucuses/water/contact")
    assert make.rows(AuditEntry) == []


def filled(client, path="/en/caucuses/water/contact", **more):
    """The form as a person would send it: opened, two seconds spent, all fields filled in."""
    with time_machine.travel(clock.now() - timedelta(seconds=60), tick=True):
        made = re.search(r'name="made"[^>]*value="([^"]+)"', client.get(path).text)[1]
    return {"name": "Amina", "address": "amina@ngo.example", "text": "May I come?", "made": made} | more


def test_a_question_reaches_a_keeper_and_shows_no_address(client):
    keeper = make.coordinator(make.caucus("water"), make.person("Ilse", "ilse@keeper.example"))
    answer = client.post("/en/caucuses/water/contact", data=filled(client))
    assert answer.status_code == 303
    answer = client.get(answer.location)
    assert "Your question is on its way" in answer.text
    assert "keeper.example" not in answer.text
    assert [row.address for row in make.rows(Delivery)] == [keeper.address]


def test_a_question_sent_twice_reaches_its_reader_once(client):
    make.coordinator(make.caucus("water"))
    page = client.get("/en/caucuses/water/contact").text
    submission = re.search(r'name="submission"[^>]*value="([^"]+)"', page)[1]
    data = filled(client, submission=submission)
    for _number in range(2):
        assert client.post("/en/caucuses/water/contact", data=data).status_code == 303
    assert len(make.rows(Delivery)) == 1
    client.post("/en/caucuses/water/contact", data=filled(client, text="One more thing?"))
    assert len(make.rows(Delivery)) == 2


def test_a_machine_gets_the_same_answer_and_nothing_is_sent(client):
    make.coordinator(make.caucus("water"))
    person = client.post("/en/caucuses/water/contact", data=filled(client)).text
    sent = len(make.rows(Delivery))
    machine = client.post("/en/caucuses/water/contact", data=filled(client, nickname="x")).text
    assert machine == person
    assert len(make.rows(Delivery)) == sent


@pytest.mark.parametrize("made", ["", "forged", None])
def test_a_form_that_comes_back_at_once_is_shown_again_with_what_was_typed(client, stopped_clock, made):
    make.coordinator(make.caucus("water"))
    data = filled(client)
    if made is None:
        made = re.search(r'name="made"[^>]*value="([^"]+)"', client.get("/caucuses/water/contact").text)[1]
    answer = client.post("/en/caucuses/water/contact", data=data | {"made": made})
    assert answer.status_code == 422
    assert "May I come?" in answer.text
    assert "Nothing is lost: look it over and press" in answer.text
    assert make.rows(Delivery) == []


def test_what_is_missing_is_named_and_what_was_typed_stays(client):
    make.coordinator(make.caucus("water"))
    answer = client.post("/en/caucuses/water/contact", data=filled(client, address="amina(at)ngo", name=""))
    assert answer.status_code == 422
    assert "Your name was empty" in answer.text
    assert "“amina(at)ngo” is not a complete email address" in unescape(answer.text)
    assert "May I come?" in answer.text


def test_an_archived_caucus_can_still_be_asked_about(client):
    staff = make.secretary()
    archived()
    client.post("/en/caucuses/peace/contact", data=filled(client, "/en/caucuses/peace/contact"))
    assert [row.address for row in make.rows(Delivery)] == [staff.address]


def test_the_secretariat_can_be_asked_from_every_page(client):
    staff = make.secretary()
    answer = client.post("/en/help/ask", data=filled(client, "/en/help/ask"))
    assert answer.location == "/en/help/ask/thanks"
    assert "It goes to the secretariat." in client.get(answer.location).text
    assert [row.address for row in make.rows(Delivery)] == [staff.address]


def test_too_many_questions_are_answered_in_words_and_429(client):
    make.secretary()
    data = filled(client, "/en/help/ask")
    for _number in range(5):
        assert client.post("/en/help/ask", data=data).status_code == 303
    answer = client.post("/en/help/ask", data=data)
    assert answer.status_code == 429
    assert "try again in an hour" in answer.text
    assert "May I come?" in answer.text


def test_names_and_texts_that_are_code_are_shown_as_text(client):
    evil = '"><img src=x onerror=alert(1)>{{7*7}}'
    make.caucus("water", names={"en": evil}, about={"en": evil}, former_names=[evil], history={"fr": evil})
    for path in ("/en/", "/en/caucuses", "/en/caucuses/water", "/en/caucuses/water/contact", "/en/who-we-write-as"):
        text = client.get(path).text
        assert "<img src=x" not in text
        assert "{{7*7}}" in text


def test_an_archived_caucus_of_which_no_day_is_known_shows_none(client):
    make.caucus("peace", status=Status.ARCHIVED, join_mode=JoinMode.CLOSED, status_since=None)
    text = client.get("/en/caucuses/peace").text
    assert "Archived on" not in text
    assert "Questions about its past work" in text
