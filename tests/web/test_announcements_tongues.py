"""The languages on the form of an announcement: nothing that was typed goes when one comes or its subject is emptied."""

from caucusmail.meetings.models import Venue
from tests import make
from tests.filled import form
from tests.web.composing import MEETING, begin, page, save


def test_what_was_typed_of_access_stays_when_a_language_is_added(client, vrwg, ilse):
    url = begin(client, vrwg)
    added = save(client, url, access_en="Bring your badge.", add="fr", do="add").location
    for address in (added, url):  # where the button led, and on the next day
        assert form(page(client, address), url)["access_en"] == ["Bring your badge."]
    assert "access_fr" in form(page(client, added), url)
    save(client, added, subject_fr="Réunion")
    shown = form(page(client, url), url)
    assert (shown["access_en"], shown["subject_fr"]) == (["Bring your badge."], ["Réunion"])


def test_what_is_known_of_a_place_stays_in_its_box_when_a_language_is_added(client, vrwg, ilse):
    url = begin(client, vrwg)
    filled = save(client, url, venue_id=str(make.rows(Venue)[0].id), do="place").location
    assert "grounds pass" in form(page(client, filled), url)["access_en"][0]
    added = save(client, filled, add="fr", do="add").location
    shown = form(page(client, added), url)
    assert "grounds pass" in shown["access_en"][0]
    assert "carte d" in shown["access_fr"][0]


def test_an_empty_language_stays_while_another_is_added(client, vrwg, ilse):
    url = begin(client, vrwg, "notice")
    french = save(client, url, add="fr", do="add").location
    assert form(page(client, french), url)["tongue"] == ["en", "fr"]
    spanish = save(client, french, subject_fr="Avis", add="es", do="add").location
    assert form(page(client, spanish), url)["tongue"] == ["fr", "en", "es"]


def test_a_version_without_a_subject_keeps_its_other_boxes(client, vrwg, ilse):
    url = begin(client, vrwg)
    save(client, url, **MEETING, access_en="Bring your badge.")
    save(client, url, subject_en="", body_en="")
    shown = form(page(client, url), url)
    assert shown["access_en"] == ["Bring your badge."]
    assert shown["agenda_en"] == [MEETING["agenda_en"]]


def test_emptying_all_boxes_of_a_language_takes_it_away(client, vrwg, ilse):
    url = begin(client, vrwg)
    french = save(client, url, **MEETING, access_en="Bring your badge.", add="fr", do="add").location
    save(client, french, subject_fr="Réunion")
    gone = save(client, url, subject_en="", body_en="", access_en="", agenda_en="").location
    assert form(page(client, gone), url)["tongue"] == ["fr"]


def test_a_title_that_runs_against_the_page_stands_apart_from_what_follows(client):
    make.caucus("women", names={"en": "نساء"})
    assert "<title>\u2068نساء\u2069 · CaucusMail</title>" in page(client, "/en/caucuses/women")
