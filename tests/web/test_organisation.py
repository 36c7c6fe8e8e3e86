"""The page of an organisation: its people, its seats, and who may do what there."""

import re
from html import unescape

import pytest

from caucusmail import clock
from caucusmail.accounts.models import Person
from caucusmail.audit.models import AuditEntry
from caucusmail.database import db, transaction
from caucusmail.directory.models import Ngo, Representative, Seat
from caucusmail.groups import terms
from tests import make
from tests.door import let_in
from tests.groups.leaving import digest
from tests.groups.test_queries import statements
from tests.groups.test_terms import ALL
from tests.web.my import my, text, undo_url

PATHS = ("", "/add", "/people/{rep}/end")
POSTS = (
    "/people/{rep}/end",
    "/people/{rep}/administrator",
    "/seats/{seat}",
    "/undo/{rep}",
    "/invited/{rep}/withdraw",
    "/invited/{rep}/put-back",
    "/add",
)


def test_only_the_secretariat_reads_who_verified_it_and_how(client, rosas):
    ngo = make.rows(Ngo)[0]
    with transaction():
        ngo.verified_by_id, ngo.how_verified = make.secretary(name="Noor").id, "The coalition knows them."
    assert "The coalition knows them." not in client.get(rosas[0]).text
    let_in(client, make.secretary())
    assert re.search(r"Verified on [^<]* by Noor – The coalition knows them\.", client.get(rosas[0]).text)


def test_the_page_shows_people_titles_seats_and_places_and_no_address(client, rosas):
    page = client.get(rosas[0])
    shown = text(page)
    assert "2 of 3 places" in shown
    assert "Luis Mamani" in shown
    assert "water caucus" in shown
    assert "@mail.example" not in page.text


def test_a_term_is_ended_by_two_taps_and_undone(client, rosas):
    url, luis, _seat = rosas
    before = digest(*ALL)
    asked = client.get(f"{url}/people/{luis}/end")
    assert "water caucus" in asked.text
    assert digest(*ALL) == before
    said = client.post(f"{url}/people/{luis}/end", follow_redirects=True)
    assert "Luis Mamani no longer speaks" in text(said)
    assert "Vacant seats" in said.text
    client.post(undo_url(said))
    assert digest(*ALL) == before


def test_administrators_are_made_and_unmade_but_not_the_last(client, rosas):
    url, luis, _seat = rosas
    said = client.post(f"{url}/people/{luis}/administrator", data={"admin": "yes"}, follow_redirects=True)
    assert "Luis Mamani is an administrator now" in text(said)
    client.post(undo_url(said))
    mine = db.session.query(Representative).filter_by(admin=True).one()
    refused = client.post(f"{url}/people/{mine.id}/administrator", data={"admin": "no"})
    assert refused.status_code == 409
    assert "is the only administrator" in unescape(refused.text)


def test_an_administrator_can_end_their_own_term_once_there_is_another(client, rosas):
    url, luis, _seat = rosas
    mine = db.session.query(Representative).filter_by(admin=True).one()
    assert client.post(f"{url}/people/{mine.id}/end").status_code == 409
    client.post(f"{url}/people/{luis}/administrator", data={"admin": "yes"}, follow_redirects=True)
    assert "End your own term?" in client.get(f"{url}/people/{mine.id}/end").text
    said = client.post(f"{url}/people/{mine.id}/end", follow_redirects=True)
    assert said.request.path == "/me"
    assert "You no longer speak for Justicia Andina" in text(said)
    assert client.get(url).status_code in (403, 404)
    back = client.post(undo_url(said), follow_redirects=True)
    assert back.request.path == "/me"
    assert "You are not an administrator of it by that" in text(back)
    assert client.get(url).status_code == 403


