"""Announcements of which copies have left: how each stands is for the test to say."""

from datetime import timedelta
from typing import Any

from caucusmail import clock
from caucusmail.announcements import leaving, queries
from caucusmail.announcements.models import Announcement
from caucusmail.database import transaction
from caucusmail.delivery.models import DeliveryState
from tests.announcements.rooms import Room, confirmed, copies, ready, released


def begun(room: Room, **more: Any) -> Announcement:
    """One that began to leave a moment ago."""
    sent = confirmed(room, ready(room, **more))
    released(sent)
    with transaction():
        leaving.send_due()
    return sent


def gone(room: Room, *states: DeliveryState | tuple[DeliveryState, dict[str, Any]]) -> Announcement:
    """One whose copies stand like these, by id (the last for all that follow); with further columns where given."""
    sent = begun(room)
    now = clock.now()
    with transaction():
        for number, row in enumerate(copies(sent)):
            one = states[min(number, len(states) - 1)]
            state, columns = one if isinstance(one, tuple) else (one, {})
            row.state, row.attempts, row.answered_at = state, 3, now - timedelta(days=4)
            row.due_at = now + timedelta(hours=1) if state is DeliveryState.DEFERRED else now
            row.settled_at = None if state in (DeliveryState.DEFERRED, DeliveryState.QUEUED) else now
            for name, value in columns.items():
                setattr(row, name, value)
    with transaction():
        leaving.send_due()
    return sent


def paused(sent: Announcement, why: str) -> None:
    """Nothing of it leaves, because of this."""
    message = queries.message_of(sent)
    message.paused_at, message.paused_why = clock.now(), why
