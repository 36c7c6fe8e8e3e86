"""Real SMTP servers on localhost: one of aiosmtpd with whatever abilities, and one that says what it is told."""

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta
from email.utils import format_datetime
from typing import Any

import pytest
from aiosmtpd.smtp import AuthResult

from caucusmail import clock
from caucusmail.doctor import relay as looked_at
from caucusmail.doctor.finding import Finding
from caucusmail.doctor.relay import Relay, Seen
from tests.certificates import Authority
from tests.journeys import processes
from tests.sink import AnyPort


class Able:
    """A handler that offers ``abilities`` beside what aiosmtpd offers."""

    def __init__(self, *abilities: str) -> None:
        self.abilities = abilities

    async def handle_EHLO(self, _server: Any, session: Any, _envelope: Any, name: str, answers: list[str]) -> list[str]:
        session.host_name = name
        return [*answers[:-1], *(f"250-{one}" for one in self.abilities), answers[-1]]


@contextmanager
def server(*abilities: str, **options: Any) -> Iterator[Relay]:
    controller = AnyPort(Able(*abilities), hostname="127.0.0.1", port=0, **options)
    controller.start()
    try:
        yield Relay("127.0.0.1", controller.port, "caucus.example")
    finally:
        controller.stop()


@contextmanager
def saying(*words: bytes) -> Iterator[Relay]:
    """A server that says each of ``words`` after whatever it hears, and then nothing more."""
    listener = socket.create_server(("127.0.0.1", 0))

    def talk() -> None:
        caller, _address = listener.accept()
        with caller:
            for one in words:
                caller.sendall(one)
                if not caller.recv(1000):
                    return

    thread = threading.Thread(target=talk, daemon=True)
    thread.start()
    with listener:
        yield Relay("127.0.0.1", listener.getsockname()[1], "caucus.example")
    thread.join(5)


def told(seen: Seen) -> dict[str, tuple[str, str]]:
    return {one.check: (str(one.verdict), one.words) for one in seen.findings}


def only(seen: Seen) -> Finding:
    (found,) = seen.findings
    return found


def test_a_relay_on_this_machine_that_can_all_is_well() -> None:
    with server("PIPELINING", enable_SMTPUTF8=True) as relay:
        found = told(looked_at.look(relay))
    assert {verdict for verdict, _words in found.values()} == {"ok"}
    assert set(found) == {"relay", "relay TLS", "relay extensions"}
    assert found["relay extensions"][1] == "PIPELINING, 8BITMIME, SMTPUTF8; takes letters up to 32768 KiB"


def test_what_a_relay_cannot_do_is_told_with_what_comes_of_it() -> None:
    with server(enable_SMTPUTF8=False) as relay:
        verdict, words = told(looked_at.look(relay))["relay extensions"]
    assert verdict == "warning"
    assert "no PIPELINING" in words
    assert "no SMTPUTF8" in words
    assert "8BITMIME" not in words


def test_nobody_at_the_door_is_wrong() -> None:
    found = only(looked_at.look(Relay("127.0.0.1", processes.free_port(), "caucus.example")))
    assert (found.verdict, "Connection refused" in found.words) == ("wrong", True)
    assert "MAIL_PORT" in found.todo


def test_a_name_that_is_nobodys_is_wrong() -> None:
    found = only(looked_at.look(Relay("relay.invalid", 25, "caucus.example")))
    assert (found.check, found.verdict) == ("relay", "wrong")


@pytest.mark.parametrize(
    ("words", "seen"),
    [
        ([b"554 5.7.1 go away\r\n"], "554 5.7.1 go away"),
        ([b"220 hello\r\n", b"502 no\r\n", b"502 no\r\n"], "502 no"),
        ([b"\xff\x00\x01\r\n"], "unexpectedly closed|-1"),
        ([b"x" * 9000 + b"\r\n"], "Line too long|500"),
        ([b""], "nothing within 0.4 seconds"),
    ],
)
def test_an_answer_that_is_none_is_told(monkeypatch: pytest.MonkeyPatch, words: list[bytes], seen: str) -> None:
    monkeypatch.setattr(looked_at, "SECONDS", 0.4)
    with saying(*words) as relay:
        found = only(looked_at.look(relay))
    assert found.verdict == "wrong"
    assert any(one in found.words for one in seen.split("|")), found.words


