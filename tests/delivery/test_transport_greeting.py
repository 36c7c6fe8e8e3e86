"""A relay whose first word is no greeting: nothing leaves, nothing counts, and the turn ends."""

import contextlib
import socket
import threading
import time
from collections.abc import Iterator

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


@pytest.fixture
def dripping(app) -> Iterator[None]:
    """A relay that greets octet by octet, each within our patience with one answer, and never comes to an end."""
    door, over = socket.create_server(("127.0.0.1", 0)), threading.Event()

    def drip() -> None:
        with contextlib.suppress(OSError):
            while not over.is_set():
                peer, _address = door.accept()
                with peer, contextlib.suppress(OSError):
                    while not over.is_set():
                        peer.sendall(b"2")
                        time.sleep(0.05)

    server = threading.Thread(target=drip)
    server.start()
    relay = app.extensions["mail"]
    before, relay.port = relay.port, door.getsockname()[1]
    yield
    relay.port = before
    over.set()
    with contextlib.suppress(OSError):
        door.shutdown(socket.SHUT_RDWR)
    door.close()
    server.join()


def test_a_greeting_that_drips_for_ever_is_not_waited_for(dripping):
    owe("ada@mail.example")
    outgoing.turn("w", timeouts=Timeouts(0.5, 1, 1))
    [row] = make.rows(Delivery)
    assert (row.state, row.note, row.attempts) == (DeliveryState.DEFERRED, Fault.RELAY, 0)
