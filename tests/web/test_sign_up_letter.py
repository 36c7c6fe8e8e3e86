"""The letter's link and its code: what they confirm, and for whom they work no longer."""

from dataclasses import replace
from datetime import timedelta

import pytest

from caucusmail import clock, tokens, zones
from caucusmail.accounts.models import Person
from caucusmail.database import db, transaction
from caucusmail.directory import asking, confirmation, registration, windows
from caucusmail.directory.applications import (
    Applicant,
    Application,
)
from caucusmail.directory.models import Affiliation, AffiliationState, Consent
from caucusmail.tokens import Purpose
from tests import make
from tests.directory.joiners import applicants, applied, code_in, confirmed, letters, sign_up
from tests.web.joining import Walk, link, rows


def state() -> list[tuple]:
    db.session.expire_all()
    return [
        *((row.state, row.letters, row.person_id) for row in make.rows(Applicant)),
        *(row.state for row in make.rows(Application)),
        len(make.rows(Person)),
        len(make.rows(Affiliation)),
        len(make.rows(Consent)),
    ]


def test_a_scanner_that_opens_the_link_three_times_changes_nothing(client, vrwg):
    achieng, _peter = applicants(applied(vrwg))
    before = state()
    for _ in range(3):
        assert client.get(link(achieng)).status_code == 200
        assert client.head(link(achieng)).status_code == 200
    assert state() == before


def test_the_button_confirms_what_stayed_ticked_and_shows_where_it_stands(walk, vrwg, children):
    achieng, _peter = applicants(applied(vrwg, children))
    with transaction():
        today = clock.now().date()
        windows.add(today + timedelta(days=50), today + timedelta(days=80), {}, by=make.secretary())
    walk.open(link(achieng)).press(link(achieng))
    walk.open(walk.page.location)
    assert "Thank you, you have confirmed" in walk.text
    assert f"paused until {zones.written(today + timedelta(days=50))}" in walk.text
    assert "Interest noted" in walk.text
    assert "/my/" in walk.text
    assert "Peter Kamau" in walk.text
    assert {row.state for row in rows(Affiliation)} == {AffiliationState.WAITING, AffiliationState.INTEREST}


def test_unticking_everything_is_refused_with_words_and_stays_unticked(walk, vrwg):
    achieng, _peter = applicants(applied(vrwg))
    walk.open(link(achieng)).press(link(achieng), kept=[])
    assert walk.page.status_code == 422
    assert walk.fields.getlist("kept") == []
    assert "Tick at least one" in walk.text
    assert rows(Person) == []


def test_who_was_corrected_away_is_not_called_a_colleague(walk, vrwg):
    form = sign_up(vrwg)
    for people in (form.people, (form.people[0], replace(form.people[1], address="right@mhi.example"))):
        with transaction():
            registration.apply(replace(form, people=people), "192.0.2.0/24")
    achieng = rows(Applicant)[0]
    confirmed(achieng, vrwg)
    walk.open("/join/status/" + confirmation.status_token(achieng))
    assert walk.text.count("has not confirmed yet") == 1
    assert "not confirmed, removed" not in walk.text


def test_another_caucus_cannot_be_slipped_in(walk, vrwg):
    achieng, _peter = applicants(applied(vrwg))
    other = make.caucus()
    walk.open(link(achieng)).press(link(achieng), kept=[str(other.id), "x", "²", str(vrwg.id)])
    assert [row.caucus_id for row in rows(Affiliation)] == [vrwg.id]


def test_after_confirming_the_link_leads_to_where_it_stands(client, vrwg):
    achieng, _peter = applicants(applied(vrwg))
    confirmed(achieng, vrwg)
    assert client.get(link(achieng)).location.startswith("/join/status/")


@pytest.mark.parametrize("path", ["/join/confirm/{}", "/join/status/{}"])
@pytest.mark.parametrize("purpose", list(Purpose))
def test_tokens_of_other_purposes_forged_or_of_nobody_show_a_written_page(client, vrwg, path, purpose):
    achieng, _peter = applicants(applied(vrwg))
    if (purpose, path) == (Purpose.CONFIRM_SIGN_UP, "/join/confirm/{}"):
        token = tokens.sign(purpose, 10**9)
    else:
        token = tokens.sign(purpose, achieng.id)
    page = client.get(path.format(token))
    assert page.status_code == 404
    assert "This link no longer works" in page.text
    if purpose is not Purpose.CONFIRM_SIGN_UP or "confirm" in path:
        assert client.post(path.format(token).replace("status", "confirm")).status_code == 404


def test_a_link_older_than_fourteen_days_shows_a_written_page(client, vrwg, days_later):
    achieng, _peter = applicants(applied(vrwg))
    path = link(achieng)
    with days_later(14.1):
        assert client.get(path).status_code == 404
        assert client.post(path, data={"kept": str(vrwg.id)}).status_code == 404
    assert rows(Person) == []


def test_this_was_not_me_deletes_the_address(walk, vrwg):
    achieng, _peter = applicants(applied(vrwg))
    walk.open(link(achieng)).press(link(achieng) + "/not-me")
    assert "Your address is deleted" in walk.text
    assert rows(Applicant)[0].address == ""


def test_a_code_leads_to_the_same_page(walk, vrwg):
    applied(vrwg)
    code = code_in(letters("achieng@mhi.example")[0])
    walk.open("/join/code").press("/join/code", address="achieng@mhi.example", code=code.replace("-", " "))
    assert walk.page.status_code == 303
    assert "/join/confirm/" in walk.page.location
    assert walk.open(walk.page.location).page.status_code == 200


def test_a_wrong_code_and_an_unknown_address_get_the_same_bytes(client, vrwg, stopped_clock):
    applied(vrwg)
    pages = []
    for address in ("achieng@mhi.example", "nobody0@mhi.example"):
        walk = Walk(client).open("/join/code").press("/join/code", address=address, code="000000")
        assert walk.page.status_code == 422
        pages.append(walk.text.replace(address, "ADDRESS"))
    assert pages[0] == pages[1]


def test_no_copy_of_a_page_that_its_address_opens_stays_in_the_browser(client, vrwg):
    achieng, _peter = applicants(applied(vrwg))
    assert client.get(link(achieng)).headers["Cache-Control"] == "no-store"
    confirmed(achieng, vrwg)
    path = "/join/status/" + confirmation.status_token(achieng)
    assert client.get(path).headers["Cache-Control"] == "no-store"


def test_too_many_codes_are_429(walk, vrwg):
    applied(vrwg)
    for _ in range(9):
        walk.open("/join/code").press("/join/code", address="achieng@mhi.example", code="1")
    assert walk.page.status_code == 429


@pytest.mark.parametrize("kept", ["9" * 5000, "9" * 30, "²", "-1"])
def test_a_number_that_can_be_no_caucus_keeps_none(client, vrwg, kept):
    token = asking.confirm_token(applicants(applied(vrwg))[0])
    answer = client.post(f"/join/confirm/{token}", data={"kept": kept})
    assert answer.status_code == 422
    assert "Nothing is ticked" in answer.text