@pytest.mark.parametrize("ahead", [0, -7200])
def test_the_time_in_a_greeting_is_compared_with_ours(ahead: int) -> None:
    greeting = f"220 a ESMTP Sendmail 8.17; {format_datetime(clock.now() - timedelta(seconds=ahead))}\r\n"
    with saying(greeting.encode(), b"250 a\r\n", b"221 bye\r\n") as relay:
        seen = looked_at.look(relay)
    assert seen.ahead is not None
    assert abs(seen.ahead - timedelta(seconds=ahead)) < timedelta(seconds=3)


@pytest.mark.parametrize("greeting", [b"220 a ESMTP", b"220 a; Mon, 99 Foo", b"220 a; Wed, 25 Nov 2026 12:00:00"])
def test_a_greeting_without_a_time_shows_no_clock(greeting: bytes) -> None:
    with saying(greeting + b"\r\n", b"250 a\r\n", b"221 bye\r\n") as relay:
        assert looked_at.look(relay).ahead is None


def encrypted(authority: Authority, *names: str, **more: Any) -> dict[str, Any]:
    return {"tls_context": authority.server(*names, **more)}


def test_starttls_with_a_good_certificate_is_well(authority: Authority) -> None:
    with server(**encrypted(authority, "127.0.0.1")) as relay:
        assert told(looked_at.look(replace(relay, starttls=True)))["relay TLS"][0] == "ok"


@pytest.mark.parametrize(
    ("names", "left", "words"),
    [(["other.example"], 30, "mismatch|not valid for"), (["127.0.0.1"], -1, "expired")],
)
def test_a_certificate_that_sending_would_refuse_is_wrong(
    authority: Authority, names: list[str], left: int, words: str
) -> None:
    with server(**encrypted(authority, *names, left=timedelta(days=left))) as relay:
        found = only(looked_at.look(replace(relay, starttls=True)))
    assert (found.check, found.verdict) == ("relay TLS", "wrong")
    assert any(one in found.words for one in words.split("|")), found.words


def test_an_authority_that_nobody_trusts_is_wrong(authority: Authority, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("SSL_CERT_FILE")
    with server(**encrypted(authority, "127.0.0.1")) as relay:
        assert only(looked_at.look(replace(relay, starttls=True))).verdict == "wrong"


def test_tls_from_the_start_is_verified_too(authority: Authority) -> None:
    with server(ssl_context=authority.server("127.0.0.1")) as relay:
        assert told(looked_at.look(replace(relay, tls=True)))["relay TLS"][0] == "ok"
    with server(ssl_context=authority.server("other.example")) as relay:
        assert only(looked_at.look(replace(relay, tls=True))).verdict == "wrong"


def test_a_relay_that_should_offer_starttls_and_does_not_is_wrong() -> None:
    with server() as relay:
        found = only(looked_at.look(replace(relay, starttls=True)))
    assert (found.verdict, "offers no STARTTLS" in found.words) == ("wrong", True)


class FarRelay(Relay):
    """As if it were on another machine."""

    near = property(lambda _relay: False)  # type: ignore[assignment]  # instead of looking at its address


@pytest.mark.parametrize(("username", "verdict"), [("", "warning"), ("caucusmail", "wrong")])
def test_what_crosses_the_network_in_clear_is_told(username: str, verdict: str) -> None:
    with server(auth_require_tls=False, authenticator=lambda *_told: AuthResult(success=True)) as here:
        relay = FarRelay(here.host, here.port, here.domain, username=username, password="x")
        assert told(looked_at.look(relay))["relay TLS"][0] == verdict


@pytest.mark.parametrize("right", [True, False])
def test_the_login_is_tried(authority: Authority, right: bool) -> None:
    options = encrypted(authority, "127.0.0.1")
    with server(**options, authenticator=lambda *_told: AuthResult(success=right, handled=False)) as relay:
        seen = looked_at.look(replace(relay, starttls=True, username="caucusmail", password="hush"))
    verdict, words = told(seen)["relay login"]
    assert (verdict, "hush" in words) == ("ok" if right else "wrong", False)


@pytest.mark.parametrize(
    ("host", "near"),
    [("127.0.0.1", True), ("::1", True), ("localhost", True), ("192.0.2.1", False), ("relay.example", False)],
)
def test_a_relay_is_near_if_it_is_on_this_machine(host: str, near: bool) -> None:
    assert Relay(host, 25, "a.example").near is near
