"""Copies that are not sent after all, and copies that are."""

import pytest

from caucusmail import clock, database
from caucusmail.database import transaction
from caucusmail.delivery import ledger, withdrawal
from caucusmail.delivery.ledger import To
from caucusmail.delivery.models import DeliveryState, Lane
from tests.delivery.due import LETTER, owe, states


def test_what_is_due_is_withdrawn_and_what_has_begun_is_not():
    queued, deferred, begun, accepted = owe(*(f"p{number}@mail.example" for number in range(4)))
    with transaction():
        deferred.state, begun.state = DeliveryState.DEFERRED, DeliveryState.IN_FLIGHT
        accepted.state, accepted.settled_at = DeliveryState.ACCEPTED, clock.now()
    with transaction():
        gone = withdrawal.withdraw([queued.id, deferred.id, begun.id, accepted.id], "left")
    assert gone == [queued.id, deferred.id]
    assert states() == [
        DeliveryState.WITHDRAWN,
        DeliveryState.WITHDRAWN,
        DeliveryState.IN_FLIGHT,
        DeliveryState.ACCEPTED,
    ]
    assert (queued.note, queued.settled_at is not None) == ("left", True)


def test_a_withdrawn_copy_is_nobodys_any_more():
    [row] = owe("ada@mail.example")
    with transaction():
        row.lease_by, row.lease_until = "w", clock.now()
    with transaction():
        withdrawal.withdraw([row.id], "left")
    assert (row.lease_by, row.lease_until) == ("", None)


@pytest.mark.parametrize("lane", Lane)
def test_what_is_owed_again_is_due_and_wakes_the_queue_of_its_lane(lane):
    [row] = owe("ada@mail.example", lane=lane)
    with transaction():
        withdrawal.withdraw([row.id], "left")
    woken, before = [], list(database._on_wake)
    database.on_wake(woken.append)
    try:
        with transaction():
            assert withdrawal.owe_again([row.id], "left") == [row.id]
    finally:
        database._on_wake[:] = before
    assert (row.state, row.note, row.settled_at) == (DeliveryState.QUEUED, "", None)
    assert woken == [ledger.DELIVER[lane]]


def test_what_was_withdrawn_for_another_reason_stays_withdrawn():
    [row] = owe("ada@mail.example")
    with transaction():
        withdrawal.withdraw([row.id], "suppressed")
    with transaction():
        assert withdrawal.owe_again([row.id], "left") == []
    assert row.state is DeliveryState.WITHDRAWN


def test_a_copy_of_a_stopped_message_is_not_owed_again():
    [row] = owe("ada@mail.example")
    with transaction():
        withdrawal.withdraw([row.id], "left")
        ledger.stop(row.message)
    with transaction():
        assert withdrawal.owe_again([row.id], "left") == []


def test_nothing_is_withdrawn_or_owed_where_nothing_is_named():
    assert withdrawal.withdraw([], "left") == withdrawal.owe_again([], "left") == []


def test_all_copies_about_something_are_found_and_no_others():
    with transaction():
        ours = [ledger.enqueue(LETTER, To("ada@mail.example"), about=("announcements", number)) for number in (1, 2)]
    assert withdrawal.about("announcements", 1) == [ours[0].id]
    assert withdrawal.about("applications", 1) == []
    assert withdrawal.about("announcements", 1, ours[0].message.kind) == [ours[0].id]
    assert withdrawal.about("announcements", 1, "another letter") == []
