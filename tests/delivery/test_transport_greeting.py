"""A relay whose first word is no greeting: nothing leaves, nothing counts, and the turn ends."""

import pytest

from caucusmail.delivery import outgoing
from caucusmail.delivery.models import Delivery, DeliveryState
from caucusmail.delivery.retry import Fault
from caucusmail.delivery.transport import Timeouts
from tests import make
from tests.delivery.due import due_now, owe, states


@pytest.mark.parametrize(
    "greeting",
    [
        b"\r\n",
        b"hello\r\n",
        b"\xff\xfe\x00\r\n",
        b"-220 rough\r\n",
        b"354 go on\r\n",
        b"421 not now\r\n",
        b"554-not\r\n554 for you\r\n",
        b"220 " + b"x" * 100_000 + b"\r\n",
        b"x" * 100_000,
        b"220-more\r\n" * 100_000,
        b"220-more\r\n" * 200 + b"220 rough\r\n",
    ],
    ids=list(range(11)),
)
def test_what_is_no_greeting_lets_nothing_leave_and_counts_against_nobody(rough, greeting):
    owe("ada@mail.example")
    kept, rough.greeting = rough.greeting, greeting
    outgoing.turn("w", timeouts=Timeouts(1, 1, 1))
    [row] = make.rows(Delivery)
    assert (row.state, row.note, row.attempts) == (DeliveryState.DEFERRED, Fault.RELAY, 0)
    assert rough.whole == []
    assert not any(line.upper().startswith((b"MAIL", b"RCPT")) for line in rough.commands)
    rough.greeting = kept
    due_now()
    outgoing.turn("w")
    assert states() == [DeliveryState.ACCEPTED]


def test_a_greeting_of_several_lines_is_one(rough):
    owe("ada@mail.example")
    rough.greeting = b"220-rough\r\n220-\xff\r\n220 at your service\r\n"
    outgoing.turn("w")
    assert states() == [DeliveryState.ACCEPTED]
