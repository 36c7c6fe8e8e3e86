import multiprocessing
import threading
import time
from dataclasses import replace

import pytest

from caucusmail.delivery import outgoing, stopping
from caucusmail.delivery.models import Delivery, DeliveryState
from caucusmail.delivery.retry import Fault
from caucusmail.delivery.transport import Timeouts
from tests import make
from tests.delivery.due import LETTER, owe, states
from tests.journeys.processes import until

Q, A = DeliveryState.QUEUED, DeliveryState.ACCEPTED


@pytest.fixture(autouse=True)
def _new_worker():
    stopping.begin()
    yield
    stopping.begin()


def told_to_end(when, what):
    """Give the order once ``when()`` is true, from outside of the turn."""
    thread = threading.Thread(target=lambda: (until(when, what, 10), stopping.order()))
    thread.start()
    return thread


def test_the_order_reaches_what_was_forked_before_it():
    def waits():
        while not stopping.ordered():
            time.sleep(0.01)

    child = multiprocessing.get_context("fork").Process(target=waits)
    child.start()
    stopping.order()
    child.join(10)
    assert child.exitcode == 0
    assert not stopping.over()


def test_the_time_to_hear_answers_counts_from_the_first_order(monkeypatch):
    stopping.order()
    monkeypatch.setattr(stopping, "HEAR_OUT_S", 0.0)
    stopping.order()
    assert stopping.over()


def test_no_turn_begins_after_the_order(sink):
    owe("ada@mail.example")
    stopping.order()
    assert outgoing.turn("w") == 0
    assert (states(), sink.caught) == ([Q], [])
    stopping.begin()
    assert outgoing.turn("w") == 1


@pytest.mark.parametrize("extensions", [(), ("PIPELINING",)])
def test_a_silent_line_is_not_waited_for_and_no_letter_begins_after_the_order(rough, extensions):
    rough.many, rough.silent_to, rough.slow_s, rough.extensions = True, b"<p0@", 0.05, extensions
    owe(*(f"p{number}@mail.example" for number in range(200)))
    thread = told_to_end(lambda: len(rough.whole) > 3, "some letters")
    outgoing.turn("w", connections=3)
    thread.join()
    assert len(rough.whole) < 100
    first, *_others = rows = make.rows(Delivery)
    assert (first.state, first.note, first.attempts, first.answered_at) == (Q, "", 0, None)
    assert {row.state for row in rows} == {Q, A}
    assert sum(row.state is A for row in rows) == len(rough.whole)
    assert {row.lease_by for row in rows} == {""}


def test_an_answer_to_a_final_dot_is_heard_out(rough):
    rough.many, rough.slow_s = True, 1.5
    owe(*(f"p{number}@mail.example" for number in range(20)))
    thread = told_to_end(lambda: rough.whole, "a letter's dot")
    outgoing.turn("w", connections=1)
    thread.join()
    assert states() == [A] + [Q] * 19
    assert len(rough.whole) == 1


def test_one_that_is_not_answered_in_time_is_uncertain_and_the_turn_ends(rough, monkeypatch):
    monkeypatch.setattr(stopping, "HEAR_OUT_S", 0.5)
    rough.many, rough.stall = True, True
    owe("ada@mail.example", "bea@mail.example")
    thread = told_to_end(lambda: rough.whole, "a letter's dot")
    turn = outgoing.turn("w", connections=1)
    thread.join()
    row, other = make.rows(Delivery)
    assert (row.state, row.note, row.reply) == (DeliveryState.UNCERTAIN, Fault.LOST_ANSWER, "given up")
    assert (other.state, turn) == (Q, 1)


def test_content_that_a_server_does_not_take_is_taken_back_before_its_dot(rough):
    rough.many, rough.slow_reader_s = True, 3.0
    owe("ada@mail.example", letter=replace(LETTER, text="Hello\n" * 3_000_000))
    thread = told_to_end(lambda: any(line.startswith(b"DATA") for line in rough.commands), "a letter's content")
    outgoing.turn("w", connections=1, timeouts=Timeouts(reply=20))
    thread.join()
    (row,) = make.rows(Delivery)
    assert (row.state, row.note, row.attempts, row.answered_at, row.lease_by) == (Q, "", 0, None, "")
    assert rough.whole == []
