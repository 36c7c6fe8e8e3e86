"""Two relays: the second takes over while the first does not answer, and no longer."""

from collections.abc import Iterator
from dataclasses import replace

import pytest
import time_machine

from caucusmail import clock, jobs, settings
from caucusmail.audit import heartbeats
from caucusmail.database import transaction
from caucusmail.delivery import ledger, lines, outgoing, transport
from caucusmail.delivery.ledger import To
from caucusmail.delivery.models import Delivery, DeliveryState
from caucusmail.delivery.outcome import Outcome, Phase
from caucusmail.delivery.retry import Fault
from caucusmail.hosts import Relay
from tests import make
from tests.delivery import owed
from tests.delivery.due import due_now
from tests.delivery.rough import Rough


@pytest.fixture
def two(app, monkeypatch) -> Iterator[tuple[Rough, Rough]]:
    """The relay of the settings, and a further one."""
    first, second = Rough(many=True).start(), Rough(many=True).start()
    told = replace(settings.current(), mail_port=first.port, mail_fallbacks=(Relay("127.0.0.1", second.port),))
    monkeypatch.setattr(settings, "_current", told)
    monkeypatch.setattr(app.extensions["mail"], "port", first.port)
    monkeypatch.setattr(lines, "_resting", {})
    monkeypatch.setattr(lines, "_breaks", {})
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


@pytest.mark.parametrize(
    ("place", "state"),
    [("MAIL", DeliveryState.DEFERRED), ("DATA", DeliveryState.DEFERRED), ("dot", DeliveryState.UNCERTAIN)],
)
def test_the_second_takes_over_when_the_first_lets_us_in_and_breaks_off_letter_after_letter(two, place, state):
    first, second = two
    first.hang_up = [place] * 100
    done = sent(12)
    assert (done, done.relay) == (12, "")
    assert sum(line.startswith(b"MAIL") for line in first.commands) == lines.ENOUGH
    assert len(second.whole) == 12 - lines.ENOUGH
    assert sorted(row.state for row in make.rows(Delivery)) == sorted(
        [state] * lines.ENOUGH + [DeliveryState.ACCEPTED] * (12 - lines.ENOUGH)
    )
    assert done.relays == {f"127.0.0.1:{first.port}": lines.BROKEN_OFF, f"127.0.0.1:{second.port}": ""}
    due_now()
    outgoing.turn("w")
    assert len(second.whole) == (12 if state is DeliveryState.DEFERRED else 12 - lines.ENOUGH)


def test_the_second_takes_over_when_the_first_has_no_room(two):
    first, second = two
    first.odd = {"MAIL": b"452 4.3.1 Insufficient system storage\r\n"}
    done = sent(12)
    assert (done, len(first.whole), len(second.whole)) == (12, 0, 12 - lines.ENOUGH)
    assert done.relays == {f"127.0.0.1:{first.port}": lines.BROKEN_OFF, f"127.0.0.1:{second.port}": ""}
    due_now()
    outgoing.turn("w")
    assert len(second.whole) == 12


def test_letters_that_come_one_by_one_find_the_second_too(two):
    first, second = two
    first.hang_up = ["MAIL"] * 100
    for _turn in range(lines.ENOUGH + 2):
        sent()
    assert len(second.whole) == 2


def test_a_first_that_limits_connections_keeps_those_it_let_in_and_the_second_takes_the_rest(two):
    first, second = two
    first.lets_in, first.slow_s, second.slow_s = 1, 0.02, 0.02
    with transaction():
        for _ in range(40):
            ledger.enqueue(owed.LETTER, To("ada@mail.example"))
    done = outgoing.turn("w", connections=2)
    assert (done, len(first.whole) + len(second.whole)) == (40, 40)
    assert len(first.whole) > 10
    assert second.whole
    assert first.met <= 2
    assert set(done.relays.values()) == {""}


def test_idle_lines_to_the_first_are_not_used_once_it_rests(two, monkeypatch):
    first, second = two
    first.hang_up = ["MAIL"] * 3
    with transaction():
        for _ in range(40):
            ledger.enqueue(owed.LETTER, To("ada@mail.example"))
    monkeypatch.setattr(lines, "ENOUGH", 1)
    assert outgoing.turn("w", connections=3) == 40
    assert len(first.whole) + len(second.whole) == 40 - sum(
        row.state is DeliveryState.DEFERRED for row in make.rows(Delivery)
    )
    assert second.whole


def test_the_first_rests_twice_as_long_each_time_it_breaks_off_again_and_is_trusted_after_one_letter(two, monkeypatch):
    first, _other = two
    name = f"127.0.0.1:{first.port}"
    now = [1000.0]
    monkeypatch.setattr(lines.time, "monotonic", lambda: now[0])
    relays = lines.Relays(transport.doors())
    broken, good = Outcome(Phase.MAIL), Outcome(Phase.DOT, 250)
    rests = []
    for _ in range(lines.ENOUGH + 7):
        relays.learn(name, broken)
        rests.append(lines._resting.get(name, now[0]) - now[0])
    assert rests == [0, 0, 60, 120, 240, 480, 960, 1920, 1920, 1920]
    relays.learn(name, good)
    now[0] += 1921
    relays.learn(name, broken)
    assert not relays.rests(name)


def test_what_we_broke_off_ourselves_or_did_not_send_is_no_word_about_the_relay(two):
    name = f"127.0.0.1:{two[0].port}"
    relays = lines.Relays(transport.doors())
    for _ in range(lines.ENOUGH):
        relays.learn(name, Outcome(Phase.MAIL, None, lines.GIVEN_UP))
        relays.learn(name, Outcome(Phase.BEFORE, refused=Fault.WITHDRAWN))
    assert not relays.rests(name)


def test_when_both_break_off_the_letters_wait_and_each_is_asked_again(two):
    for one in two:
        one.hang_up = ["MAIL"] * 100
    done = sent(14)
    assert done.relay == lines.BROKEN_OFF
    assert states() == {DeliveryState.DEFERRED}
    assert sum(line.startswith(b"MAIL") for one in two for line in one.commands) == outgoing.BREAKS
    for one in two:
        one.hang_up = []
    due_now()
    outgoing.turn("w")
    assert states() == {DeliveryState.ACCEPTED}


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


def test_one_that_greets_and_broke_off_letters_lately_is_not_called_well(two):
    first, second = two
    first.hang_up = ["MAIL"] * 100
    with transaction():
        for _ in range(lines.ENOUGH + 1):
            ledger.enqueue(owed.LETTER, To("ada@mail.example"))
    jobs.deliver()
    jobs.heartbeat()
    broken, well = (heartbeats.trouble(heartbeats.of_relay(f"127.0.0.1:{one.port}")) for one in (first, second))
    assert (broken, well, heartbeats.trouble("relay")) == (lines.BROKEN_OFF, "", "")
    with time_machine.travel(clock.now() + heartbeats.LATE_AFTER):
        jobs.heartbeat()
        assert heartbeats.trouble(heartbeats.of_relay(f"127.0.0.1:{first.port}")) == ""
