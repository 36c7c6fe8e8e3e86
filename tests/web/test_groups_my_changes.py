"""Pauses, languages, time zone, and how one reads."""

import re
from datetime import timedelta
from html import unescape

import pytest

from caucusmail import zones
from caucusmail.accounts.models import Person
from caucusmail.audit.models import AuditEntry
from caucusmail.database import db, transaction
from caucusmail.groups import pauses, queries, undo
from caucusmail.groups.models import Mode, Subscription
from tests import make
from tests.door import let_in
from tests.web.my import my, text, undo_url


def test_a_pause_with_dates(client, member):
    today = pauses.today(member.zone)
    back = today + timedelta(days=10)
    said = client.post(
        my(member, "/pause"),
        data={"caucus": "water", "first": "", "back": back.isoformat()},
        follow_redirects=True,
    )
    assert "water caucus is paused: its letters come again from" in text(said)
    assert [place.standing for place in queries.places(member)] == ["paused", "active"]
    client.post(undo_url(said))
    assert [place.standing for place in queries.places(member)] == ["active", "active"]


def test_a_pause_that_lies_ahead_says_when_it_begins_and_what_it_is_of(client, member):
    first = pauses.today(member.zone) + timedelta(days=20)
    days = {"first": first.isoformat(), "back": (first + timedelta(days=9)).isoformat()}
    begins, ends = (zones.written(first + timedelta(days=number)) for number in (0, 9))
    for caucus, named in (("", "Nothing is sent to you from"), ("water", "water caucus sends you nothing from")):
        said = text(client.post(my(member, "/pause"), data={"caucus": caucus} | days, follow_redirects=True))
        assert f"{named} {begins}, 00:00 in Nairobi until {ends}, 00:00 in Nairobi." in said
    assert "Everything is paused" not in said


def test_a_refused_form_says_what_it_did_not_do(client, member):
    assert "Nothing was changed yet." in client.post(my(member, "/pause"), data={"back": "soon"}).text
    assert "Nothing was sent yet." in client.post("/caucuses/water/contact", data={"name": ""}).text


def test_changing_a_pause_begins_with_its_days(client, member):
    first = pauses.today(member.zone) + timedelta(days=20)
    days = {"first": first.isoformat(), "back": (first + timedelta(days=9)).isoformat()}
    client.post(my(member, "/pause"), data={"caucus": "water"} | days)
    shown = client.get(my(member, "/pause?caucus=water")).text
    assert all(f'value="{day}"' in shown for day in days.values())
    assert all(f'value="{day}"' not in client.get(my(member, "/pause")).text for day in days.values())


def test_a_pause_of_everything_until_one_says_so(client, member):
    client.post(my(member, "/pause"), data={"caucus": ""})
    assert {place.standing for place in queries.places(member)} == {"paused"}
    said = client.post(my(member, "/resume"), data={"caucus": ""}, follow_redirects=True)
    assert "Letters come again from now on" in text(said)
    assert {place.standing for place in queries.places(member)} == {"active"}


@pytest.mark.parametrize(
    ("data", "words"),
    [
        ({"back": "31.2.2027"}, "We read “31.2.2027”"),
        ({"back": "<b>soon</b>"}, "We read “<b>soon</b>”"),
        ({"back": "2001-01-01"}, "Choose a day after it"),
        ({"first": "2001-01-01"}, "is in the past"),
        ({"back": "9999-12-31"}, "twelve months at the most"),
        ({"back": "2027-01-01\x00"}, "Please write a day like"),
    ],
)
def test_days_that_make_no_sense_are_named_and_nothing_is_lost(client, member, data, words):
    page = client.post(my(member, "/pause"), data={"caucus": "water"} | data)
    assert page.status_code == 422
    assert words in unescape(page.text)
    assert "<b>soon" not in page.text
    assert re.search(r'<option selected value="water">', page.text)
    assert {place.standing for place in queries.places(member)} == {"active"}


@pytest.mark.parametrize("typed", ["24/12/{y}", "24.12.{y}", "24-12-{y}", "{y}-12-24"])
def test_days_are_read_as_people_type_them(client, member, typed):
    year = pauses.today(member.zone).year
    year += pauses.today(member.zone) >= pauses.date(year, 12, 24)
    page = client.post(my(member, "/pause"), data={"caucus": "", "back": typed.format(y=year)})
    assert page.status_code == 303