def test_an_administrator_who_gives_the_task_up_is_given_it_again_by_another_only(client, rosas):
    url, luis, _seat = rosas
    mine = db.session.query(Representative).filter_by(admin=True).one()
    client.post(f"{url}/people/{luis}/administrator", data={"admin": "yes"}, follow_redirects=True)
    assert "only another administrator can give it back to you" in text(client.get(url))
    said = client.post(f"{url}/people/{mine.id}/administrator", data={"admin": "no"}, follow_redirects=True)
    assert said.request.path == "/me"
    assert "You are no longer an administrator of Justicia Andina" in text(said)
    assert "/undo/" not in said.text
    step = next(one for one in make.rows(AuditEntry) if one.detail.get("admin") is False)
    assert client.post(f"{url}/undo/{step.id}").status_code == 404
    let_in(client, db.session.get_one(Representative, luis).person)
    assert client.post(f"{url}/undo/{step.id}").status_code == 303
    assert mine.admin


def test_who_was_removed_is_no_administrator_again_by_an_older_step_of_her_own(client, rosas):
    """She gave it up, was made so again, and removed: her old step is still there."""
    url, luis, _seat = rosas
    mine = db.session.query(Representative).filter_by(admin=True).one()
    client.post(f"{url}/people/{luis}/administrator", data={"admin": "yes"})
    client.post(f"{url}/people/{mine.id}/administrator", data={"admin": "no"})
    own = make.rows(AuditEntry)[-1].id
    other = db.session.get_one(Representative, luis)
    for admin in (True, False):
        with transaction():
            terms.set_admin(mine, admin=admin, by=other.person)
    let_in(client, mine.person)
    assert client.post(f"{url}/undo/{own}").status_code == 404
    let_in(client, other.person)
    assert client.post(f"{url}/undo/{own}").status_code == 409
    assert not mine.admin


def test_the_same_undo_pressed_twice_does_not_claim_to_have_done_it_twice(client, rosas):
    url, luis, _seat = rosas
    undo = undo_url(client.post(f"{url}/people/{luis}/end", follow_redirects=True))
    client.post(undo)
    assert "Nothing was changed now" in text(client.post(undo, follow_redirects=True))


def test_another_organisation_and_none_at_all_answer_alike(client, rosas, stopped_clock):
    other = make.ngo()
    stranger = make.representative(make.person(), other, admin=True)
    seat = make.keep(Seat(ngo_id=other.id, caucus_id=rosas[2].caucus_id, since=clock.now()))
    before = digest(*ALL)
    for path, send in [*((path, client.get) for path in PATHS), *((path, client.post) for path in POSTS)]:
        path = path.format(rep=stranger.id, seat=seat.id)
        theirs, nothing = send(f"/organisations/{other.id}{path}"), send(f"/organisations/999999{path}")
        assert (theirs.status_code, nothing.status_code) == (404, 404), path
        varies = r"/\d+|(?<=csrf_token\" value=\")[^\"]+"  # the number asked for, and a token that holds the second it was made
        assert re.sub(varies, "#", theirs.text) == re.sub(varies, "#", nothing.text)
    assert digest(*ALL) == before


def test_people_and_seats_of_another_organisation_are_not_reached_through_ones_own(client, rosas):
    url, _luis, _seat = rosas
    other = make.ngo()
    stranger = make.representative(make.person(), other)
    seat = make.keep(Seat(ngo_id=other.id, caucus_id=rosas[2].caucus_id, since=clock.now()))
    for path in POSTS[:-1]:
        assert client.post(url + path.format(rep=stranger.id, seat=seat.id)).status_code == 404
    assert client.get(f"{url}/people/{stranger.id}/end").status_code == 404


def test_who_administers_nothing_is_refused_alike_everywhere(client, house):
    ngo, _rosa, luis, _seat, _groups = house
    let_in(client, luis.person)
    answers = [client.get(f"/organisations/{number}").status_code for number in (ngo.id, 999999)]
    assert answers == [403, 403]


def test_a_stranger_is_asked_to_sign_in(client, house):
    assert client.get(f"/organisations/{house[0].id}").status_code == 303


def test_the_secretariat_may_help(client, house):
    let_in(client, make.secretary())
    assert client.get(f"/organisations/{house[0].id}").status_code == 200
    assert client.get("/organisations/999999").status_code == 404


