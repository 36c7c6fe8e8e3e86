"""The clock a person means by the city they typed: *The Hague*, *new york*, *Nairobi*, or an IANA name."""

import unicodedata
from functools import cache

from caucusmail import languages, zones
from caucusmail.languages import _


def plain(text: str) -> str:
    """``text`` as it is compared: without accents, case, underscores and double spaces."""
    bare = "".join(c for c in unicodedata.normalize("NFKD", text) if not unicodedata.combining(c))
    return " ".join(bare.replace("_", " ").casefold().split())


@cache
def _by_city(language: str) -> dict[str, str]:
    """City name in ``language`` to zone; of several names of one clock, the one that is called like the city."""
    found: dict[str, str] = {}
    with languages.use(language):
        for name in zones.names():
            city = zones.city(name)
            if city not in found or plain(name.rpartition("/")[2]) == plain(city):
                found[city] = name
    return found


@cache
def _known(language: str) -> dict[str, str]:
    spoken = {plain(city): name for city, name in _by_city(language).items()}
    own = {plain(name.rpartition("/")[2]): name for name in zones.names()}
    return own | {plain(name): name for name in zones.names()} | spoken


def every() -> list[str]:
    """The cities to choose from, in the current language: the two seats first, then by name."""
    cities = _by_city(languages.current())
    first = [zones.city(zones.THE_HAGUE), zones.city(zones.NEW_YORK)]
    return [*first, *sorted((city for city in cities if city not in first), key=plain)]


def zone_of(typed: str) -> str | None:
    """The zone whose clock ``typed`` names in a language of the house, the current one first; None if there is none."""
    for language in (languages.current(), *languages.OFFERED):
        name = _known(language).get(plain(typed))
        if name is not None:
            return name
    return None


def unknown(typed: str) -> str:
    """What to say when ``zone_of`` finds none."""
    return _(
        "We know no clock for “%(city)s”. Choose the nearest large city on the same clock, such as The Hague, New York or Nairobi.",
        city=typed,
    )
