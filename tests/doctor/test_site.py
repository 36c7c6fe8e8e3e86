"""A real HTTPS server on localhost."""

import http.server
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from email.utils import format_datetime

import pytest

from caucusmail import clock
from caucusmail.doctor import site
from caucusmail.doctor.site import Seen
from tests.certificates import Authority
from tests.journeys import processes


@contextmanager
def serving(context: ssl.SSLContext, status: int = 200, date: str = "") -> Iterator[str]:
    class Handler(http.server.BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response_only(status if self.path == "/healthz" else 404)
            if date:
                self.send_header("Date", date)
            self.end_headers()

        def log_message(self, *_told: object) -> None:
            pass

    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        server.socket = context.wrap_socket(server.socket, server_side=True)
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
        thread.start()
        yield f"https://localhost:{server.server_address[1]}"
        server.shutdown()
        thread.join()


def told(seen: Seen) -> list[tuple[str, str]]:
    return [(one.check, str(one.verdict)) for one in seen.findings]


def test_a_site_that_is_well_is_well(authority: Authority) -> None:
    date = format_datetime(clock.now() - timedelta(hours=1))
    with serving(authority.server("localhost"), date=date) as url:
        seen = site.look(url, embedded=False)
    assert told(seen) == [("site TLS", "ok"), ("site", "ok")]
    assert seen.ahead is not None
    assert abs(seen.ahead - timedelta(hours=1)) < timedelta(seconds=5)


@pytest.mark.parametrize(("days", "verdict"), [(13, "warning"), (2, "wrong"), (60, "ok")])
def test_a_certificate_that_ends_soon_is_told(authority: Authority, days: int, verdict: str) -> None:
    with serving(authority.server("localhost", left=timedelta(days=days, hours=1))) as url:
        seen = site.look(url, embedded=False)
    assert told(seen)[0] == ("site TLS", verdict)
    assert f"{days} days from now" in seen.findings[0].words


@pytest.mark.parametrize(("name", "days"), [("other.example", 30), ("localhost", -1)])
def test_a_certificate_that_browsers_refuse_is_wrong(authority: Authority, name: str, days: int) -> None:
    with serving(authority.server(name, left=timedelta(days=days))) as url:
        assert told(site.look(url, embedded=False)) == [("site TLS", "wrong")]


@pytest.mark.parametrize(("status", "verdict"), [(503, "warning"), (404, "wrong"), (301, "wrong")])
def test_another_answer_than_ours_is_told(authority: Authority, status: int, verdict: str) -> None:
    with serving(authority.server("localhost"), status) as url:
        assert told(site.look(url, embedded=False))[1] == ("site", verdict)


@pytest.mark.parametrize("date", ["", "yesterday", "Wed, 25 Nov 2026 12:00:00"])
def test_an_answer_without_a_time_shows_no_clock(authority: Authority, date: str) -> None:
    with serving(authority.server("localhost"), date=date) as url:
        assert site.look(url, embedded=False).ahead is None


def test_a_site_that_nobody_reaches_is_wrong() -> None:
    seen = site.look(f"https://localhost:{processes.free_port()}", embedded=False)
    assert told(seen) == [("site", "wrong")]
    assert "Connection refused" in seen.findings[0].words


def test_without_https_one_click_cannot_work_but_the_embedded_site_needs_none() -> None:
    assert told(site.look("http://caucus.example", embedded=False)) == [("site TLS", "wrong")]
    assert told(site.look("http://localhost:8000", embedded=True)) == [("site TLS", "not used here")]