def test_the_secretariat_allows_more_places_and_takes_it_back(client, house):
    ngo = house[0]
    let_in(client, make.secretary())
    url = f"/organisations/{ngo.id}"
    said = client.post(f"{url}/places", data={"places": "5"}, follow_redirects=True)
    assert "2 of 5 places" in text(said)
    client.post(re.search(r'action="([^"]*/places/[0-9]+)"', said.text)[1])
    assert ngo.seats_cap == 3


@pytest.mark.parametrize("number", ["1", "51", "0", "-3", "many", "", "9" * 30])
def test_no_fewer_places_are_allowed_than_are_taken_and_no_absurd_number(client, house, number):
    ngo = house[0]
    let_in(client, make.secretary())
    refused = client.post(f"/organisations/{ngo.id}/places", data={"places": number})
    assert refused.status_code == 422
    assert "Rosa Quispe" in refused.text
    assert ngo.seats_cap == 3


def test_an_organisation_does_not_allow_itself_more_places(client, rosas):
    assert client.post(f"{rosas[0]}/places", data={"places": "5"}).status_code == 403
    assert client.post(f"{rosas[0]}/places/5").status_code == 403
    assert "how many representatives it may have" not in client.get(rosas[0]).text


def test_the_number_of_statements_does_not_grow_with_people_and_seats(client, rosas):
    url, _luis, _seat = rosas
    ngo_id = int(url.rpartition("/")[2])
    client.get(url)
    few = statements(lambda: client.get(url))
    for number in range(4):
        person = make.person()
        make.keep(Representative(ngo_id=ngo_id, person_id=person.id, since=clock.now()))
        caucus = make.caucus(f"more{number}")
        make.keep(Seat(ngo_id=ngo_id, caucus_id=caucus.id, since=clock.now(), holder_id=person.id))
        make.keep(Seat(ngo_id=ngo_id, caucus_id=caucus.id, since=clock.now()))
    assert statements(lambda: client.get(url)) <= few + 1  # one more once a seat is vacant


def test_names_are_text(client, rosas):
    url, luis, _seat = rosas
    person = db.session.get(Person, db.session.get(Representative, luis).person_id)
    person.name = "<img src=x onerror=alert(1)>"
    db.session.commit()
    for path in ("", f"/people/{luis}/end"):
        assert "<img src=x" not in client.get(url + path).text


def test_the_secretariat_makes_old_links_invalid_and_the_journal_says_who_did(client, rosas):
    url, luis, _seat = rosas
    person = db.session.get(Representative, luis).person
    old, noor = my(person), make.secretary(name="Noor")
    let_in(client, noor)
    asked = client.get(re.search(rf'href="({url}/people/{luis}/old-links)"', client.get(url).text)[1])
    assert "This cannot be taken back" in asked.text
    assert client.get(old).status_code == 200
    said = client.post(f"{url}/people/{luis}/old-links", follow_redirects=True)
    assert "The links in the old letters to Luis Mamani no longer work." in text(said)
    assert (client.get(old).status_code, client.get(my(person)).status_code) == (404, 200)
    entries = [one for one in make.rows(AuditEntry) if one.verb == "links.revoked"]
    assert [(one.subject_id, one.by_id) for one in entries] == [(person.id, noor.id)]


def test_an_administrator_does_not_make_the_links_of_others_invalid(client, rosas):
    url, luis, _seat = rosas
    path = f"{url}/people/{luis}/old-links"
    assert "old-links" not in client.get(url).text
    assert (client.get(path).status_code, client.post(path).status_code) == (403, 403)


def test_the_old_links_of_somebody_elsewhere_are_not_found_through_this_page(client, rosas):
    url, _luis, _seat = rosas
    stranger = make.representative(make.person(), make.ngo("Elsewhere"))
    let_in(client, make.secretary())
    assert client.post(f"{url}/people/{stranger.id}/old-links").status_code == 404
