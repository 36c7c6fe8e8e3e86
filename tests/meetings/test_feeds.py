"""Feeds, read back by two libraries that know nothing of each other, and line by line."""

import json
from datetime import UTC, datetime, timedelta

import icalendar as library
import pytest
import vobject

from caucusmail import clock, zones
from caucusmail.database import transaction
from caucusmail.directory import visibility
from caucusmail.directory.visibility import Viewer
from caucusmail.errors import NotFound
from caucusmail.meetings import feeds, icalendar
from caucusmail.meetings.models import MeetingState
from tests import make
from tests.meetings.test_icalendar import by_hand, meeting
from tests.meetings.test_queries import meeting as kept


def entries(text: str) -> dict[str, library.Event]:
    """Title to entry, as the first library reads them; the second must read the same."""
    by_hand(text)  # CRLF, at most 75 octets a line, every block closed
    found = {str(one["SUMMARY"]): one for one in library.Calendar.from_ical(text).walk("VEVENT")}
    other = {one.summary.value: one for one in vobject.readOne(text).contents.get("vevent", [])}
    assert found.keys() == other.keys()
    for title, one in found.items():
        assert other[title].uid.value == str(one["UID"])
        assert other[title].dtstart.value.astimezone(UTC) == one.start
        assert other[title].dtend.value.astimezone(UTC) == one.end
    return found


def titles(feed: feeds.Feed) -> set[str]:
    return {title.partition("] ")[2] for title in entries(feed.text)}


def everything(caucus) -> None:
    kept(caucus, 1)
    kept(caucus, 2, public=True)
    kept(caucus, 3, MeetingState.DRAFT, public=True)
    kept(caucus, 4, MeetingState.CANCELLED, public=True)
    kept(caucus, -29, MeetingState.CANCELLED, public=True)
    kept(caucus, -31, public=True)


def test_the_public_feed_holds_what_anybody_may_know_until_thirty_days_after():
    everything(make.caucus())
    kept(make.caucus(), 7, public=True)
    assert titles(feeds.public()) == {"In 2", "In 4", "In -29", "In 7"}


def test_the_feed_of_a_caucus_holds_its_own_and_there_is_none_without_a_public_meeting():
    caucus, silent = make.caucus(hue=4), make.caucus()
    everything(caucus)
    kept(silent, 7)
    kept(silent, 8, MeetingState.DRAFT, public=True)
    feed = feeds.of_caucus(caucus)
    assert titles(feed) == {"In 2", "In 4", "In -29"}
    assert dict(by_hand(feed.text)["VCALENDAR"])["COLOR"] == "mediumpurple"
    with pytest.raises(NotFound):
        feeds.of_caucus(silent)


def test_a_feed_of_ones_own_holds_the_meetings_of_ones_groups_and_no_others():
    caucus, kept_one, other = make.caucus(), make.caucus(), make.caucus()
    everything(caucus)
    kept(kept_one, 5)
    kept(other, 6, public=True)
    person = make.member(caucus)
    make.coordinator(kept_one, person)
    assert titles(feeds.own(visibility.viewer(person))) == {"In 1", "In 2", "In 4", "In -29", "In 5"}
    assert titles(feeds.own(visibility.viewer(make.person()))) == set()
    assert titles(feeds.own(visibility.viewer(make.secretary()))) == set()


def test_room_and_ways_in_stand_in_ones_own_feed_alone():
    caucus = make.caucus()
    access = {"en": "Bring the session badge."}
    kept(caucus, 1, public=True, room="K-12", access=access, access_contact="a11y@desk.example", street="Forum 10")
    for feed in (feeds.public(), feeds.of_caucus(caucus)):
        for secret in ("K-12", "badge", "a11y", "Forum 10"):
            assert secret not in feed.text.replace("\r\n ", "")
    [entry] = entries(feeds.own(visibility.viewer(make.member(caucus))).text).values()
    assert "K-12" in entry["LOCATION"]
    for known in ("Bring the session badge.", "a11y@desk.example", "in Nairobi, your time"):
        assert known in entry["DESCRIPTION"]


def test_no_feed_names_anybody_and_each_entry_is_that_of_the_letters():
    caucus = make.caucus("vrwg")
    one = kept(caucus, 1, MeetingState.CANCELLED, public=True, sequence=3)
    make.member(caucus, make.person("Ada Canary", "ada.canary@mail.example"))
    for feed in (feeds.public(), feeds.own(visibility.viewer(make.member(caucus)))):
        assert "ATTENDEE" not in feed.text
        assert "anary" not in feed.text
        [entry] = entries(feed.text).values()
        assert (str(entry["UID"]), entry["SEQUENCE"], str(entry["STATUS"])) == (one.uid, 3, "CANCELLED")
        assert "ORGANIZER" not in entry  # a calendar that knows the letter's takes changes from no other
        assert str(entry["CONTACT"]).endswith("/en/caucuses/vrwg/contact")


