"""A person's own page, by token and signed in."""

import gzip
import re
from datetime import timedelta
from html import unescape

import pytest

from caucusmail import clock, links, tokens, zones
from caucusmail.accounts.models import Person
from caucusmail.database import db, transaction
from caucusmail.directory import affiliation, windows
from caucusmail.directory.models import JoinMode, RosterPolicy, Shown, Status
from caucusmail.groups import queries
from caucusmail.tokens import Purpose
from tests import letters, make
from tests.door import let_in
from tests.groups.leaving import PLACES, digest
from tests.groups.test_queries import statements
from tests.web.my import my, settings, text


def test_the_page_shows_what_one_is_in_and_masks_the_address(client, member):
    page = client.get(my(member))
    assert page.status_code == 200
    assert "water caucus" in page.text
    assert "a***@mhi.example" in page.text
    assert "achieng@" not in page.text


def test_who_signed_in_sees_the_same_page_without_a_token(client, member):
    let_in(client, member)
    page = client.get("/me")
    assert "achieng@mhi.example" in page.text
    assert "/my/" not in page.text


@pytest.mark.parametrize("language", ["", "/en", "/fr"])
def test_from_the_page_of_the_footer_link_one_comes_to_ones_own_page_by_signing_in(client, member, language):
    for start in (f"{language}{my(member)}", f"{language}/my/an-old-link"):
        to_sign_in = re.search(r'href="([^"]*/sign-in\?next=[^"]+)"', client.get(start).text)[1]
        client.post(unescape(to_sign_in), data={"address": member.address})
        button = letters.link(letters.to(member.address)[-1], "/sign-in/")
        page = client.post(button, follow_redirects=True)
        assert page.status_code == 200
        assert page.request.path.endswith("/me")
        assert "water caucus" in page.text


def test_a_stranger_is_asked_to_sign_in(client):
    if "accounts.sign_in" in client.application.view_functions:
        assert client.get("/me").status_code == 303
        assert client.get("/me/pause").status_code == 303


def test_the_page_is_kept_nowhere_and_tells_nobody(client, member):
    page = client.get(my(member))
    assert page.headers["Cache-Control"] == "no-store"
    assert page.headers["Referrer-Policy"] == "no-referrer"
    assert not re.search(r'(?:src|href|action)="(?:https?:)?//', page.text)


def test_the_page_is_light_even_for_who_is_in_every_caucus(client, member):
    for number in range(6):
        caucus = make.caucus(f"more{number}")
        make.member(caucus, member, make.group(caucus))
    css = client.get("/static/house.css").data
    for path in ("", "/pause", "/preferences", "/leave"):
        assert len(gzip.compress(client.get(my(member, path)).data)) + len(gzip.compress(css)) <= 14 * 1024


def test_the_number_of_statements_does_not_grow_with_the_caucuses(client, member):
    url, person_id = my(member), member.id
    client.get(url)
    few = statements(lambda: client.get(url))
    for number in range(5):
        caucus = make.caucus(f"more{number}")
        make.member(caucus, db.session.get(Person, person_id), make.group(caucus))
    assert statements(lambda: client.get(url)) == few <= 8


@pytest.mark.parametrize("purpose", [p for p in Purpose if p is not Purpose.SETTINGS])
@pytest.mark.parametrize("path", ["", "/pause", "/leave", "/leave/water", "/preferences"])
def test_a_token_of_another_purpose_opens_nothing(client, member, purpose, path):
    token = tokens.sign(purpose, member.id, member.settings_version)
    page = client.get(f"/my/{token}{path}")
    assert page.status_code == 404
    assert "This link does not work any more" in page.text
    assert "Achieng" not in page.text


@pytest.mark.parametrize("purpose", [p for p in Purpose if p not in (Purpose.UNDO, Purpose.ONE_CLICK)])
@pytest.mark.parametrize("path", ["/undo/", "/leave/"])
def test_undo_and_one_click_open_with_their_own_tokens_only(client, member, purpose, path):
    before = digest(*PLACES)
    token = tokens.sign(purpose, 1)
    assert (client.get(path + token).status_code, client.post(path + token).status_code) == (404, 404)
    assert digest(*PLACES) == before


def test_every_flipped_character_is_refused(client, member):
    token = settings(member)
    for at in range(0, len(token), 5):
        forged = token[:at] + ("A" if token[at] != "A" else "B") + token[at + 1 :]
        assert client.post(f"/my/{forged}/leave").status_code == 404
    assert len(queries.places(member)) == 2


def test_a_revoked_link_is_an_old_link_and_the_new_one_works(client, member):
    old = my(member)
    with transaction():
        member.settings_version += 1
    assert client.get(old).status_code == 404
    assert client.get(my(member)).status_code == 200


def test_a_link_of_somebody_erased_is_an_old_link(client):
    assert client.get(f"/my/{tokens.sign(Purpose.SETTINGS, 99999, 1)}").status_code == 404


