from datetime import timedelta
from email import message_from_bytes
from typing import Any

import pytest
from sqlalchemy import select

from caucusmail import clock
from caucusmail.accounts.models import Person
from caucusmail.database import db, transaction
from caucusmail.delivery import again, outgoing
from caucusmail.delivery.again import Asked
from caucusmail.delivery.models import Delivery, DeliveryState, Intervention, OutgoingMessage, Step
from caucusmail.delivery.retry import Fault
from tests import make
from tests.delivery import owed

WHY = Asked(7, None, "She asked")
UNCERTAIN = {"state": DeliveryState.UNCERTAIN, "note": Fault.LOST_ANSWER.value}


def message_of(row: Delivery) -> OutgoingMessage:
    return db.session.get_one(OutgoingMessage, row.message_id)


def step_in(row: Delivery, step: Step, asked: Asked = WHY, *narrower: Any) -> int:
    with transaction():
        return again.step_in(message_of(row), step, asked, *narrower)


def undo(row: Delivery, entry_id: int = 7) -> int:
    with transaction():
        return again.undo(message_of(row), entry_id)


@pytest.mark.parametrize(
    ("stands", "opens"),
    [
        ({"state": DeliveryState.DEFERRED, "settled_at": None}, {Step.TRY_NOW}),
        *[
            (
                {"state": DeliveryState.FAILED, "note": fault.value},
                {Step.TRY_NOW} if fault in again.NOT_THEIRS else set(),
            )
            for fault in Fault
        ],
        ({"state": DeliveryState.FAILED, "note": Step.NOT_ARRIVED.value}, {Step.TRY_NOW}),
        (UNCERTAIN, {Step.SEND_AGAIN, Step.ARRIVED, Step.NOT_ARRIVED}),
        *[
            ({"state": state}, set())
            for state in (
                DeliveryState.ACCEPTED,
                DeliveryState.QUEUED,
                DeliveryState.IN_FLIGHT,
                DeliveryState.WITHDRAWN,
            )
        ],
    ],
)
def test_a_row_is_open_to_these_steps_and_no_other(stands, opens):
    row = owed.copy(**stands)
    found = {step for step in Step if db.session.scalar(select(Delivery.id).where(again.open_to(step)))}
    assert found == opens
    with transaction():
        owed.again(row).lease_until = clock.now() - timedelta(minutes=9)
    assert not any(db.session.scalar(select(Delivery.id).where(again.open_to(step))) for step in Step)


def test_an_uncertain_row_that_is_sent_again_reaches_the_relay_once_with_its_first_message_id(rough):
    row = owed.copy(**UNCERTAIN)
    assert outgoing.turn("w") == 0
    assert step_in(row, Step.SEND_AGAIN) == 1
    assert outgoing.turn("w") == 1
    assert owed.again(row).state is DeliveryState.ACCEPTED
    [first] = rough.whole
    with transaction():
        taken = owed.again(row)
        taken.state, taken.note = DeliveryState.UNCERTAIN, Fault.WORKER_DIED.value
    assert step_in(row, Step.SEND_AGAIN, Asked(8, None, "Once more")) == 1
    assert outgoing.turn("w") == 1
    assert [message_from_bytes(one)["Message-ID"] for one in rough.whole] == [
        message_from_bytes(first)["Message-ID"]
    ] * 2


def test_what_a_worker_says_too_late_of_a_row_that_was_asked_for_again_is_not_written():
    row = owed.copy(**UNCERTAIN | {"lease_by": "dead"})
    step_in(row, Step.SEND_AGAIN)
    assert (owed.again(row).lease_by, owed.again(row).lease_until) == ("", None)


def test_of_a_stopped_message_nothing_leaves_but_what_became_of_it_can_be_said():
    row = owed.copy(**UNCERTAIN)
    with transaction():
        message_of(row).stopped_at = clock.now()
    assert step_in(row, Step.SEND_AGAIN) == 0
    assert make.rows(Intervention) == []
    assert step_in(row, Step.ARRIVED) == 1
    assert owed.again(row).state is DeliveryState.ACCEPTED


def test_undoing_gives_back_what_was_and_only_once():
    row = owed.copy(**UNCERTAIN)
    before = owed.again(row).settled_at
    step_in(row, Step.NOT_ARRIVED)
    assert (owed.again(row).state, owed.again(row).note) == (DeliveryState.FAILED, "not-arrived")
    assert undo(row) == 1
    taken = owed.again(row)
    assert (taken.state, taken.note, taken.settled_at) == (DeliveryState.UNCERTAIN, "lost-answer", before)
    assert undo(row) == 0


def test_a_step_that_another_followed_is_not_undone_before_it():
    row = owed.copy(**UNCERTAIN)
    step_in(row, Step.NOT_ARRIVED)
    step_in(row, Step.TRY_NOW, Asked(8, None, "Now"))
    assert undo(row, 7) == 0
    assert again.latest([row.id])[row.id].step is Step.TRY_NOW
    assert undo(row, 8) == 1
    assert undo(row, 7) == 1
    assert owed.again(row).state is DeliveryState.UNCERTAIN


def test_a_request_is_not_undone_when_its_copy_was_asked_for_again_since():
    row = owed.copy(**UNCERTAIN)
    step_in(row, Step.SEND_AGAIN)
    with transaction():
        left = owed.again(row)
        left.state, left.note = DeliveryState.UNCERTAIN, "lost-answer"
    step_in(row, Step.SEND_AGAIN, Asked(8, None, "Once more"))
    assert [one.entry_id for one in again.pending(row.message_id)] == [8]
    assert undo(row, 7) == 0
    assert undo(row, 8) == 1


def test_only_the_people_who_are_named_and_still_have_that_address_are_reached():
    person = make.person("Ada", "ada@mail.example")
    row = owed.copy(**UNCERTAIN | {"person_id": person.id})
    someone = select(Person.id)
    assert step_in(row, Step.SEND_AGAIN, WHY, again.reachable(someone.where(Person.id != person.id))) == 0
    with transaction():
        person.address_key = "other@mail.example"
    assert step_in(row, Step.SEND_AGAIN, WHY, again.reachable(someone)) == 0
    with transaction():
        person.address_key = "ada@mail.example"
    assert step_in(row, Step.SEND_AGAIN, WHY, again.reachable(someone)) == 1


def test_requests_can_be_taken_back_while_their_copies_wait_and_what_was_said_for_a_day():
    row, other = owed.copy(**UNCERTAIN), owed.copy(**UNCERTAIN)
    step_in(row, Step.SEND_AGAIN)
    step_in(other, Step.ARRIVED, Asked(8, None, "She said so"))
    assert [(one.entry_id, one.copies) for one in again.pending(row.message_id)] == [(7, 1)]
    assert [one.reason for one in again.pending(other.message_id)] == ["She said so"]
    with transaction():
        owed.again(row).state = DeliveryState.IN_FLIGHT
        for one in make.rows(Intervention):
            one.at = clock.now() - again.UNDO_SAID
    assert again.pending(row.message_id) == again.pending(other.message_id) == []
