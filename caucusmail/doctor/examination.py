"""The whole examination: what is looked at, in which order, and what is left out where it is not used."""

import ipaddress
import socket
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Engine

from caucusmail.doctor import domain, incoming, machine, relay, site, store
from caucusmail.doctor.finding import Finding, not_used, warning
from caucusmail.doctor.names import Names, Unanswered
from caucusmail.doctor.relay import Relay
from caucusmail.settings import Settings

SOMEWHERE = "192.0.2.1"  # RFC 5737: reserved; no packet is sent there
AT_HOME = "letters stay in the mailbox of this machine"


@dataclass(frozen=True)
class Patient:
    """What is examined."""

    settings: Settings
    relay: Relay
    engine: Engine
    names: Names = field(default_factory=Names)
    senders: Sequence[str] = ()  # addresses from which letters reach the world, as the operator told us


def relay_of(config: Mapping[str, Any], settings: Settings) -> Relay:
    """The relay of the settings ``MAIL_*``."""
    return Relay(
        settings.mail_server,
        settings.mail_port,
        settings.mail_domain,
        starttls=bool(config.get("MAIL_USE_TLS")),
        tls=bool(config.get("MAIL_USE_SSL")),
        username=str(config.get("MAIL_USERNAME") or ""),
        password=str(config.get("MAIL_PASSWORD") or ""),
    )


def examine(patient: Patient) -> Iterator[Finding]:
    """Each finding as it is made: what stands in DNS first, then mail out and in, the site, and this machine."""
    told = patient.settings
    yield from _world(patient)
    at_relay = relay.look(patient.relay)
    yield from at_relay.findings
    for one in told.mail_fallbacks:
        further = Relay(one.host, one.port, told.mail_domain, one.starttls, one.tls, one.username, one.password)
        yield from relay.look(further).findings
    yield incoming.look(told.lmtp_host, told.lmtp_port, told.mail_domain)
    at_site = site.look(told.site_url, embedded=told.embedded)
    yield from at_site.findings
    in_store = store.look(patient.engine)
    yield from in_store.findings
    yield machine.broker(told.broker_url)
    yield from machine.jobs()
    yield from machine.disks(told.instance, told.database_url)
    if told.embedded:
        yield not_used("clock", "all of it is on this machine: there is no other clock")
        return
    yield machine.clocks(
        {"the database server": in_store.ahead, "the site": at_site.ahead, "the relay's greeting": at_relay.ahead}
    )


def _world(patient: Patient) -> Iterator[Finding]:
    told = patient.settings
    if told.embedded:
        yield from (not_used(check, AT_HOME) for check in ("SPF", "DKIM", "DMARC", "MX", "PTR"))
        return
    if told.demo:
        words = "CAUCUSMAIL_DEMO is on: every real recipient is refused"
        yield warning("demo", words, "set CAUCUSMAIL_DEMO=0 when you mean it")
    names, ours = patient.names, told.mail_domain
    senders = list(patient.senders) or _senders(patient)
    yield from _asked("SPF", lambda: [domain.sender_policy(names, ours, senders)])
    yield from _asked("DKIM", lambda: domain.signatures(names, ours, told.signing_keys))
    yield from _asked("DMARC", lambda: [domain.dmarc(names, ours)])
    yield from _asked("MX", lambda: [domain.exchange(names, ours)])
    if not senders:
        todo = "tell us: flask doctor --sender 203.0.113.5"
        yield warning("PTR", "which address sends to the world is not known here", todo)
    for sender in senders:
        yield from _asked(f"PTR {sender}", lambda sender=sender: [domain.pointer(names, sender)])  # type: ignore[misc]  # a lambda's default has no type


def _asked(check: str, look: Callable[[], list[Finding]]) -> list[Finding]:
    try:
        return look()
    except Unanswered as problem:
        return [warning(check, str(problem), "try again; if it stays so, look at this machine's name servers")]


def _senders(patient: Patient) -> list[str]:
    """From where letters reach the world, as far as it can be guessed: the relay, or this machine where the relay is here."""
    host = patient.relay.host
    if patient.relay.near:
        found = [_own(family, to) for family, to in ((socket.AF_INET, SOMEWHERE), (socket.AF_INET6, "2001:db8::1"))]
    else:
        try:
            found = [host] if _is_address(host) else patient.names.addresses(host)
        except Unanswered:
            found = []
    return [address for address in found if address and ipaddress.ip_address(address).is_global]


def _is_address(host: str) -> bool:
    try:
        return bool(ipaddress.ip_address(host))
    except ValueError:
        return False


def _own(family: socket.AddressFamily, to: str) -> str:
    """Our address on the way out; "" where there is no way."""
    with socket.socket(family, socket.SOCK_DGRAM) as probe:
        try:
            probe.connect((to, 9))
            return str(probe.getsockname()[0])
        except OSError:
            return ""
