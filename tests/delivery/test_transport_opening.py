"""A relay that answers EHLO, STARTTLS or AUTH with what is no answer: nothing leaves, no password is told, nothing counts."""

import pytest

from caucusmail.delivery import outgoing
from caucusmail.delivery.models import Delivery, DeliveryState
from caucusmail.delivery.retry import Fault
from caucusmail.delivery.transport import Timeouts
from tests import make
from tests.delivery.due import due_now, owe, states

SOON = Timeouts(1, 1, 1)
ODD = {
    "empty": b"\r\n",
    "words": b"hello\r\n",
    "binary": b"\xff\xfe\x00\r\n",
    "no code": b"-250 rough\r\n",
    "of another step": b"354 go on\r\n",
    "not now": b"421 not now\r\n",
    "never": b"554-not\r\n554 for you\r\n",
    "a line without end": b"250 " + b"x" * 100_000,
    "lines without end": b"250-more\r\n" * 100_000,
    "too many lines": b"250-more\r\n" * 200 + b"250 rough\r\n",
}


@pytest.fixture
def guarded(app, rough, monkeypatch, authority):
    """A relay behind TLS and a password."""
    relay = app.extensions["mail"]
    for name, value in (("use_tls", True), ("username", "us"), ("password", "secret")):
        monkeypatch.setattr(relay, name, value)
    rough.context, rough.password = authority.server("127.0.0.1"), b"235 2.7.0 welcome\r\n"
    return rough


def nothing_happened(relay) -> None:
    """No address and no letter left, and the row counts no attempt; when the relay answers as it should, it leaves."""
    [row] = make.rows(Delivery)
    assert (row.state, row.note, row.attempts) == (DeliveryState.DEFERRED, Fault.RELAY, 0)
    assert relay.whole == []
    assert not any(line.upper().startswith((b"MAIL", b"RCPT")) for line in relay.commands)
    relay.odd = {}
    due_now()
    outgoing.turn("w")
    assert states() == [DeliveryState.ACCEPTED]


@pytest.mark.parametrize("answer", ODD.values(), ids=ODD)
@pytest.mark.parametrize("verb", ["EHLO", "STAR", "AUTH"])
def test_what_is_no_answer_lets_nothing_leave_and_counts_against_nobody(guarded, verb, answer):
    owe("ada@mail.example")
    guarded.odd = {verb: answer}
    outgoing.turn("w", timeouts=SOON)
    if verb != "AUTH":
        assert not any(line.upper().startswith(b"AUTH") for line in guarded.commands)
    nothing_happened(guarded)


@pytest.mark.parametrize("answer", ODD.values(), ids=ODD)
def test_a_relay_in_clear_that_answers_no_ehlo_as_it_should_is_left_alone(rough, answer):
    owe("ada@mail.example")
    rough.odd = {"EHLO": answer, "HELO": answer}
    outgoing.turn("w", timeouts=SOON)
    nothing_happened(rough)


def test_a_relay_that_knows_no_ehlo_is_spoken_to_in_the_old_way(rough):
    owe("ada@mail.example", "bea@mail.example")
    rough.odd = {"EHLO": b"502 5.5.1 what?\r\n"}
    outgoing.turn("w")
    assert states() == [DeliveryState.ACCEPTED] * 2
    assert any(line.upper().startswith(b"HELO") for line in rough.commands)


def test_extensions_that_are_none_are_passed_over(rough):
    owe("ada@mail.example")
    rough.odd = {"EHLO": b"250-rough\r\n250-\xff\xfe\r\n250-\r\n250-= =\r\n250-SIZE many\r\n250 AUTH=\r\n"}
    outgoing.turn("w")
    assert states() == [DeliveryState.ACCEPTED]