def test_what_a_feed_says_of_itself():
    kept(make.caucus(hue=1), 1, public=True)
    rows = by_hand(feeds.public().text)["VCALENDAR"]
    said = dict(rows)
    assert ("METHOD" in said, said["VERSION"]) == (False, "2.0")
    assert said["NAME"] == said["X-WR-CALNAME"] == "CaucusMail: public meetings"
    assert said["REFRESH-INTERVAL;VALUE=DURATION"] == said["X-PUBLISHED-TTL"] == "PT1H"
    assert said["SOURCE;VALUE=URI"].endswith("/en/calendar.ics")
    assert "SOURCE" not in feeds.own(Viewer(make.person())).text
    [entry] = library.Calendar.from_ical(feeds.public().text).walk("VEVENT")
    assert str(entry["COLOR"]) == "royalblue"


def test_an_unchanged_feed_is_the_same_to_the_byte_and_tells_when_it_changed(monkeypatch):
    caucus = make.caucus()
    one = kept(caucus, 3, public=True)
    first = feeds.public()
    assert first.changed_at == one.changed_at
    later = clock.now() + timedelta(hours=5)
    monkeypatch.setattr(clock, "now", lambda: later)
    assert feeds.public() == first
    with transaction():
        one.state = MeetingState.CANCELLED
    second = feeds.public()
    assert second.text != first.text
    assert second.changed_at == later


def test_a_meeting_that_falls_out_and_a_group_that_is_joined_or_left_change_the_moment(monkeypatch):
    caucus, other = make.caucus(), make.caucus()
    one = kept(caucus, 1, public=True)
    kept(other, 2)
    person = make.member(caucus)
    gone = one.ends_at + feeds.KEPT + timedelta(hours=1)
    monkeypatch.setattr(clock, "now", lambda: gone)
    assert (titles(feeds.public()), feeds.public().changed_at) == (set(), one.ends_at + feeds.KEPT)
    make.member(other, person)
    assert feeds.own(visibility.viewer(person)).changed_at == gone


def test_a_feed_without_meetings_is_a_calendar_all_the_same():
    feed = feeds.public()
    assert feed.changed_at is None
    assert titles(feed) == set()


def test_one_zone_is_described_once_for_all_its_meetings_and_gives_their_instants():
    caucus = make.caucus()
    walls = {
        "2027-03-17T09:00": zones.NEW_YORK,
        "2027-11-03T10:00": zones.NEW_YORK,
        "2027-11-30T08:15": zones.THE_HAGUE,
    }
    made = [
        meeting(wall, zone, titles={"en": wall}, caucus=caucus, changed_at=clock.now(), uid=wall)
        for wall, zone in walls.items()
    ]
    said = [icalendar.Entry(one, icalendar.Words(one.titles["en"]), "x@caucus.example", "X", "teal") for one in made]
    text = icalendar.feed(icalendar.About("All"), said)
    assert text.count("BEGIN:VTIMEZONE") == 2
    found = entries(text)
    assert {title: one.start for title, one in found.items()} == {one.titles["en"]: one.starts_at for one in made}
    assert found["2027-03-17T09:00"].start == datetime(2027, 3, 17, 13, tzinfo=UTC)


def test_naughty_strings_survive_in_a_feed(corpora):
    caucus = make.caucus()
    person = visibility.viewer(make.member(caucus))
    for number, text in enumerate(json.loads((corpora / "strings" / "naughty-strings.json").read_text())):
        kept(
            caucus, 1 + number / 1000, titles={"en": text}, room=text[:100], access={"en": text}, reference=f"n{number}"
        )
    text = feeds.own(person).text
    by_hand(text)
    assert len(library.Calendar.from_ical(text).walk("VEVENT")) == feeds.MOST
    assert len(vobject.readOne(text).contents["vevent"]) == feeds.MOST
    assert "ATTENDEE" not in text.replace("\r\n ", "")


def test_a_public_feed_is_public_and_ones_own_is_private_also_of_public_meetings():
    caucus = make.caucus()
    kept(caucus, 1, public=True)
    reader = visibility.viewer(make.member(caucus))
    for feed, found in (
        (feeds.public(), "PUBLIC"),
        (feeds.of_caucus(caucus), "PUBLIC"),
        (feeds.own(reader), "PRIVATE"),
    ):
        [entry] = entries(feed.text).values()
        assert str(entry["CLASS"]) == found
