from datetime import timedelta

import pytest

from caucusmail import database
from caucusmail.delivery import ledger, lines, outgoing
from caucusmail.delivery.models import Delivery, DeliveryState, Lane
from caucusmail.mail import verp
from tests import make
from tests.delivery.due import due_now, owe, states
from tests.journeys.processes import until


def test_a_relay_that_greets_is_no_trouble_and_is_sent_nothing(rough):
    assert list(lines.troubles().values()) == [""]
    until(lambda: len(rough.commands) == 2, "the leave", 10)
    assert [line[:4].upper() for line in rough.commands] == [b"EHLO", b"QUIT"]


def test_a_relay_that_takes_the_connection_and_hangs_up_is_trouble(rough):
    rough.mute = True
    assert next(iter(lines.troubles().values())).startswith("cannot be reached: ")


def test_a_letter_reaches_the_relay_once_with_the_return_path_of_its_row(sink):
    [row] = owe("ada@mail.example")
    assert outgoing.turn("w") == 1
    assert outgoing.turn("w") == 0
    [caught] = sink.caught
    assert caught.recipients == ["ada@mail.example"]
    assert verp.read(caught.sender) == row.id
    assert caught.text.replace("\r\n", "\n").startswith("Hello,\n.\n..two dots\n")
    assert (row.state, row.reply_code, row.attempts) == (DeliveryState.ACCEPTED, 250, 1)
    assert row.reply == "2.0.0 queued as 1"
    assert row.settled_at is not None
    assert row.lease_until is None


def test_the_message_id_and_date_stay_the_same_when_it_is_tried_again(sink):
    owe("ada@mail.example")
    sink.answers["DATA"] = ["451 4.3.0 not now"]
    outgoing.turn("w")
    [row] = make.rows(Delivery)
    begun = row.begun_at
    due_now()
    outgoing.turn("w")
    assert make.rows(Delivery)[0].begun_at == begun
    assert f"<{row.id}.{row.message_id}." in sink.caught[0].message["Message-ID"]
    assert abs(sink.caught[0].message["Date"].datetime - begun) < timedelta(seconds=1)


@pytest.mark.parametrize(
    ("place", "said"),
    [("", ""), ("MAIL", lines.BROKEN_OFF), ("354", outgoing.BROKEN_OFF), ("dot", outgoing.BROKEN_OFF)],
)
def test_a_turn_says_whether_the_relay_broke_off(rough, place, said):
    rough.hang_up = [place]
    owe("ada@mail.example")
    assert outgoing.turn("w").relay == said
    assert outgoing.turn("w").relay is None  # nothing was due


def test_two_letters_leave_by_one_connection_each_with_an_id_of_its_own(rough):
    owe("a@mail.example", "b@mail.example")
    assert outgoing.turn("w") == 2
    assert sum(line.lower().startswith(b"ehlo") for line in rough.commands) == 1
    heads = [raw.split(b"Message-ID: ")[1].split(b"\r\n")[0] for raw in rough.whole]
    assert len(set(heads)) == 2


def test_a_turn_that_leaves_something_due_wakes_the_next(sink):
    owe("a@mail.example", "b@mail.example", "c@mail.example")
    woken, before = [], list(database._on_wake)
    database.on_wake(woken.append)
    try:
        assert outgoing.turn("w", limit=2) == 2
        assert woken == [ledger.DELIVER[Lane.BULK]]
        assert outgoing.turn("w", limit=2) == 1
        assert woken == [ledger.DELIVER[Lane.BULK]]
    finally:
        database._on_wake[:] = before


def test_a_turn_whose_time_is_over_lets_its_rows_go_and_wakes_the_next(rough):
    owe("a@mail.example", "b@mail.example", "c@mail.example")
    woken, before = [], list(database._on_wake)
    database.on_wake(woken.append)
    try:
        assert outgoing.turn("w", at_most=timedelta(0)) == 1
    finally:
        database._on_wake[:] = before
    assert woken == [ledger.DELIVER[Lane.BULK]]
    assert states() == [DeliveryState.ACCEPTED, DeliveryState.QUEUED, DeliveryState.QUEUED]
    assert {row.lease_by for row in make.rows(Delivery)} == {""}
    assert len(rough.whole) == 1


def test_a_turn_serves_its_lane_and_those_before_it_and_no_later_one(rough):
    for lane in (Lane.BULK, Lane.ANNOUNCE, Lane.URGENT, Lane.TRANSACTIONAL):
        owe(f"{lane}@mail.example", lane=lane)
    assert [outgoing.turn("w", lane) for lane in (Lane.TRANSACTIONAL, Lane.ANNOUNCE, Lane.BULK)] == [1, 2, 1]


def test_a_letter_that_comes_during_a_turn_of_announcements_is_the_next_to_leave(sink):
    owe("a@mail.example", "b@mail.example", lane=Lane.ANNOUNCE)
    outgoing.turn("w", Lane.ANNOUNCE, at_most=timedelta(0))
    owe("waiting@mail.example")
    outgoing.turn("w", Lane.ANNOUNCE, at_most=timedelta(0))
    assert [one.recipients[0][0] for one in sink.caught] == ["a", "w"]
