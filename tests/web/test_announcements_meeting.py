"""A meeting in the form of an announcement: day, times, clock, place."""

import pytest

from caucusmail.announcements.models import AnnouncementText
from caucusmail.database import db
from caucusmail.meetings.models import Meeting, Venue
from tests import make
from tests.filled import form
from tests.web.composing import MEETING, begin, page, save


def test_a_meeting_is_saved_and_shown_again_as_it_was_typed(client, vrwg, ilse):
    url = begin(client, vrwg)
    assert save(client, url, **MEETING).status_code == 303
    shown = form(page(client, url), url)
    assert {name: shown[name][0] for name in MEETING} == MEETING
    meeting = make.rows(Meeting)[0]
    assert (meeting.zone, meeting.starts_at.isoformat()) == ("Europe/Amsterdam", "2027-11-30T07:15:00+00:00")
    assert meeting.reply_zone == "Europe/Amsterdam"


def test_a_place_fills_in_city_clock_street_and_access_and_changing_it_changes_them(client, vrwg, ilse):
    url = begin(client, vrwg)
    first, second = make.rows(Venue)[:2]
    save(client, url, **MEETING | {"city": ""}, venue_id=str(first.id), do="place")
    meeting = make.rows(Meeting)[0]
    assert (meeting.zone, meeting.city, meeting.access["en"]) == (first.zone, first.city["en"], first.access["en"])
    save(client, url, venue_id=str(second.id))
    meeting = make.rows(Meeting)[0]
    assert (meeting.zone, meeting.street, meeting.access["en"]) == (second.zone, second.street, second.access["en"])
    save(client, url, access_en="Ask Ilse.", venue_id=str(first.id))
    assert make.rows(Meeting)[0].access == {"en": "Ask Ilse."}


def test_a_meeting_may_wait_for_day_times_and_city_and_keeps_what_is_known(client, vrwg, ilse):
    url = begin(client, vrwg)
    half = {"subject_en": "Later", "room": "K-12", "starts": "09:00", "reply_day": "2027-05-10", "reply_by": "18:00"}
    assert save(client, url, **half).status_code == 303
    shown = form(page(client, url), url)
    assert {name: shown[name][0] for name in half} == half
    assert not make.rows(Meeting)
    asked = page(client, url + "/check")
    for question in ("On which day is the meeting?", "At what time does it end?", "Choose the city whose clock"):
        assert question in asked
    assert "At what time does it start?" not in asked
    save(client, url, day="2027-05-18", ends="10:00", city="Nairobi")
    assert make.rows(Meeting)[0].starts_at.isoformat() == "2027-05-18T06:00:00+00:00"
    save(client, url, day="")
    assert not make.rows(Meeting)
    assert form(page(client, url), url)["room"] == ["K-12"]


def test_what_is_known_of_a_place_is_filled_in_before_the_times_are_there(client, vrwg, ilse):
    url = begin(client, vrwg)
    place = make.rows(Venue)[0]
    save(client, url, subject_en="Later", venue_id=str(place.id), do="place")
    shown = form(page(client, url), url)
    assert (shown["city"], shown["street"]) == (["New York"], [place.street])
    assert "grounds pass" in shown["access_en"][0]


SPRING = {"day": "2027-05-18", "starts": "09:00", "ends": "10:00", "reply_day": "", "reply_by": "", "room_by": ""}


def the_meeting() -> Meeting:
    db.session.expire_all()
    (found,) = make.rows(Meeting)
    return found


def test_the_clock_follows_the_city(client, vrwg, ilse):
    url = begin(client, vrwg)
    save(client, url, **MEETING | SPRING | {"city": "New York"})
    assert form(page(client, url), url)["zone"] == [""]
    save(client, url, city="The Hague")
    assert the_meeting().zone == "Europe/Amsterdam"
    save(client, url, city="Leiden", zone="The Hague")
    assert form(page(client, url), url)["zone"] == ["The Hague"]
    save(client, url, city="Arnhem")
    assert the_meeting().zone == "Europe/Amsterdam"
    save(client, url, city="Nairobi")
    assert the_meeting().zone == "Africa/Nairobi"


def test_a_city_beside_the_clock_of_another_stops_at_the_check(client, vrwg, ilse):
    url = begin(client, vrwg)
    save(client, url, **MEETING | SPRING | {"city": "The Hague", "zone": "New York"})
    assert "The city is The Hague, but the times are on the clock of New York." in page(client, url + "/check")
    save(client, url, zone="Paris")
    assert "but the times are on the clock" not in page(client, url + "/check")


def test_leaving_a_place_takes_its_facts_away_as_a_browser_sends_them(client, vrwg, ilse):
    url = begin(client, vrwg)
    york, hague = make.rows(Venue)[:2]
    save(client, url, **MEETING | SPRING | {"city": ""}, venue_id=str(york.id), do="place")

    def sent() -> str:  # a browser ends the lines of a text box with CR LF
        return form(page(client, url), url)["access_en"][0].replace("\n", "\r\n")

    save(client, url, access_en=sent(), venue_id=str(hague.id))
    meeting = the_meeting()
    assert (meeting.access["en"], meeting.city, meeting.zone) == (hague.access["en"], "The Hague", hague.zone)
    save(client, url, access_en=sent(), venue_id="", city="Nairobi")
    meeting = the_meeting()
    assert (meeting.access, meeting.venue_name, meeting.street) == ({}, "", "")
    assert meeting.zone == "Africa/Nairobi"


