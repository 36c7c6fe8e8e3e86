"""What fellow members see of one: chosen on one's own page, by either way in."""

import pytest

from caucusmail.database import transaction
from caucusmail.directory import affiliation, pseudonyms, queries
from caucusmail.directory.models import Affiliation, Caucus, RosterPolicy, Shown
from caucusmail.directory.pseudonym_models import Pseudonym
from tests import make
from tests.directory.test_roster import seated
from tests.door import let_in
from tests.web.my import my, text, undo_url


@pytest.fixture
def caucus() -> Caucus:
    return make.caucus("open", roster=RosterPolicy.MEMBERS)


@pytest.fixture
def place(caucus) -> Affiliation:
    return queries.affiliation(seated(caucus, "Ada Canary", "Zenith"), caucus)


def test_it_is_chosen_from_the_card_and_fellow_members_see_it_at_once(client, caucus, place):
    path = "/me/shown/open"
    let_in(client, place.person)
    assert f'href="{path}"' in client.get("/me").text
    page = text(client.get(path))
    for words in ("My name and organisation: Ada Canary, Zenith", "Only my organisation: Zenith", "Nothing of me"):
        assert words in page
    said = client.post(path, data={"shown": "name-and-organisation"}, follow_redirects=True)
    assert "The other members see your name and organisation, never your address: “Ada Canary, Zenith”." in text(said)
    let_in(client, make.member(caucus))
    assert "Ada Canary" in client.get("/caucuses/open/members").text
    client.post(my(place.person, "/shown/open"), data={"shown": "organisation"})
    roster = client.get("/caucuses/open/members").text
    assert ("Ada Canary" in roster, "Zenith" in roster) == (False, True)


def test_who_signed_in_chooses_the_same_way_and_takes_it_back(client, caucus, place):
    let_in(client, place.person)
    said = client.post("/me/shown/open", data={"shown": "organisation"}, follow_redirects=True)
    assert place.shown is Shown.ORGANISATION
    client.post(undo_url(said))
    assert place.shown is Shown.NOTHING


def test_a_letters_link_hides_more_and_shows_no_more(client, place):
    path, sent = my(place.person, "/shown/open"), {"shown": "organisation"}
    refused = client.post(path, data=sent)
    assert (refused.status_code, place.shown) == (422, Shown.NOTHING)
    assert "Sign in to choose this." in refused.text
    assert 'href="/sign-in?next=/me/shown/open"' in refused.text
    with transaction():
        place.shown = Shown.NAME_AND_ORGANISATION
    for now in (Shown.ORGANISATION, Shown.REGION, Shown.PSEUDONYM, Shown.NOTHING):
        client.post(path, data={"shown": now.value})
        assert place.shown is now


def test_what_stands_is_chosen_on_the_form(client, place):
    with transaction():
        place.shown = Shown.REGION
    assert 'checked id="shown-2"' in client.get(my(place.person, "/shown/open")).text


@pytest.mark.parametrize("sent", [{}, {"shown": ""}, {"shown": "protected"}, {"shown": "organisation'--"}])
def test_what_is_not_offered_is_refused_and_changes_nothing(client, place, sent):
    refused = client.post(my(place.person, "/shown/open"), data=sent)
    assert refused.status_code == 422
    assert "Nothing was changed yet." in refused.text
    assert place.shown is Shown.NOTHING


def test_an_individual_is_not_offered_an_organisation(client, caucus):
    page = client.get(my(make.member(caucus, make.person("Eve")), "/shown/open"))
    assert "My name: Eve" in text(page)
    assert 'value="organisation"' not in page.text


def test_in_a_group_that_hides_its_members_the_page_says_so(client):
    caucus = make.caucus("closed")
    person = make.member(caucus, make.person())
    page = text(client.get(my(person, "/shown/closed")))
    assert "until then they see nothing of you" in page
    let_in(client, person).post("/me/shown/closed", data={"shown": "name-and-organisation"})
    said = text(client.get(my(person)))
    assert "Who sees you here: the coordinators and the secretariat, by name. The other members see nothing" in said


def test_there_is_nothing_to_choose_where_one_is_no_member(client, caucus):
    person = make.person()
    with transaction():
        affiliation.wait(person, caucus, by=person)
    make.caucus("elsewhere")
    for slug in ("open", "elsewhere", "no-such"):
        for method in (client.get, client.post):
            assert method(my(person, f"/shown/{slug}")).status_code == 404


def test_the_page_promises_the_made_up_name_that_members_then_read(client, caucus, place):
    let_in(client, place.person)
    page = text(client.get("/me/shown/open"))
    name = pseudonyms.coming(place)
    assert f"Only a made-up name: {name}" in page
    assert make.rows(Pseudonym) == []
    said = client.post("/me/shown/open", data={"shown": "pseudonym", "reachable": "y"}, follow_redirects=True)
    assert f"The other members see only a made-up name: “{name}”. They can write to you through it" in text(said)
    back = undo_url(said)
    let_in(client, make.member(caucus))
    roster = client.get("/caucuses/open/members").text
    assert (name in roster, "Ada Canary" in roster, "Zenith" in roster) == (True, False, False)
    let_in(client, place.person)
    client.post(back)
    assert place.shown is Shown.NOTHING


def test_who_comes_by_a_letters_link_chooses_a_made_up_name_and_does_not_read_it(client, place):
    path = my(place.person, "/shown/open")
    with transaction():
        place.shown = Shown.ORGANISATION
    said = client.post(path, data={"shown": "pseudonym"}, follow_redirects=True)
    assert place.shown is Shown.PSEUDONYM
    assert not pseudonyms.of(place).reachable
    assert "The other members see only a made-up name." in text(said)
    for page in (said, client.get(path), client.get(my(place.person))):
        assert pseudonyms.of(place).name not in page.text


def test_an_experts_card_speaks_of_no_organisation(client, caucus):
    person = make.member(caucus, make.person("Eve"), shown=Shown.NAME_AND_ORGANISATION)
    said = text(client.get(my(person)))
    assert "Who sees you here: the coordinators and the secretariat, by name." in said
    assert "The other members see your name, never your address: “Eve”." in said
