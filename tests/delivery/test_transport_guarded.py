"""The relay behind TLS and a password: nothing leaves in clear where TLS is asked for, or to who cannot prove its name."""

from datetime import timedelta

import pytest

from caucusmail.delivery import lines, outgoing
from caucusmail.delivery.models import Delivery, DeliveryState
from caucusmail.delivery.retry import Fault
from caucusmail.mail.rendering import Letter
from tests import make
from tests.certificates import Authority
from tests.delivery.due import owe, states
from tests.delivery.rough import Rough

LINE = "This line stands in a large letter again and again."
LARGE = Letter("test/letter", "en", "Hello", f"{LINE}\n" * 100_000, "<p>Hello</p>")


@pytest.fixture
def tls(app, rough, monkeypatch) -> Rough:
    """A relay to which STARTTLS is asked for; it offers none until it has a context."""
    monkeypatch.setattr(app.extensions["mail"], "use_tls", True)
    return rough


def nothing_left(relay: Rough) -> bool:
    """No letter and no address did, and every row waits without an attempt."""
    assert relay.whole == []
    assert not any(line.upper().startswith((b"MAIL", b"RCPT", b"AUTH")) for line in relay.commands)
    return {(row.state, row.note, row.attempts) for row in make.rows(Delivery)} == {
        (DeliveryState.DEFERRED, Fault.RELAY, 0)
    }


def test_where_the_relay_offers_no_tls_although_it_is_asked_for_nothing_leaves_in_clear(tls, app, monkeypatch):
    monkeypatch.setattr(app.extensions["mail"], "username", "us")
    monkeypatch.setattr(app.extensions["mail"], "password", "secret")
    owe("ada@mail.example")
    turn = outgoing.turn("w")
    assert "STARTTLS" in turn.relay
    assert nothing_left(tls)


def test_a_certificate_that_nobody_we_trust_has_signed_is_refused(tls, tmp_path):
    tls.context = Authority(tmp_path).server("127.0.0.1")
    owe("ada@mail.example")
    assert "certificate verify failed" in outgoing.turn("w").relay
    assert nothing_left(tls)


def test_a_certificate_for_another_name_is_refused(tls, authority):
    tls.context = authority.server("other.example")
    owe("ada@mail.example")
    assert "certificate verify failed" in outgoing.turn("w").relay
    assert nothing_left(tls)


def test_a_certificate_that_has_ended_is_refused(tls, authority):
    tls.context = authority.server("127.0.0.1", left=timedelta(hours=-1))
    owe("ada@mail.example")
    assert "certificate verify failed" in outgoing.turn("w").relay
    assert nothing_left(tls)


@pytest.mark.parametrize("wrapped", [False, True])
def test_a_certificate_is_asked_for_in_both_kinds_of_tls(rough, app, monkeypatch, tmp_path, wrapped):
    monkeypatch.setattr(app.extensions["mail"], "use_ssl" if wrapped else "use_tls", True)
    rough.context, rough.wrapped = Authority(tmp_path).server("127.0.0.1"), wrapped
    [said] = lines.troubles().values()
    assert "certificate verify failed" in said


@pytest.mark.parametrize("wrapped", [False, True])
def test_several_lines_behind_tls_send_each_letter_once(rough, app, monkeypatch, authority, wrapped):
    monkeypatch.setattr(app.extensions["mail"], "use_ssl" if wrapped else "use_tls", True)
    rough.context, rough.wrapped = authority.server("127.0.0.1"), wrapped
    rough.many, rough.extensions = True, ("PIPELINING",)
    owe(*(f"p{number}@mail.example" for number in range(30)))
    assert outgoing.turn("w", connections=3) == 30
    assert states() == [DeliveryState.ACCEPTED] * 30
    assert len(set(rough.whole)) == len(rough.whole) == 30


def test_behind_tls_a_letter_larger_than_a_socket_takes_and_the_next_one_arrive_whole(tls, authority):
    tls.context, tls.extensions, tls.slow_reader_s = authority.server("127.0.0.1"), ("PIPELINING",), 0.1
    owe("ada@mail.example", letter=LARGE)
    owe("bea@mail.example")
    assert outgoing.turn("w") == 2
    assert states() == [DeliveryState.ACCEPTED] * 2
    assert [raw.count(LINE.encode()) for raw in tls.whole] == [100_000, 0]


def test_behind_tls_a_break_after_the_dot_is_uncertain(tls, authority):
    tls.context, tls.hang_up = authority.server("127.0.0.1"), ["dot"]
    owe("ada@mail.example", "bea@mail.example")
    outgoing.turn("w")
    assert states() == [DeliveryState.UNCERTAIN, DeliveryState.ACCEPTED]


def test_a_relay_that_refuses_the_password_is_sent_nothing_and_says_why(rough, app, monkeypatch):
    monkeypatch.setattr(app.extensions["mail"], "username", "us")
    monkeypatch.setattr(app.extensions["mail"], "password", "secret")
    rough.password = b"535 5.7.8 who are you\r\n"
    owe("ada@mail.example")
    turn = outgoing.turn("w")
    assert turn.relay == "cannot be reached: 535 5.7.8 who are you"
    assert rough.whole == []
    [row] = make.rows(Delivery)
    assert (row.state, row.note, row.attempts) == (DeliveryState.DEFERRED, Fault.RELAY, 0)
