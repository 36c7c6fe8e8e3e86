"""What about an application looks like something that is there already: a second sign-up, or somebody in disguise. Pure.

An index is built once over everything known; each application then asks it. Domains that are one letter apart are found
by their deletions (two words are at most one edit apart only if they share one), so that nothing is compared with all.
"""

import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
from urllib.parse import urlsplit

_FREE = """
gmail.com googlemail.com yahoo.com yahoo.fr yahoo.co.uk ymail.com outlook.com hotmail.com hotmail.fr live.com msn.com
icloud.com me.com aol.com proton.me protonmail.com pm.me gmx.net gmx.de gmx.com web.de mail.com mail.ru yandex.ru
yandex.com orange.fr wanadoo.fr free.fr laposte.net riseup.net tutanota.com tuta.io zoho.com qq.com 163.com 126.com
naver.com rediffmail.com ukr.net posteo.de posteo.net mailbox.org webmail.example mail.example post.example freemail.example
"""
FREE_MAIL = frozenset(_FREE.split())
"""Domains whose addresses say nothing of an organisation. Most small NGOs write from one: it is no mark against them."""

_SAME_SHAPE = {"rn": "m", "vv": "w", "cl": "d", "0": "o", "1": "l", "i": "l", "5": "s", "3": "e", "-": ""}
_SAME_LETTER = str.maketrans("аеорсухіјԁһѕвкмнтοιαν", "aeopcyxijdhsbkmhtolav")  # Cyrillic and Greek that look Latin


LONGEST_DOMAIN = 253  # characters
LONGEST = 300  # characters of a sign: the width of its column


class Trace(StrEnum):
    """In what way two look alike, the strongest first."""

    NEAR_DOMAIN = "near-domain"  # one letter off, or letters that look the same
    SAME_NAME = "same-name"
    SAME_DOMAIN = "same-domain"
    SAME_ADDRESS = "same-address"
    SAME_ACRONYM = "same-acronym"  # the weakest: half the world has a CDH


@dataclass(frozen=True)
class Marks:
    """By what something can be recognised: an organisation that is in, or another application."""

    key: int  # its id
    names: frozenset[str]  # lookalikes.name_key of each of its names, none empty
    acronym: str  # in upper case
    domains: frozenset[str]  # of its own addresses and its site, no free mail
    addresses: frozenset[str] = frozenset()  # address keys


def own_domain(address: str) -> str:
    """The domain of an address if it is the organisation's own; nothing for free mail."""
    domain = address.rpartition("@")[2].lower()
    return "" if domain in FREE_MAIL else domain


@lru_cache(maxsize=20_000)
def site_domain(website: str) -> str:
    """The domain of a web address as somebody typed it, without ``www``; nothing if there is none, or if it is longer than
    a domain can be (RFC 1035, 2.3.4)."""
    try:
        host = urlsplit(website if "//" in website else f"//{website}").hostname or ""
    except ValueError:
        return ""
    return host.removeprefix("www.") if len(host) <= LONGEST_DOMAIN else ""


@lru_cache(maxsize=20_000)
def skeleton(domain: str) -> str:
    """The shape of a domain: what looks the same to a hurried reader is the same."""
    try:
        shown = domain.encode("ascii").decode("idna") if "xn--" in domain else domain
    except UnicodeError:
        shown = domain
    plain = unicodedata.normalize("NFKD", shown.casefold()).translate(_SAME_LETTER)
    shape = "".join(c for c in plain if not unicodedata.combining(c))
    for seen, read in _SAME_SHAPE.items():
        shape = shape.replace(seen, read)
    return shape


def _cuts(word: str) -> Iterator[str]:
    yield word
    for place in range(len(word)):
        yield word[:place] + word[place + 1 :]


@lru_cache(maxsize=20_000)
def _near_signs(domain: str) -> tuple[str, ...]:
    return tuple({skeleton(domain)[:LONGEST], *_cuts(domain)})


def one_off(one: str, other: str) -> bool:
    """Whether two different words are one edit apart: a letter more, less, other, or two neighbours swapped."""
    if one == other or abs(len(one) - len(other)) > 1:
        return False
    if len(one) == len(other):
        places = [place for place, pair in enumerate(zip(one, other, strict=True)) if pair[0] != pair[1]]
        swapped = len(places) == 2 and places[1] == places[0] + 1 and one[places[0]] == other[places[1]]
        return len(places) == 1 or (swapped and one[places[1]] == other[places[0]])
    short, long = sorted((one, other), key=len)
    return short in set(_cuts(long))


def near(one: str, other: str) -> bool:
    """Whether two different domains could be taken for each other."""
    if one == other or not one or not other:
        return False
    return one_off(one, other) or skeleton(one) == skeleton(other)


class Index:
    """Everything known, to be asked what resembles something."""

    def __init__(self, known: Iterable[Marks]) -> None:
        self._by: dict[tuple[Trace, str], list[Marks]] = defaultdict(list)
        for marks in known:
            for trace, value in signs(marks):
                self._by[trace, value].append(marks)

    def like(self, marks: Marks) -> dict[int, frozenset[Trace]]:
        """What resembles ``marks``: its key, and in which ways. Never itself, if it is in the index."""
        found: dict[int, set[Trace]] = defaultdict(set)
        for trace, value in signs(marks):
            for other in self._by.get((trace, value), ()):
                if other is not marks and (trace is not Trace.NEAR_DOMAIN or _near_domain(marks, other)):
                    found[other.key].add(trace)
        return {key: frozenset(traces) for key, traces in found.items()}


def _near_domain(marks: Marks, other: Marks) -> bool:
    return not marks.domains & other.domains and any(near(one, two) for one in marks.domains for two in other.domains)


def signs(marks: Marks) -> Iterator[tuple[Trace, str]]:
    """By what ``marks`` is looked up: two that look alike in some way share a sign of it; a shared sign of
    ``NEAR_DOMAIN`` alone is not yet likeness."""
    for name in marks.names:
        yield Trace.SAME_NAME, name
    if len(marks.acronym) > 1:
        yield Trace.SAME_ACRONYM, marks.acronym
    for address in marks.addresses:
        yield Trace.SAME_ADDRESS, address
    for domain in marks.domains:
        yield Trace.SAME_DOMAIN, domain
        for cut in _near_signs(domain):
            yield Trace.NEAR_DOMAIN, cut
