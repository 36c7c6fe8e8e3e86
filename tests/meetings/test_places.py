import pytest

from caucusmail import languages, zones
from caucusmail.meetings import places
from caucusmail.meetings.models import Meeting, MeetingKind, MeetingMode, Venue
from tests.meetings.test_icalendar import meeting

FORUM = Venue(
    names={"en": "World Forum", "fr": "Forum mondial"}, city={"en": "The Hague", "fr": "La Haye"}, zone=zones.THE_HAGUE
)
EMPTY = {"city": "", "venue_name": "", "street": "", "room": "", "room_by": "", "titles": {}}


def at(zone: str = zones.THE_HAGUE, **more) -> Meeting:
    return meeting("2027-11-30T08:15", zone, **EMPTY | more)


def in_french(what, *arguments) -> str:
    with languages.use("fr"):
        return what(*arguments)


@pytest.mark.parametrize("typed", ["", "The Hague", "the hague", "La Haye"])
def test_a_city_that_we_know_is_called_as_its_reader_calls_it_whatever_its_author_wrote(typed):
    assert places.city(at(city=typed)) == "The Hague"
    assert in_french(places.city, at(city=typed)) == "La Haye"


def test_a_city_that_only_its_author_knows_stays_as_typed():
    for language in languages.OFFERED:
        with languages.use(language):
            assert places.city(at("Africa/Nairobi", city="Kisumu")) == "Kisumu"


def test_a_preset_speaks_the_readers_language_until_its_author_renames_it():
    assert in_french(places.venue, at(venue=FORUM, venue_name="World Forum")) == "Forum mondial"
    assert in_french(places.city, at(venue=FORUM, city="The Hague")) == "La Haye"
    assert in_french(places.venue, at(venue=FORUM, venue_name="World Forum, gate B")) == "World Forum, gate B"
    assert in_french(places.venue, at(venue_name="World Forum")) == "World Forum"


@pytest.mark.parametrize(
    ("mode", "on_site", "by_line"),
    [
        (MeetingMode.IN_PERSON, True, False),
        (MeetingMode.HYBRID, True, True),
        (MeetingMode.ONLINE, False, True),
        (MeetingMode.STREAM, False, True),
    ],
)
def test_a_room_is_still_to_be_named_only_where_one_can_be_there(mode, on_site, by_line):
    assert (places.on_site(at(mode=mode)), places.by_line(at(mode=mode))) == (on_site, by_line)
    assert places.room(at(mode=mode)) == ("room to be confirmed" if on_site else "")
    assert places.mode(at(mode=mode))


def test_the_day_by_which_the_room_will_be_known_is_said():
    assert places.room(at(room_by="2027-11-26")) == "room to be confirmed by Fri 26 Nov 2027"
    assert "ven. 26 nov. 2027" in in_french(places.room, at(room_by="2027-11-26"))
    assert places.room(at(room="Main Hall", room_by="2027-11-26")) == "Main Hall"


@pytest.mark.parametrize(
    ("typed", "said"), [("4", "room 4"), ("K-12", "room K-12"), ("Main Hall", "Main Hall"), ("قاعة 3", "قاعة 3")]
)
def test_a_room_without_a_word_in_it_is_called_a_room(typed, said):
    assert places.room(at(room=typed)) == said


def test_where_it_is_stands_on_one_line_and_names_nothing_twice():
    whole = {"room": "Main Hall", "venue_name": "World Forum", "street": "Churchillplein 10"}
    assert places.where(at(**whole)) == "Main Hall, World Forum, Churchillplein 10, The Hague"
    assert places.where(at(room="4", venue_name="The Hague")) == "room 4, The Hague"
    assert places.where(at()) == "room to be confirmed, The Hague"


def test_online_is_nowhere_else_and_a_stream_says_where_the_meeting_itself_is():
    assert places.where(at(mode=MeetingMode.ONLINE, room="4", city="The Hague")) == "online"
    streamed = at(mode=MeetingMode.STREAM, venue_name="World Forum")
    assert places.where(streamed) == "by video stream only (the meeting itself: World Forum, The Hague)"


def test_a_meeting_without_a_title_is_called_by_its_kind_in_the_readers_language():
    untitled = at(kind=MeetingKind.SIDE_EVENT)
    assert places.title(untitled) == "Side event"
    assert in_french(places.title, untitled) == "Événement parallèle"
    assert in_french(places.title, at(titles={"en": "Witnesses"})) == "Witnesses"
    assert all(places.kind(at(kind=kind)) for kind in MeetingKind)
