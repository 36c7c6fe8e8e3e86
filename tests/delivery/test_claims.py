from datetime import timedelta

import pytest

from caucusmail import clock, database
from caucusmail.database import db, transaction
from caucusmail.delivery import claims, ledger, outgoing
from caucusmail.delivery.ledger import To
from caucusmail.delivery.models import Delivery, DeliveryState, Lane, OutgoingMessage
from caucusmail.delivery.retry import Fault
from tests import make
from tests.delivery.due import LETTER, owe, states


def test_letters_that_somebody_waits_for_go_before_announcements(sink):
    owe("slow@mail.example", lane=Lane.BULK)
    owe("later@mail.example", lane=Lane.ANNOUNCE)
    owe("room@mail.example", lane=Lane.URGENT)
    owe("waiting@mail.example")
    outgoing.turn("w")
    order = [one.recipients[0].partition("@")[0] for one in sink.caught]
    assert order == ["waiting", "room", "later", "slow"]


def test_what_a_dead_worker_had_not_begun_is_due_again_and_what_it_had_begun_is_uncertain(sink):
    rows = owe("ada@mail.example", "bea@mail.example", "cy@mail.example")
    past = clock.now() - timedelta(seconds=5)
    with transaction():
        for row, state in zip(
            rows, [DeliveryState.IN_FLIGHT, DeliveryState.QUEUED, DeliveryState.DEFERRED], strict=True
        ):
            row.state, row.lease_until, row.lease_by = state, past, f"dead/{claims.since_start()}"
    assert outgoing.recover() == 3
    db.session.expire_all()
    assert states() == [DeliveryState.UNCERTAIN, DeliveryState.QUEUED, DeliveryState.DEFERRED]
    assert make.rows(Delivery)[0].note == Fault.WORKER_DIED
    outgoing.turn("w")
    assert sorted(one.recipients[0] for one in sink.caught) == ["bea@mail.example", "cy@mail.example"]


def test_after_a_power_cut_all_that_was_leased_is_uncertain_and_named(sink):
    first, second, third = owe("ada@mail.example", "bea@mail.example", "cy@mail.example")
    past = clock.now() - timedelta(seconds=5)
    with transaction():
        first.lease_until, first.lease_by = past, "w/1/before-the-cut"
        second.state, second.lease_until, second.lease_by = DeliveryState.IN_FLIGHT, past, "w/1/before-the-cut"
    assert outgoing.recover() == 2
    db.session.expire_all()
    assert states() == [DeliveryState.UNCERTAIN, DeliveryState.UNCERTAIN, DeliveryState.QUEUED]
    assert [row.note for row in (first, second, third)] == [Fault.POWER_CUT, Fault.WORKER_DIED, ""]
    outgoing.turn("w")
    assert [one.recipients[0] for one in sink.caught] == ["cy@mail.example"]


def test_a_live_lease_is_left_alone(sink):
    [row] = owe("ada@mail.example")
    with transaction():
        row.lease_until, row.lease_by = clock.now() + timedelta(minutes=1), "other"
    assert outgoing.turn("w") == 0
    assert outgoing.recover() == 0
    assert sink.caught == []


def test_nothing_is_sent_before_its_time(sink):
    with transaction():
        ledger.enqueue(LETTER, To("ada@mail.example"), due_at=clock.now() + timedelta(minutes=2))
    assert outgoing.turn("w") == 0


@pytest.mark.parametrize("lane", Lane)
def test_what_is_owed_and_what_the_sweep_finds_wakes_the_queue_of_its_lane(app, lane):
    woken, before = [], list(database._on_wake)
    database.on_wake(woken.append)
    try:
        owe("ada@mail.example", lane=lane)
        outgoing.recover()
    finally:
        database._on_wake[:] = before
    assert woken == [ledger.DELIVER[lane]] * 2


def test_a_held_message_is_not_claimed_and_holds_nobody_up(rough):
    rows = owe("a@mail.example", "b@mail.example", "c@mail.example")
    with transaction():
        for row in rows[:2]:
            db.session.get_one(OutgoingMessage, row.message_id).released_at = None
    assert outgoing.turn("w", limit=1) == 1
    assert outgoing.turn("w", limit=1) == 0
    assert states() == [DeliveryState.QUEUED, DeliveryState.QUEUED, DeliveryState.ACCEPTED]
    assert len(rough.whole) == 1
    with transaction():
        ledger.release(db.session.get_one(OutgoingMessage, rows[0].message_id))
    assert outgoing.turn("w", limit=2) == 1
    assert states() == [DeliveryState.ACCEPTED, DeliveryState.QUEUED, DeliveryState.ACCEPTED]
