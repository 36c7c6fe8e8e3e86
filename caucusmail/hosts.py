"""Hosts, further relays and limits of their letters, as an installation names them; pure."""

import ipaddress
import re
from dataclasses import dataclass, field
from urllib.parse import SplitResult, parse_qsl, unquote, urlsplit

import idna

PORTS = {"smtp": 25, "smtp+starttls": 587, "smtps": 465}
"""How a further relay may be spoken to, and the port that is meant where none is named."""

MOST = 5  # further relays
MOST_A_MINUTE = 1_000_000  # letters
MOST_LINES = 100  # to a relay, of one turn of a worker
OTHERS = "*"  # every recipient domain that is not named


class BadRelay(Exception):
    """A further relay cannot be used; the text repeats nothing that could be a password."""


class BadLimit(Exception):
    """A limit of a recipient domain cannot be used."""


@dataclass(frozen=True)
class Relay:
    """An SMTP server that takes our letters further."""

    host: str
    port: int
    starttls: bool = False
    tls: bool = False  # from the start
    username: str = ""
    password: str = field(default="", repr=False)
    per_minute: int = 0  # letters that all workers together begin at it in a minute; 0: as many as they can
    connections: int = 0  # to it at the same time, of each turn of a worker; 0: as many as to the first

    @property
    def name(self) -> str:
        """Host and port."""
        return f"{self.host}:{self.port}"


def is_host(name: str) -> bool:
    """Whether this is an address of IPv4 or IPv6, or a name of labels that a resolver takes."""
    try:
        return bool(ipaddress.ip_address(name))
    except ValueError:
        return len(name) <= 253 and all(
            re.fullmatch(r"(?!-)[\w-]{1,63}(?<!-)", one, re.ASCII) for one in name.split(".")
        )


def split(url: str) -> SplitResult | None:
    """The parts of an address whose host and port can be used, or None."""
    try:
        parts = urlsplit(url)
        usable = is_host(parts.hostname or "") and parts.port != 0
    except ValueError:  # the port is no number, or too high
        return None
    return parts if usable else None


def relays(told: str) -> tuple[Relay, ...]:
    """Relays as ``smtp+starttls://user:password@host:port``, with spaces between them; what is special in a password is
    percent-encoded. ``?per_minute=600&connections=2`` after it limits what this one gets.

    :raises BadRelay: one is no such address; its place is named.
    """
    urls = told.split()
    if len(urls) > MOST:
        raise BadRelay(f"names {len(urls)} relays: at most {MOST} are tried")
    return tuple(_relay(url, place) for place, url in enumerate(urls, 1))


def _relay(url: str, place: int) -> Relay:
    parts = split(url)
    if parts is None or parts.scheme not in PORTS or parts.path.strip("/") or parts.fragment:
        raise BadRelay(
            f"number {place} is not an address like smtp+starttls://user:password@host:port (or smtp://, smtps://)"
        )
    if bool(parts.username) != bool(parts.password):
        raise BadRelay(f"number {place} has a user or a password, but not both")
    most = _limits(parts.query, place)
    return Relay(
        parts.hostname or "",
        parts.port or PORTS[parts.scheme],
        starttls=parts.scheme == "smtp+starttls",
        tls=parts.scheme == "smtps",
        username=unquote(parts.username or ""),
        password=unquote(parts.password or ""),
        **most,
    )


def _limits(query: str, place: int) -> dict[str, int]:
    """What a relay's address says after its question mark."""
    told = parse_qsl(query, keep_blank_values=True)
    highest = {"per_minute": MOST_A_MINUTE, "connections": MOST_LINES}
    found = {name: whole(value, highest[name]) for name, value in told if name in highest}
    if len(found) < len(told) or None in found.values():
        raise BadRelay(
            f"number {place}: after the ? may stand per_minute (0 to {MOST_A_MINUTE}) and connections (0 to {MOST_LINES}),"
            " whole numbers, with & between them"
        )
    return {name: number for name, number in found.items() if number is not None}


def whole(text: str, most: int) -> int | None:
    """A whole number from 0 to ``most``; None if this is none."""
    number = int(text) if re.fullmatch(r"[0-9]{1,9}", text) else -1
    return number if 0 <= number <= most else None


def domain_limits(told: str) -> dict[str, int]:
    """Recipient domains and letters a minute, as ``mail.example=120 *=600``, with spaces between them; 0: no limit.

    A domain is written as in an address or as DNS has it (xn--…), and is given as an address's key has it.

    :raises BadLimit: one is no such limit, or a domain stands there twice.
    """
    found: dict[str, int] = {}
    for place, one in enumerate(told.split(), 1):
        domain, _equals, number = one.rpartition("=")
        name, most = domain if domain == OTHERS else _domain(domain), whole(number, MOST_A_MINUTE)
        if not name or most is None:
            raise BadLimit(
                f"number {place} is not a limit like mail.example=120 (letters a minute, 0 to {MOST_A_MINUTE})"
            )
        if name in found:
            raise BadLimit(f"names {domain} twice")
        found[name] = most
    return found


def _domain(name: str) -> str:
    """A domain as addresses hold it; "" if it is none."""
    try:
        known = idna.encode(name.lower(), uts46=True).decode()
        return idna.decode(known) if is_host(known) and not known.rpartition(".")[2].isdecimal() else ""
    except idna.IDNAError:
        return ""
