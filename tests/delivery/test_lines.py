from datetime import timedelta

from caucusmail.delivery import lines, outgoing
from caucusmail.delivery.models import Delivery, DeliveryState
from caucusmail.delivery.retry import Fault
from caucusmail.delivery.transport import Timeouts
from tests import make
from tests.delivery.due import owe, states
from tests.journeys.processes import until


def test_without_a_relay_the_rows_wait_and_no_attempt_counts(no_relay):
    owe("ada@mail.example", "bea@mail.example")
    turn = outgoing.turn("w")
    assert turn == 0
    assert turn.relay == "cannot be reached: ConnectionRefusedError: Connection refused"
    for row in make.rows(Delivery):
        assert (row.state, row.note, row.attempts) == (DeliveryState.DEFERRED, Fault.RELAY, 0)
        assert (row.reply_code, row.lease_until, row.lease_by) == (None, None, "")


def test_one_silent_line_does_not_hold_up_the_others_even_when_the_turn_is_over(rough, monkeypatch):
    monkeypatch.setattr(outgoing, "SILENT_S", 0.05)
    rough.many, rough.silent_to = True, b"<p0@"
    owe(*(f"p{number}@mail.example" for number in range(17)))
    turn = outgoing.turn("w", connections=2, at_most=timedelta(0), timeouts=Timeouts(reply=3))
    assert turn == 17
    first, *others = make.rows(Delivery)
    assert (first.state, first.note) == (DeliveryState.DEFERRED, Fault.RELAY)
    assert [row.state for row in others] == [DeliveryState.ACCEPTED] * 16


def test_a_relay_that_breaks_off_each_time_is_left_alone_and_the_rest_waits(rough):
    rough.hang_up = ["MAIL"] * 100
    owe(*(f"p{number}@mail.example" for number in range(14)))
    turn = outgoing.turn("w", connections=1)
    assert turn.relay == lines.BROKEN_OFF
    assert sum(line.startswith(b"MAIL") for line in rough.commands) == outgoing.BREAKS
    assert states() == [DeliveryState.DEFERRED] * 14
    assert {(row.note, row.attempts, row.lease_by) for row in make.rows(Delivery)} == {(Fault.RELAY, 0, "")}
    assert outgoing.turn("w") == 0


def test_several_lines_send_each_letter_once(rough):
    rough.many, rough.extensions = True, ("PIPELINING",)
    owe(*(f"p{number}@mail.example" for number in range(40)))
    assert outgoing.turn("w", connections=3) == 40
    assert states() == [DeliveryState.ACCEPTED] * 40
    assert len({raw.split(b"Message-ID: ")[1].split(b"\r\n")[0] for raw in rough.whole}) == len(rough.whole) == 40
    assert 1 < sum(line.lower().startswith(b"ehlo") for line in rough.commands) <= 3


def test_a_relay_that_limits_connections_is_asked_for_one_more_once_in_a_turn(rough):
    rough.many, rough.lets_in, rough.slow_s = True, 3, 0.02
    owe(*(f"p{number}@mail.example" for number in range(60)))
    assert outgoing.turn("w", connections=4) == 60
    assert (states(), len(rough.whole)) == ([DeliveryState.ACCEPTED] * 60, 60)
    assert rough.met == 4
    until(lambda: not rough.inside, "the leave of all lines", 10)
    owe(*(f"q{number}@mail.example" for number in range(60)))
    assert outgoing.turn("w", connections=4) == 60
    assert rough.met == 8


def test_a_relay_that_lets_nobody_in_any_more_is_not_asked_again_while_a_line_is_open(rough, monkeypatch):
    asked = []
    really = lines.Relays.open

    def opened(relays):
        asked.append(relays)
        if len(asked) > 1:
            until(lambda: rough.whole, "a letter on the first line", 10)
            rough.stop()
        return really(relays)

    monkeypatch.setattr(lines.Relays, "open", opened)
    rough.many, rough.slow_s = True, 0.02
    owe(*(f"p{number}@mail.example" for number in range(40)))
    assert outgoing.turn("w", connections=3) == 40
    assert states() == [DeliveryState.ACCEPTED] * 40
    assert len(asked) == 3


def test_a_line_that_waits_for_the_answer_to_a_dot_is_heard_out_when_the_relay_breaks_off_others(rough, monkeypatch):
    monkeypatch.setattr(outgoing, "HEAR_OUT_S", 0.0)
    rough.many, rough.hang_up, rough.slow_s = True, [""] + ["MAIL"] * 100, 2.0
    owe(*(f"p{number}@mail.example" for number in range(30)))
    turn = outgoing.turn("w", connections=2)
    assert turn.relay in ("", lines.BROKEN_OFF)
    assert len(rough.whole) == 1
    assert sorted(states()) == sorted([DeliveryState.ACCEPTED] + [DeliveryState.DEFERRED] * 29)
    assert {row.lease_by for row in make.rows(Delivery)} == {""}
