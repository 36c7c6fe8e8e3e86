from datetime import datetime

import pytest

from caucusmail import languages, zones
from caucusmail.database import transaction
from caucusmail.directory import visibility
from caucusmail.errors import Invalid
from caucusmail.meetings import founding, scheduling
from caucusmail.meetings.models import MeetingKind, MeetingMode, Venue
from caucusmail.meetings.scheduling import MeetingDraft
from tests import make


@pytest.fixture
def venues():
    with transaction():
        founding.found()
    return {venue.slug: venue for venue in make.rows(Venue)}


def test_founding_twice_adds_nothing_and_leaves_edits_alone(venues):
    with transaction():
        venues["icc"].street = "Gate 2"
    with transaction():
        founding.found()
    assert [venue.street for venue in make.rows(Venue) if venue.slug == "icc"] == ["Gate 2"]
    assert [venue.slug for venue in make.rows(Venue)] == ["un-new-york", "world-forum", "icc", "online", "elsewhere"]


def test_each_place_speaks_both_languages_and_goes_by_a_known_clock(venues):
    for venue in venues.values():
        assert set(venue.names) == set(languages.OFFERED)
        assert not venue.access or set(venue.access) == set(languages.OFFERED)
        assert not venue.zone or zones.zone(venue.zone)


def called(venue, **more):
    caucus = make.caucus()
    times = {"starts": datetime(2027, 11, 30, 8, 15), "ends": datetime(2027, 11, 30, 9, 15)}
    draft = MeetingDraft(MeetingKind.STRATEGY, venue_id=venue.id, **times | more)
    return scheduling.call(draft, caucus, visibility.viewer(make.coordinator(caucus)))


def test_online_and_elsewhere_leave_the_clock_to_the_author(venues):
    for slug in ("online", "elsewhere"):
        with pytest.raises(Invalid, match="Choose the city"):
            called(venues[slug])
    online = called(venues["online"], zone="Africa/Kampala")
    assert (online.mode, online.venue_name) == (MeetingMode.ONLINE, "")
    kampala = called(venues["elsewhere"], zone="Africa/Kampala", city="Kampala", venue_name="Speke Resort")
    assert (kampala.city, kampala.venue_name, kampala.access) == ("Kampala", "Speke Resort", {})
