import time
from smtplib import SMTPResponseException, SMTPServerDisconnected

import pytest

from caucusmail.delivery import outgoing
from caucusmail.delivery.models import Delivery, DeliveryState
from caucusmail.delivery.retry import Fault
from caucusmail.delivery.transport import Timeouts, told
from caucusmail.mail.rendering import Letter
from tests import make
from tests.delivery.due import due_now, owe, states

LINE = "This line stands in a large letter again and again, as if it were a long list.\n"[:70]
LARGE = Letter("test/letter", "en", "Hello", f"{LINE}\n" * 100_000, "<p>Hello</p>")  # more than a socket takes at once


def test_a_server_that_refuses_and_hangs_up_has_refused(rough):
    owe("ada@mail.example", "bea@mail.example")
    rough.slam = b"550 5.1.1 no such person\r\n"
    outgoing.turn("w")
    first, second = make.rows(Delivery)
    assert (first.state, first.reply_code, first.reply) == (DeliveryState.FAILED, 550, "5.1.1 no such person")
    assert second.state is DeliveryState.ACCEPTED


@pytest.mark.parametrize("place", ["MAIL", "RCPT", "DATA", "354"])
def test_a_break_before_the_dot_is_tried_again_and_nothing_is_lost_or_doubled(rough, place):
    owe("ada@mail.example", "bea@mail.example")
    rough.hang_up = [place]
    outgoing.turn("w")
    first, second = make.rows(Delivery)
    assert (first.state, first.note, first.attempts) == (DeliveryState.DEFERRED, Fault.RELAY, 0)
    assert second.state is DeliveryState.ACCEPTED
    due_now()
    outgoing.turn("w")
    assert states() == [DeliveryState.ACCEPTED] * 2
    assert len(rough.whole) == 2


def test_a_break_after_the_dot_is_uncertain_and_never_sent_again(rough):
    owe("ada@mail.example", "bea@mail.example")
    rough.hang_up = ["dot"]
    outgoing.turn("w")
    assert states() == [DeliveryState.UNCERTAIN, DeliveryState.ACCEPTED]
    due_now()
    assert outgoing.turn("w") == 0
    assert outgoing.recover() == 0
    assert len(rough.whole) == 2


def test_silence_after_the_dot_ends_by_our_own_limit_as_uncertain(rough):
    owe("ada@mail.example")
    rough.stall = True
    outgoing.turn("w", timeouts=Timeouts(1, 1, 0.2))
    [row] = make.rows(Delivery)
    assert (row.state, row.reply) == (DeliveryState.UNCERTAIN, "no answer in time")


@pytest.mark.parametrize("extensions", [(), ("PIPELINING",)])
def test_with_or_without_pipelining_a_large_letter_and_the_next_one_arrive_whole(rough, extensions):
    rough.extensions, rough.slow_reader_s = extensions, 0.1
    owe("ada@mail.example", letter=LARGE)
    owe("bea@mail.example")
    assert outgoing.turn("w") == 2
    assert states() == [DeliveryState.ACCEPTED] * 2
    assert [raw.count(LINE.encode()) for raw in rough.whole] == [LARGE.text.count(LINE), 0]


@pytest.mark.parametrize("extensions", [(), ("PIPELINING",)])
def test_a_refusal_in_the_middle_of_a_large_letter_stands(rough, extensions):
    rough.extensions, rough.enough = extensions, b"552 5.3.4 too big\r\n"
    owe("ada@mail.example", letter=LARGE)
    outgoing.turn("w")
    [row] = make.rows(Delivery)
    assert (row.state, row.reply_code, row.reply) == (DeliveryState.DEFERRED, 552, "5.3.4 too big")
    assert row.note == Fault.POLICY, "our letter is too large: that is held against nobody"


@pytest.mark.parametrize("extensions", [(), ("PIPELINING",)])
def test_a_relay_that_takes_two_letters_a_connection_gets_the_others_by_new_ones(rough, extensions):
    rough.extensions, rough.most = extensions, 2
    owe(*(f"p{number}@mail.example" for number in range(7)))
    assert outgoing.turn("w", connections=1) == 7
    assert states() == [DeliveryState.ACCEPTED] * 7
    assert {row.attempts for row in make.rows(Delivery)} == {1}
    assert sum(line.lower().startswith(b"ehlo") for line in rough.commands) == 4


def test_thanks_in_the_middle_of_a_large_letter_are_no_acceptance(rough):
    rough.enough = b"250 2.0.0 queued\r\n"
    owe("ada@mail.example", letter=LARGE)
    outgoing.turn("w")
    [row] = make.rows(Delivery)
    assert (row.state, row.note, row.reply_code) == (DeliveryState.DEFERRED, Fault.RELAY, None)


def test_a_relay_that_never_greets_is_given_up_by_our_own_limit(rough):
    rough.deaf = True
    owe("ada@mail.example")
    turn = outgoing.turn("w", timeouts=Timeouts(connect=0.2))
    assert (turn, turn.relay) == (0, "cannot be reached: no answer in time")
    assert [row.note for row in make.rows(Delivery)] == [Fault.RELAY]


@pytest.mark.parametrize(
    ("problem", "words"),
    [
        (SMTPResponseException(535, b"5.7.8  no\0\r\nway"), "535 5.7.8 no way"),
        (SMTPResponseException(535, "as text"), "535 as text"),
        (TimeoutError("The read operation timed out"), "no answer in time"),
        (ConnectionRefusedError(111, "Connection refused"), "ConnectionRefusedError: Connection refused"),
        (SMTPServerDisconnected("x" * 999), ("SMTPServerDisconnected: " + "x" * 999)[:300]),
    ],
)
def test_trouble_is_told_in_one_short_line(problem, words):
    assert told(problem) == words


@pytest.mark.parametrize(("drips", "state"), [("RCPT", DeliveryState.DEFERRED), ("dot", DeliveryState.UNCERTAIN)])
def test_an_answer_that_drips_in_octet_by_octet_is_waited_for_as_long_as_any_other(rough, drips, state):
    rough.drips = drips
    owe("ada@mail.example")
    begun = time.monotonic()
    outgoing.turn("w", timeouts=Timeouts(reply=0.4, dot=0.4))
    assert time.monotonic() - begun < 5
    [row] = make.rows(Delivery)
    assert (row.state, row.reply) == (state, "no answer in time")