def test_languages_and_zone_are_chosen_and_the_page_answers_in_the_new_language(client, member):
    with transaction():
        member.languages = ["en", "ar", "ru", "zh"]
    said = client.post(
        my(member, "/preferences"), data={"first": "fr", "second": "en", "third": "", "zone": "Africa/Dakar"}
    )
    assert said.headers["Location"].startswith("/fr/my/")
    assert (member.languages, member.zone) == (["fr", "en", "zh"], "Africa/Dakar")
    client.post(undo_url(client.get(said.headers["Location"])))
    assert (member.languages, member.zone) == (["en", "ar", "ru", "zh"], "Africa/Nairobi")


@pytest.mark.parametrize(
    "data", [{"first": "tlh", "zone": "UTC"}, {"first": "fr", "zone": "Mars/Base"}, {"first": "", "zone": "UTC"}, {}]
)
def test_what_is_not_on_the_lists_is_refused(client, member, data):
    assert client.post(my(member, "/preferences"), data=data).status_code == 422
    assert member.languages == ["en"]


def test_reading_on_the_site_and_back(client, member):
    said = client.post(my(member, "/groups/water"), data={"mode": "none"}, follow_redirects=True)
    assert "you read on the site" in text(said)
    assert make.rows(Subscription)[0].mode is Mode.NONE
    client.post(undo_url(said))
    assert make.rows(Subscription)[0].mode is Mode.EVERY


def test_reminders_are_switched_off_and_on_again_and_my_page_says_so(client, member):
    chosen = {"first": "en", "second": "", "third": "", "zone": member.zone}
    assert "By letter, the day before" in text(client.get(my(member)))
    page = client.post(my(member, "/preferences"), data=chosen | {"no_reminders": "y"}, follow_redirects=True)
    assert "Reminders of meetings None" in text(page)
    assert not db.session.get_one(Person, member.id).reminders
    assert re.search(r'<input[^>]* checked[^>]* name="no_reminders"', client.get(my(member, "/preferences")).text)
    client.post(undo_url(page))
    assert db.session.get_one(Person, member.id).reminders


def test_discreet_letters_are_chosen_and_taken_back_and_my_page_says_so(client, member):
    chosen = {"first": "en", "second": "", "third": "", "zone": member.zone}
    assert "Everything: who writes" in text(client.get(my(member)))
    page = client.post(my(member, "/preferences"), data=chosen | {"discreet": "y"}, follow_redirects=True)
    assert "Only that there is a message" in text(page)
    assert db.session.get_one(Person, member.id).discreet
    assert re.search(r'<input[^>]* checked[^>]* name="discreet"', client.get(my(member, "/preferences")).text)
    client.post(undo_url(page))
    assert not db.session.get_one(Person, member.id).discreet


def test_a_letters_link_does_not_turn_discreet_letters_off(client, member):
    chosen = {"first": "en", "second": "", "third": "", "zone": member.zone}
    with transaction():
        member.discreet = True
    refused = client.post(my(member, "/preferences"), data=chosen)
    assert (refused.status_code, "Sign in to choose this." in refused.text) == (422, True)
    assert db.session.get_one(Person, member.id).discreet
    let_in(client, member).post("/me/preferences", data=chosen)
    assert not db.session.get_one(Person, member.id).discreet


def test_a_choice_that_was_taken_back_says_so_and_one_that_was_made_anew_after_it_stays(client, member):
    for path, data in (
        ("/preferences", {"first": "fr", "second": "", "third": "", "zone": member.zone}),
        ("/groups/water", {"mode": "none"}),
    ):
        client.post(my(member, path), data=data)
        with transaction():
            step = make.rows_by(AuditEntry, AuditEntry.id)[-1]
            link = f"/en/undo/{undo.token(step)}"
        for answer in (client.post(link), client.post(link), client.get(link)):
            assert answer.status_code == 200
            assert "Taken back Everything is as it was before." in text(answer)
        client.post(my(member, path), data=data)
        for answer in (client.get(link), client.post(link)):
            assert answer.status_code == 200
            assert "This has been taken back already You took it back before" in text(answer)
            assert "This has changed since" not in text(answer)
