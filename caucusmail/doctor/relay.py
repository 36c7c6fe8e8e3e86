"""The relay: whether it greets, how it encrypts, what it can do, whether it lets us in. Nothing is sent."""

import ipaddress
import re
import smtplib
import ssl
from dataclasses import dataclass
from datetime import timedelta
from email.utils import parsedate_to_datetime
from typing import Any

from caucusmail import clock
from caucusmail.doctor.finding import Finding, ok, warning, wrong

SECONDS = 10.0

MISSED = {
    "pipelining": "sends a few times slower",
    "8bitmime": "gets 7-bit letters only; we write no others, but members may",
    "smtputf8": "cannot be given letters for addresses with é or 王 before the @; they fail, with these words",
}
"""What we would use, and what it is like without it."""

_DATE = re.compile(rb"(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun), .*")


@dataclass(frozen=True)
class Relay:
    """How the settings tell us to talk to it."""

    host: str
    port: int
    domain: str  # what we call ourselves
    starttls: bool = False
    tls: bool = False  # from the start
    username: str = ""
    password: str = ""

    @property
    def near(self) -> bool:
        """Whether nobody else can listen on the way: it is on this machine."""
        try:
            return ipaddress.ip_address(self.host).is_loopback
        except ValueError:
            return self.host == "localhost"


@dataclass(frozen=True)
class Seen:
    """What the conversation showed."""

    findings: list[Finding]
    ahead: timedelta | None = None  # by how much our clock is ahead of that in its greeting, if there was one


class _Plain(smtplib.SMTP):
    greeting = b""

    def connect(self, *told: Any, **more: Any) -> tuple[int, bytes]:
        code, self.greeting = super().connect(*told, **more)
        return code, self.greeting


class _Encrypted(smtplib.SMTP_SSL):
    greeting = b""

    def connect(self, *told: Any, **more: Any) -> tuple[int, bytes]:
        code, self.greeting = super().connect(*told, **more)
        return code, self.greeting


def look(relay: Relay) -> Seen:
    """Say hello as sending does, and good-bye."""
    context = ssl.create_default_context()
    host: _Plain | _Encrypted | None = None
    try:
        if relay.tls:
            host = _Encrypted(relay.host, relay.port, relay.domain, timeout=SECONDS, context=context)
        else:
            host = _Plain(relay.host, relay.port, relay.domain, timeout=SECONDS)
        ahead = _ahead(host.greeting)
        return Seen(_talk(host, relay, context), ahead)
    except ssl.SSLCertVerificationError as problem:
        return Seen([_certificate(relay, problem)])
    except (OSError, smtplib.SMTPException) as problem:
        return Seen([_unfit(relay, f"does not answer as it should: {_reason(problem)}")])
    finally:
        if host is not None:
            host.close()


def _talk(host: smtplib.SMTP, relay: Relay, context: ssl.SSLContext) -> list[Finding]:
    host.ehlo_or_helo_if_needed()
    offered = host.has_extn("starttls")
    if relay.starttls:
        if not offered:
            return [_unfit(relay, "offers no STARTTLS", "set MAIL_USE_TLS=0, or another port, or mend the relay")]
        host.starttls(context=context)
        host.ehlo()
    findings = [_encryption(relay, offered), _extensions(host)]
    if relay.username:
        findings.append(_sign_in(host, relay))
    host.quit()
    return [ok("relay", f"{relay.host}:{relay.port} greets us"), *findings]


def _encryption(relay: Relay, offered: bool) -> Finding:
    check = "relay TLS"
    if relay.starttls or relay.tls:
        return ok(check, f"its certificate for {relay.host} is good")
    if relay.near:
        return ok(check, "the relay is on this machine; nobody is between")
    if relay.username:
        return wrong(check, "our password crosses the network in clear", "set MAIL_USE_TLS=1 or MAIL_USE_SSL=1")
    todo = "set MAIL_USE_TLS=1" if offered else "let the relay offer STARTTLS, or use one on this machine"
    return warning(check, "letters cross the network in clear", todo)


def _extensions(host: smtplib.SMTP) -> Finding:
    check = "relay extensions"
    size = str(host.esmtp_features.get("size", "")).strip()
    largest = f"; takes letters up to {int(size) // 1024} KiB" if size.isdecimal() and int(size) else ""
    missing = [name for name in MISSED if not host.has_extn(name)]
    if missing:
        words = "; ".join(f"no {name.upper()}: it {MISSED[name]}" for name in missing)
        return warning(check, words + largest, "turn them on in the relay, if it can")
    return ok(check, ", ".join(name.upper() for name in MISSED) + largest)


def _sign_in(host: smtplib.SMTP, relay: Relay) -> Finding:
    try:
        host.login(relay.username, relay.password)
    except smtplib.SMTPException as problem:
        return wrong("relay login", f"refused: {_reason(problem)}", "mend MAIL_USERNAME and MAIL_PASSWORD")
    return ok("relay login", "it takes our name and password")


def _unfit(
    relay: Relay, words: str, todo: str = "look at MAIL_SERVER and MAIL_PORT, the firewall and the relay"
) -> Finding:
    return wrong("relay", f"{relay.host}:{relay.port} {words}", f"{todo}; letters wait meanwhile")


def _certificate(relay: Relay, problem: ssl.SSLCertVerificationError) -> Finding:
    words = f"the certificate of {relay.host} is refused: {problem.verify_message}"
    return wrong("relay TLS", words, "give it a certificate for the name in MAIL_SERVER that this machine trusts")


def _words(words: bytes) -> str:
    return " ".join(words.decode("utf-8", "replace").split())[:200]


def _reason(problem: Exception) -> str:
    if isinstance(problem, smtplib.SMTPResponseException):
        error = problem.smtp_error
        return f"{problem.smtp_code} {_words(error if isinstance(error, bytes) else str(error).encode())}"
    if isinstance(problem, TimeoutError) or "timed out" in str(problem):
        return f"nothing within {SECONDS:g} seconds"
    return str(getattr(problem, "strerror", None) or problem)[:200]


def _ahead(greeting: bytes) -> timedelta | None:
    """Our clock against the time in a greeting; few servers show one."""
    found = _DATE.search(greeting)
    try:
        return clock.now() - parsedate_to_datetime(found[0].decode("ascii", "replace")) if found else None
    except (TypeError, ValueError):  # no date after all, or one without a zone
        return None
