"""What the tables of meetings forbid, whoever writes to them."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy.exc import IntegrityError, StatementError

from caucusmail import clock
from caucusmail.database import db, transaction
from caucusmail.meetings.models import Meeting, MeetingChange, MeetingSession, Venue
from tests import make
from tests.meetings.test_queries import meeting


@pytest.mark.parametrize("minutes", [0, -1])
def test_a_meeting_ends_after_it_starts(minutes):
    kept = meeting(make.caucus())
    with pytest.raises(IntegrityError), transaction():
        kept.ends_at = kept.starts_at + timedelta(minutes=minutes)


@pytest.mark.parametrize("column", ["reference", "uid"])
def test_no_two_meetings_have_one_address_or_one_uid(column):
    kept = meeting(make.caucus(), 1)
    with pytest.raises(IntegrityError):
        meeting(make.caucus(), 2, **{column: getattr(kept, column)})


def test_a_place_and_a_session_are_known_by_one_word():
    for make_one in (
        lambda: Venue(slug="forum", names={}, city={}, zone="UTC", access={}),
        lambda: MeetingSession(slug="asp", names={}),
    ):
        make.keep(make_one())
        with pytest.raises(IntegrityError):
            make.keep(make_one())


def test_a_wall_time_has_no_zone_and_an_instant_has_one():
    kept = meeting(make.caucus())
    for column, wrong in (("starts", datetime(2027, 1, 1, tzinfo=UTC)), ("starts_at", datetime(2027, 1, 1))):
        with pytest.raises((StatementError, ValueError)), transaction():
            setattr(kept, column, wrong)


def test_a_meeting_goes_with_its_caucus_and_its_changes_with_it():
    caucus = make.caucus()
    kept = meeting(caucus)
    make.keep(MeetingChange(meeting_id=kept.id, at=clock.now(), kind="room", was={}, now={}))
    with transaction():
        db.session.delete(caucus)
    assert (make.rows(Meeting), make.rows(MeetingChange)) == ([], [])


def test_a_place_where_a_meeting_is_held_stays():
    venue = make.keep(Venue(slug="forum", names={}, city={}, zone="UTC", access={}))
    meeting(make.caucus(), venue_id=venue.id)
    with pytest.raises(IntegrityError), transaction():
        db.session.delete(venue)
