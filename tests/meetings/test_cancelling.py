from datetime import timedelta

import pytest

from caucusmail import clock
from caucusmail.audit.models import AuditEntry
from caucusmail.database import transaction
from caucusmail.directory import visibility
from caucusmail.errors import NotAllowed
from caucusmail.meetings import cancelling, queries, scheduling
from caucusmail.meetings.cancelling import NothingToCancel, NothingToReinstate
from caucusmail.meetings.models import Meeting, MeetingState
from tests import make
from tests.announcements import rooms
from tests.announcements.rooms import Room


@pytest.fixture
def room() -> Room:
    return Room()


@pytest.fixture
def meeting(room) -> Meeting:
    with transaction():
        made = scheduling.call(rooms.meeting(), room.caucus, room.by)
        made.state = MeetingState.CONFIRMED
    return made


def test_a_cancelled_meeting_has_a_higher_sequence_and_its_reason_and_can_take_place_after_all(room, meeting):
    with transaction():
        cancelling.cancel(meeting, room.by, "The building is closed.", follows=True)
    assert (meeting.state, meeting.sequence) == (MeetingState.CANCELLED, 1)
    with transaction():
        cancelling.reinstate(meeting, room.by)
    assert (meeting.state, meeting.sequence) == (MeetingState.CONFIRMED, 2)
    again, cancelled = queries.changes(meeting)
    assert (again.kind, cancelled.kind, cancelled.note) == ("reinstated", "cancelled", "The building is closed.")
    assert cancelled.now == {"follows": True}
    assert {"meeting.cancelled", "meeting.reinstated"} <= {one.verb for one in make.rows(AuditEntry)}


def test_what_is_cancelled_is_not_cancelled_twice_and_what_is_not_is_not_reinstated(room, meeting):
    with pytest.raises(NothingToReinstate), transaction():
        cancelling.reinstate(meeting, room.by)
    with transaction():
        cancelling.cancel(meeting, room.by)
    with pytest.raises(NothingToCancel), transaction():
        cancelling.cancel(meeting, room.by)
    assert meeting.sequence == 1


def test_a_draft_and_a_meeting_that_is_over_are_neither(room, meeting):
    with transaction():
        meeting.state = MeetingState.DRAFT
    with pytest.raises(NothingToCancel), transaction():
        cancelling.cancel(meeting, room.by)
    with transaction():
        meeting.state = MeetingState.CANCELLED
        meeting.starts_at, meeting.ends_at = (clock.now() - timedelta(hours=one) for one in (2, 1))
    with pytest.raises(NothingToReinstate), transaction():
        cancelling.reinstate(meeting, room.by)


def test_only_who_keeps_the_caucus_cancels(meeting):
    with pytest.raises(NotAllowed), transaction():
        cancelling.cancel(meeting, visibility.viewer(make.person()))