def test_old_links_do_not_say_whether_somebody_exists(client, member, stopped_clock):
    revoked = tokens.sign(Purpose.SETTINGS, member.id, 7)
    nobody = tokens.sign(Purpose.SETTINGS, 99999, 1)
    pages = [client.get(f"/my/{token}").text.replace(token, "") for token in (revoked, nobody, "nonsense")]
    assert len(set(pages)) == 1


def test_each_card_says_how_one_stands_and_who_sees_it(client):
    person = make.person()
    make.member(make.caucus(roster=RosterPolicy.MEMBERS), person, shown=Shown.ORGANISATION)
    make.member(make.caucus(), person, shown=Shown.NAME_AND_ORGANISATION)
    make.member(make.caucus(status=Status.ARCHIVED), person)
    with transaction():
        affiliation.wait(person, make.caucus(), by=person)
        affiliation.wait(person, make.caucus(join_mode=JoinMode.INTEREST), by=person)
    shown = text(client.get(my(person)))
    for words in (
        "The other members see only your organisation",
        "the coordinators and the secretariat, by name. The other members see nothing of you.",
        "Archived on",
        "Remove me",
        "Waiting",
        "Interest noted",
        "Take back my wish",
    ):
        assert words in shown


def test_the_card_of_a_dormant_caucus_promises_no_mail(client):
    person, caucus = make.person(), make.caucus("peace", status=Status.DORMANT)
    make.member(caucus, person, make.group(caucus))
    shown = text(client.get(my(person)))
    assert "Dormant" in shown
    assert "It is asleep: nothing is sent until it wakes." in shown
    assert "Announcements come by mail" not in shown
    assert "Active" not in shown


def test_who_waits_reads_when_the_secretariat_looks(client):
    person, today = make.person(), clock.now().date()
    with transaction():
        affiliation.wait(person, make.caucus(), by=person)
        windows.add(today + timedelta(days=50), today + timedelta(days=80), {"en": "Assembly."}, by=make.secretary())
    shown = text(client.get(my(person)))
    assert (
        f"It is paused until {zones.written(today + timedelta(days=50))}; then yours is looked at. Assembly." in shown
    )


def test_who_signed_in_finds_their_password_and_devices(client, member):
    assert "/account/password" not in client.get(my(member)).text
    let_in(client, member)
    assert 'href="/account/password"' in client.get("/me").text


def test_a_card_leads_to_what_was_announced(client, member):
    assert 'href="/caucuses/water#announcements"' in client.get(my(member)).text
    assert 'id="announcements"' not in client.get("/caucuses/water").text
    let_in(client, member)
    assert 'id="announcements"' in client.get("/caucuses/water").text


def test_a_name_is_text_and_never_markup(client):
    person = make.person('<img src=x onerror=alert(1)>"')
    ngo = make.ngo("<script>alert(2)</script>")
    caucus = make.caucus("x", names={"en": "<b>Peace</b>"})
    seat = make.keep(affiliation.Seat(ngo_id=ngo.id, caucus_id=caucus.id, since=clock.now(), holder_id=person.id))
    make.member(caucus, person, make.group(caucus), seat_id=seat.id)
    for path in ("", "/leave/x", "/leave", "/pause"):
        page = client.get(my(person, path)).text
        assert "<img src=x" not in page
        assert "<script" not in page
        assert "<b>Peace" not in page


def test_changes_need_the_form_of_this_house(csrf_client, member):
    for path in ("/leave", "/leave/water", "/pause", "/resume", "/preferences", "/groups/water", "/back/water"):
        assert csrf_client.post(my(member, path)).status_code == 400
    assert len(queries.places(member)) == 2


def test_reading_the_pages_changes_nothing(client, member):
    before = digest(*PLACES)
    for path in ("", "/pause", "/leave", "/leave/water", "/preferences"):
        for method in (client.get, client.head, client.options):
            assert method(my(member, path)).status_code == 200
    for path in ("/resume", "/back/water"):
        assert client.get(my(member, path)).status_code == 405
    assert digest(*PLACES) == before


def test_the_links_of_letters_lead_to_these_pages(client, member):
    assert client.get(links.my_page(settings(member)).removeprefix("http://localhost")).status_code in (200, 404)
    assert db.session.get(type(member), member.id) is not None


def test_who_signed_in_finds_how_they_sign_in_and_how_to_make_old_links_invalid(client, member):
    old = my(member)
    assert "/account/password" not in client.get(old).text
    let_in(client, member)
    page = client.get("/me").text
    assert 'href="/account/password"' in page
    asked = client.get(re.search(r'href="([^"]*/old-links)"', page)[1])
    assert "cannot be taken back" in asked.text
    assert client.get(old).status_code == 200
    said = client.post("/me/old-links", follow_redirects=True)
    assert "no longer work" in text(said)
    assert client.get(old).status_code == 404


def test_old_links_are_not_made_invalid_by_who_only_holds_one(client, member):
    assert client.post("/me/old-links").status_code == 303
    assert client.post(my(member, "/old-links")).status_code == 404
    assert client.get(my(member)).status_code == 200
