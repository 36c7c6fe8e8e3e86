"""What letters said and servers answered goes after 90 days; that they were sent stays, and so do texts of announcements."""

from datetime import timedelta

import pytest

from caucusmail import clock
from caucusmail.database import db, transaction
from caucusmail.delivery import wearing
from caucusmail.delivery.models import Delivery, DeliveryState, Lane, OutgoingText
from tests import make
from tests.delivery.due import owe


def old(lane: Lane = Lane.TRANSACTIONAL, days: float = 91, state: DeliveryState = DeliveryState.ACCEPTED) -> Delivery:
    [row] = owe("ada@mail.example", lane=lane)
    with transaction():
        row.message.made_at = clock.now() - timedelta(days=days)
        row.state, row.settled_at, row.reply = state, clock.now(), "250 for <ada@mail.example>"
        row.bounce_words = "550 <ada@mail.example>"
    return row


def wear() -> int:
    with transaction():
        number = wearing.wear()
    db.session.expire_all()
    return number


def test_words_go_and_the_row_stays():
    row = old()
    assert wear() == 2
    assert (row.reply, row.bounce_words, row.state) == ("", None, DeliveryState.ACCEPTED)
    assert [text.raw for text in make.rows(OutgoingText)] == [b""]
    assert wear() == 0


def test_texts_of_announcements_stay():
    row = old(Lane.ANNOUNCE)
    assert wear() == 2
    assert row.reply == ""
    assert make.rows(OutgoingText)[0].raw != b""


@pytest.mark.parametrize(("days", "state"), [(89, DeliveryState.ACCEPTED), (91, DeliveryState.DEFERRED)])
def test_what_is_younger_or_may_still_leave_is_left_alone(days, state):
    row = old(days=days, state=state)
    assert wear() == 0
    assert row.reply != ""
    assert make.rows(OutgoingText)[0].raw != b""


def test_a_large_message_wears_in_steps(monkeypatch):
    monkeypatch.setattr(wearing, "AT_ONCE", 1)
    row = old()
    assert (wear(), wear(), wear()) == (2, 1, 0)
    assert row.message.worn_at is not None
