"""Two relays: the second takes over while the first does not answer, and no longer."""

from collections.abc import Iterator
from dataclasses import replace

import pytest

from caucusmail import jobs, settings
from caucusmail.audit import heartbeats
from caucusmail.database import transaction
from caucusmail.delivery import ledger, lines, outgoing
from caucusmail.delivery.ledger import To
from caucusmail.delivery.models import Delivery, DeliveryState
from caucusmail.hosts import Relay
from tests import make
from tests.delivery import owed
from tests.delivery.rough import Rough


@pytest.fixture
def two(app, monkeypatch) -> Iterator[tuple[Rough, Rough]]:
    """The relay of the settings, and a further one."""
    first, second = Rough(many=True).start(), Rough(many=True).start()
    told = replace(settings.current(), mail_port=first.port, mail_fallbacks=(Relay("127.0.0.1", second.port),))
    monkeypatch.setattr(settings, "_current", told)
    monkeypatch.setattr(app.extensions["mail"], "port", first.port)
    monkeypatch.setattr(lines, "_resting", {})
    yield first, second
    first.stop()
    second.stop()


def sent(number: int = 1) -> outgoing.Turn:
    with transaction():
        for _ in range(number):
            ledger.enqueue(owed.LETTER, To("ada@mail.example"))
    return outgoing.turn("w", connections=1)


def states() -> set[DeliveryState]:
    return {row.state for row in make.rows(Delivery)}


def test_the_first_relay_gets_everything_while_it_answers(two):
    first, second = two
    assert sent(3) == 3
    assert (len(first.whole), second.commands) == (3, [])


@pytest.mark.parametrize("how", ["down", "no greeting", "refuses the greeting"])
def test_the_second_takes_over_when_the_first_does_not_let_us_in(two, how):
    first, second = two
    if how == "down":
        first.stop()
    first.mute = how == "no greeting"
    first.greeting = b"554 not for you\r\n" if how == "refuses the greeting" else first.greeting
    done = sent(3)
    assert (done, done.relay, len(second.whole), first.whole) == (3, "", 3, [])
    assert states() == {DeliveryState.ACCEPTED}
    trouble, well = (done.relays[f"127.0.0.1:{one.port}"] for one in two)
    assert trouble
    assert well == ""


def test_the_first_is_left_alone_for_a_while_and_asked_again_after_that(two, monkeypatch):
    first, second = two
    first.mute = True
    sent()
    first.mute = False
    sent()
    assert (len(first.whole), len(second.whole)) == (0, 2)
    monkeypatch.setattr(lines, "_resting", dict.fromkeys(lines._resting, 0.0))
    sent()
    assert (len(first.whole), len(second.whole)) == (1, 2)


def test_when_none_answers_the_letters_wait_and_no_attempt_counts(two):
    for one in two:
        one.stop()
    done = sent()
    assert done.relay is not None
    assert done.relay.startswith("cannot be reached: ")
    [row] = make.rows(Delivery)
    assert (row.state, row.attempts) == (DeliveryState.DEFERRED, 0)


def test_each_relay_has_a_heartbeat_and_one_that_answers_is_enough(two):
    two[0].stop()
    jobs.heartbeat()
    down, up = (heartbeats.seen(heartbeats.of_relay(f"127.0.0.1:{one.port}")) for one in two)
    assert down is not None
    assert down.detail.startswith("cannot be reached: ")
    assert up is not None
    assert up.detail == ""
    assert heartbeats.trouble("relay") == ""
