"""Hosts, and further relays, as an installation names them; pure."""

import ipaddress
import re
from dataclasses import dataclass, field
from urllib.parse import SplitResult, unquote, urlsplit

PORTS = {"smtp": 25, "smtp+starttls": 587, "smtps": 465}
"""How a further relay may be spoken to, and the port that is meant where none is named."""

MOST = 5  # further relays


class BadRelay(Exception):
    """A further relay cannot be used; the text repeats nothing that could be a password."""


@dataclass(frozen=True)
class Relay:
    """An SMTP server that takes our letters further."""

    host: str
    port: int
    starttls: bool = False
    tls: bool = False  # from the start
    username: str = ""
    password: str = field(default="", repr=False)

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
    percent-encoded.

    :raises BadRelay: one is no such address; its place is named.
    """
    urls = told.split()
    if len(urls) > MOST:
        raise BadRelay(f"names {len(urls)} relays: at most {MOST} are tried")
    return tuple(_relay(url, place) for place, url in enumerate(urls, 1))


def _relay(url: str, place: int) -> Relay:
    parts = split(url)
    if parts is None or parts.scheme not in PORTS or parts.path.strip("/") or parts.query or parts.fragment:
        raise BadRelay(
            f"number {place} is not an address like smtp+starttls://user:password@host:port (or smtp://, smtps://)"
        )
    if bool(parts.username) != bool(parts.password):
        raise BadRelay(f"number {place} has a user or a password, but not both")
    return Relay(
        parts.hostname or "",
        parts.port or PORTS[parts.scheme],
        starttls=parts.scheme == "smtp+starttls",
        tls=parts.scheme == "smtps",
        username=unquote(parts.username or ""),
        password=unquote(parts.password or ""),
    )