def test_a_place_says_how_to_get_in_in_every_language(client, vrwg, ilse):
    url = begin(client, vrwg)
    place = make.rows(Venue)[0]
    save(client, url, **MEETING | {"city": ""}, venue_id=str(place.id), do="place")
    french = save(client, url, access_en="Ask Ilse.", add="fr", do="add").location.partition("#")[0]
    assert "carte d'accès" in form(page(client, french), url)["access_fr"][0].replace("’", "'")
    save(client, french, subject_fr="Réunion")
    assert the_meeting().access == {"en": "Ask Ilse.", "fr": place.access["fr"]}


def test_the_deadline_follows_the_clock_of_the_meeting_unless_it_has_its_own(client, vrwg, ilse):
    url = begin(client, vrwg)
    save(client, url, **MEETING | {"city": "New York"})
    assert form(page(client, url), url)["reply_zone"] == [""]
    save(client, url, city="The Hague")
    assert the_meeting().reply_zone == "Europe/Amsterdam"
    save(client, url, reply_zone="Nairobi")
    save(client, url, city="New York")
    assert the_meeting().reply_zone == "Africa/Nairobi"


def test_a_meeting_online_has_its_own_words_and_no_place_on_the_list(client, vrwg, ilse):
    url = begin(client, vrwg)
    html = page(client, url)
    places = html[html.index('id="venue_id"') :].partition("</select>")[0]
    assert "Elsewhere" not in places
    assert "Online" not in places
    save(client, url, **MEETING | {"city": "", "room_by": "", "zone": "Nairobi", "mode": "online"})
    assert "The link is sent only to those who reply" in the_meeting().access["en"]
    save(client, url, mode="hybrid")
    assert the_meeting().access == {}


def test_a_day_that_cannot_be_read_is_complained_of_once(client, vrwg, ilse):
    html = save(client, begin(client, vrwg), **MEETING | {"day": "31 February"}).get_data(as_text=True)
    assert html.count("We read “31 February”") == 2  # on top and beside the field
    assert "On which day is the meeting?" not in html


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"day": "2027-03-28", "starts": "02:30", "ends": "04:00"}, "does not exist in The Hague"),
        ({"day": "2027-10-31", "starts": "02:30", "ends": "04:00"}, "comes twice in The Hague"),
        ({"ends": "08:00"}, "The end must come after the start"),
        ({"day": "31 February"}, "We read “31 February”"),
        ({"starts": "quarter past"}, "We read “quarter past”"),
        ({"city": "Atlantis"}, "We know no clock for “Atlantis”"),
        ({"zone": "Narobi"}, "We know no clock for “Narobi”"),
        ({"places": "many"}, "We read “many”"),
        ({"places": "0"}, "“0” places were read"),
        ({"places_each": "0"}, "“0” places for each organisation were read"),
        ({"places": "3", "places_each": "4"}, "There are 3 places in all, so no organisation can have 4"),
        ({"reply_by": ""}, "At what time that day?"),
        ({"venue_id": "9999"}, "What was chosen is not on the list"),
        ({"caucus_ids": ["9999"]}, "One of the boxes ticked is not on the list"),
    ],
)
def test_what_makes_no_sense_is_said_beside_its_field_and_nothing_typed_is_lost(client, vrwg, ilse, wrong, said):
    url = begin(client, vrwg)
    answer = save(client, url, **MEETING | wrong)
    html = answer.get_data(as_text=True)
    assert answer.status_code == 422
    assert said in html.replace("&#39;", "’")
    assert "Come and *plan* with us." in html
    assert "Strategy meeting" in html
    assert not make.rows(AnnouncementText)


def test_an_hour_that_comes_twice_is_settled_by_saying_which(client, vrwg, ilse):
    url, twice = (
        begin(client, vrwg),
        MEETING | {"day": "2027-10-31", "starts": "02:30", "ends": "04:00", "reply_day": "2027-10-25"},
    )
    asked = save(client, url, **twice).get_data(as_text=True)
    assert "Which hour is meant?" in asked
    assert save(client, url, **twice, second_hour="second").status_code == 303
    assert make.rows(Meeting)[0].starts_at.isoformat() == "2027-10-31T01:30:00+00:00"


def test_the_check_page_counts_the_audience_and_shows_every_clock(client, vrwg, ilse):
    group = make.group(vrwg)
    for _ in range(3):
        make.member(vrwg, group=group)
    url = begin(client, vrwg)
    save(client, url, **MEETING)
    html = page(client, url + "/check")
    assert "3 people get this now: 3 individual experts." in html
    for shown in ("The Hague</dt><dd><bdi>08:15", "New York</dt><dd><bdi>02:15", "UTC</dt><dd><bdi>07:15"):
        assert shown in html
    assert "Send a test letter to me" in html


def test_the_weeks_in_which_the_clocks_disagree_are_pointed_out(client, vrwg, ilse):
    url = begin(client, vrwg)
    spring = {
        "day": "2027-03-17",
        "starts": "09:00",
        "ends": "10:00",
        "city": "New York",
        "reply_day": "",
        "reply_by": "",
    }
    save(client, url, **MEETING | spring)
    assert "are 5 hours apart, not 6 as usual" in page(client, url + "/check")


@pytest.mark.parametrize("day", ["0001-01-01", "9999-12-31", "9999-06-01"])
def test_a_day_in_no_year_in_which_anybody_meets_is_refused_beside_its_field(client, vrwg, ilse, day):
    url = begin(client, vrwg)
    answer = save(client, url, **MEETING | {"day": day})
    assert answer.status_code == 422
    assert "Please write a year from 2000 to 2099" in answer.get_data(as_text=True)


def test_a_place_of_thousands_of_digits_is_none_of_the_list(client, vrwg, ilse):
    url = begin(client, vrwg)
    save(client, url, **MEETING | {"city": ""}, venue_id=str(make.rows(Venue)[0].id), do="place")
    answer = save(client, url, venue_id="9" * 5_000)
    assert answer.status_code == 422
    assert "What was chosen is not on the list" in answer.text
