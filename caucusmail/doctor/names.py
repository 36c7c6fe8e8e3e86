"""Questions to DNS, through a resolver that is handed in; each answer is a list, empty where there is no such record."""

import dns.exception
import dns.name
import dns.resolver
import dns.reversename
from dns.rdatatype import RdataType

SECONDS = 5.0
"""For one question, all tries together."""


class Unanswered(Exception):
    """DNS could not be asked, or did not answer in time: nothing is known about the name. The text says which."""


class Names:
    """DNS as we ask it."""

    def __init__(self, resolver: dns.resolver.Resolver | None = None) -> None:
        self._resolver = resolver

    def _ask(self, name: str, kind: RdataType) -> dns.resolver.Answer | None:
        try:
            resolver = self._resolver or dns.resolver.Resolver()
            self._resolver = resolver
            return resolver.resolve(dns.name.from_text(name), kind, search=False, lifetime=SECONDS)
        except (dns.resolver.NXDOMAIN, dns.resolver.NoAnswer):
            return None
        except dns.exception.DNSException as problem:
            raise Unanswered(f"{name}: DNS did not answer ({type(problem).__name__})") from None

    def texts(self, name: str) -> list[str]:
        """TXT records, the strings of each joined (RFC 7208, 3.3)."""
        return [b"".join(one.strings).decode("ascii", "replace") for one in self._ask(name, RdataType.TXT) or ()]

    def exchanges(self, name: str) -> list[str]:
        """Hosts that take mail for ``name``, the preferred one first; "" is the null MX (RFC 7505)."""
        found = sorted((one.preference, str(one.exchange).rstrip(".")) for one in self._ask(name, RdataType.MX) or ())
        return [exchange for _preference, exchange in found]

    def addresses(self, name: str) -> list[str]:
        """IPv4 and IPv6 addresses of a host."""
        return [str(one) for kind in (RdataType.A, RdataType.AAAA) for one in self._ask(name, kind) or ()]

    def pointers(self, address: str) -> list[str]:
        """Names that the owner of an IP address gave it."""
        name = dns.reversename.from_address(address).to_text()
        return [str(one).rstrip(".") for one in self._ask(name, RdataType.PTR) or ()]


def asking(server: str, port: int = 53) -> Names:
    """DNS as one name server (an IP address) tells it."""
    resolver = dns.resolver.Resolver(configure=False)
    resolver.nameservers, resolver.port = [server], port
    return Names(resolver)
