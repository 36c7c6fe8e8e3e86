from datetime import timedelta

import pytest

from caucusmail import clock
from caucusmail.announcements import dispatch, leaving
from caucusmail.announcements.dispatch import TooLate
from caucusmail.announcements.models import AnnouncementState
from caucusmail.database import db, transaction
from caucusmail.delivery.models import DeliveryState
from caucusmail.meetings.models import MeetingState
from tests.announcements.rooms import Room, confirmed, copies, meeting, peopled, ready, released


@pytest.fixture
def room() -> Room:
    return peopled()


def test_it_is_sending_when_the_hold_is_over_and_sent_when_no_copy_is_open(room):
    sent = confirmed(room, ready(room, meeting=meeting()))
    with transaction():
        assert leaving.send_due() == 0
    assert sent.meeting.state is MeetingState.DRAFT
    released(sent)
    with transaction():
        assert leaving.send_due() == 1
    db.session.expire_all()
    assert (sent.state, sent.meeting.state) == (AnnouncementState.SENDING, MeetingState.CONFIRMED)
    with pytest.raises(TooLate):
        dispatch.undo(sent, room.by)
    for one, state in zip(
        copies(sent), (DeliveryState.ACCEPTED, DeliveryState.UNCERTAIN, DeliveryState.DEFERRED), strict=True
    ):
        with transaction():
            one.settled_at = clock.now()
            one.state = state
    with transaction():
        assert leaving.send_due() == 0
    with transaction():
        copies(sent)[2].state = DeliveryState.FAILED
    with transaction():
        assert leaving.send_due() == 1
    assert (sent.state, sent.ended_at is None) == (AnnouncementState.SENT, False)


def test_what_is_due_since_long_waits_for_a_person(room):
    sent = confirmed(room, ready(room))
    with transaction():
        sent.release_at = clock.now() - leaving.LATE - timedelta(minutes=1)
    with transaction():
        assert leaving.send_due() == 0
    assert dispatch.is_late(sent)
    with transaction():
        dispatch.reschedule(sent, room.by)
    assert not dispatch.is_late(sent)
