"""The site as the world sees it: its certificate, and the clock of whoever answers there."""

import http.client
import ssl
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from urllib.parse import urlsplit

from caucusmail import clock
from caucusmail.doctor.finding import Finding, not_used, ok, warning, wrong

SECONDS = 10.0
SOON, AT_ONCE = timedelta(days=14), timedelta(days=3)


@dataclass(frozen=True)
class Seen:
    """What the visit showed."""

    findings: list[Finding]
    ahead: timedelta | None = None  # by how much our clock is ahead of the answer's Date


def look(site_url: str, *, embedded: bool) -> Seen:
    """Ask for ``/healthz`` at ``SITE_URL``, by HTTPS with a verified certificate."""
    parts = urlsplit(site_url)
    host, port = parts.hostname or "", parts.port
    if parts.scheme == "http":
        if embedded:
            return Seen([not_used("site TLS", f"{site_url} is for this machine alone")])
        words = f"{site_url} is not HTTPS, which one-click unsubscribing asks for (RFC 8058, 3.1)"
        return Seen([wrong("site TLS", words, "put a web server with a certificate before us, and set SITE_URL")])
    context = ssl.create_default_context()
    connection = http.client.HTTPSConnection(host, port, timeout=SECONDS, context=context)
    try:
        connection.connect()
        ends = _ends(connection.sock)
        connection.request("GET", "/healthz", headers={"User-Agent": "caucusmail doctor"})
        answer = connection.getresponse()
        return Seen([_certificate(host, ends), _answer(site_url, answer.status)], _ahead(answer.getheader("Date")))
    except ssl.SSLCertVerificationError as problem:
        words = f"the certificate of {host} is refused: {problem.verify_message}"
        return Seen([wrong("site TLS", words, "renew it; links and one-click buttons fail meanwhile")])
    except (OSError, http.client.HTTPException) as problem:
        reason = str(getattr(problem, "strerror", None) or problem or type(problem).__name__)[:200]
        words = f"{site_url} cannot be reached from here: {reason}"
        return Seen([wrong("site", words, "look at the web server, and at DNS for its name")])
    finally:
        connection.close()


def _ends(sock: ssl.SSLSocket) -> datetime:
    shown = sock.getpeercert() or {}
    return datetime.fromtimestamp(ssl.cert_time_to_seconds(str(shown["notAfter"])), UTC)


def _certificate(host: str, ends: datetime) -> Finding:
    left = ends - clock.now()
    words = f"the certificate of {host} is good until {ends:%Y-%m-%d}, {left.days} days from now"
    if left < AT_ONCE:
        return wrong("site TLS", words, "renew it now")
    return warning("site TLS", words, "see why it was not renewed by itself") if left < SOON else ok("site TLS", words)


def _answer(site_url: str, status: int) -> Finding:
    if status == 200:
        return ok("site", f"{site_url}/healthz says that all is well")
    if status == 503:
        return warning("site", f"{site_url}/healthz says that not all is well", "read it; the lines here say more")
    return wrong("site", f"{site_url}/healthz answers {status}: that is not us", "look at the web server's settings")


def _ahead(header: str | None) -> timedelta | None:
    try:
        return clock.now() - parsedate_to_datetime(header) if header else None
    except (TypeError, ValueError):  # no date, or one without a zone
        return None
