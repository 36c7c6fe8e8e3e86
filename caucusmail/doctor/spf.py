"""SPF (RFC 7208): whether a record lets an IP address send, as a receiving server would judge."""

import ipaddress
from enum import StrEnum

from caucusmail.doctor.names import Names

LOOKUPS = 10
"""Terms that ask DNS in one judgement (RFC 7208, 4.6.4)."""

_QUALIFIERS = "+-~?"
Address = ipaddress.IPv4Address | ipaddress.IPv6Address


class Result(StrEnum):
    """RFC 7208, 2.6; ``UNKNOWN`` where a macro asks for what we do not have."""

    NONE = "none"
    PASS = "pass"
    FAIL = "fail"
    SOFTFAIL = "softfail"
    NEUTRAL = "neutral"
    BROKEN = "permerror"
    UNKNOWN = "unknown"


_OF = {"+": Result.PASS, "-": Result.FAIL, "~": Result.SOFTFAIL, "?": Result.NEUTRAL}


class _Broken(Exception):
    """The record cannot be read, or asks DNS too often."""


class _Macro(Exception):
    """A term holds a macro (RFC 7208, 7)."""


def records(names: Names, domain: str) -> list[str]:
    """The SPF records of a domain; more than one is an error (RFC 7208, 4.5)."""
    found = (text.strip() for text in names.texts(domain))
    return [text for text in found if text.lower() == "v=spf1" or text.lower().startswith("v=spf1 ")]


def judge(names: Names, domain: str, address: str) -> Result:
    """What a receiver makes of mail of ``domain`` from ``address``.

    :raises caucusmail.doctor.names.Unanswered: DNS did not answer.
    """
    try:
        return _Judgement(names, ipaddress.ip_address(address)).of(domain)
    except _Broken:
        return Result.BROKEN
    except _Macro:
        return Result.UNKNOWN


class _Judgement:
    """check_host() (RFC 7208, 4) for one address; counts its questions."""

    def __init__(self, names: Names, address: Address) -> None:
        self._names, self._address = names, address
        self._asked = 0

    def of(self, domain: str) -> Result:
        """The first mechanism that matches decides; then ``redirect=``."""
        found = records(self._names, domain)
        if not found:
            return Result.NONE
        if len(found) > 1:
            raise _Broken
        redirect = ""
        for term in found[0].split()[1:]:
            name, _equals, value = term.partition("=")
            if _equals and name.isalpha():
                redirect = value if name.lower() == "redirect" else redirect
                continue
            qualifier = term[0] if term[0] in _QUALIFIERS else "+"
            if self._matches(term.lstrip(_QUALIFIERS), domain):
                return _OF[qualifier]
        return self._redirected(redirect) if redirect else Result.NEUTRAL

    def _redirected(self, target: str) -> Result:
        self._count(target)
        result = self.of(target)
        if result is Result.NONE:
            raise _Broken
        return result

    def _count(self, target: str) -> None:
        if "%" in target:
            raise _Macro
        self._asked += 1
        if self._asked > LOOKUPS:
            raise _Broken

    def _matches(self, term: str, domain: str) -> bool:
        name, colon, value = term.partition(":")
        if not colon:
            name, slash, prefix = term.partition("/")
            value = f"{domain}{slash}{prefix}"
        match name.lower():
            case "all":
                return True
            case "ip4" | "ip6":
                return self._within(value)
            case "a" | "mx":
                return self._hosts(name.lower(), value)
            case "include":
                return self._included(value)
            case "exists":
                self._count(value)
                return bool(self._names.addresses(value))
            case "ptr":
                self._count(value)
                return any(f".{one}".endswith(f".{value}") for one in self._names.pointers(str(self._address)))
        raise _Broken

    def _included(self, target: str) -> bool:
        self._count(target)
        result = self.of(target)
        if result is Result.NONE:
            raise _Broken
        return result is Result.PASS

    def _within(self, network: str) -> bool:
        try:
            return self._address in ipaddress.ip_network(network, strict=False)
        except ValueError:
            raise _Broken from None

    def _hosts(self, kind: str, value: str) -> bool:
        """``a`` and ``mx``; a prefix length may stand behind, for IPv4 and for IPv6 (RFC 7208, 5.6)."""
        host, _slash, four = value.partition("/")
        four, _slashes, six = four.partition("//") if not four.startswith("/") else ("", "", four[1:])
        self._count(host)
        hosts = [host] if kind == "a" else self._names.exchanges(host)
        length = (four or "32") if self._address.version == 4 else (six or "128")
        found = (one for name in hosts if name for one in self._names.addresses(name))
        return any(
            self._within(f"{one}/{length}")
            for one in found
            if ipaddress.ip_address(one).version == self._address.version
        )
