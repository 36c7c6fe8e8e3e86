"""What a sign-up form offers to choose from: countries, and cities whose clock somebody lives by."""

from collections.abc import Sequence

from babel.core import get_global

from caucusmail import languages, zones
from caucusmail.directory import joining

CITIES = (
    "Europe/Amsterdam",
    "America/New_York",
    "Africa/Abidjan",
    "Africa/Lagos",
    "Africa/Johannesburg",
    "Africa/Cairo",
    "Africa/Nairobi",
    "America/Mexico_City",
    "America/Bogota",
    "America/Sao_Paulo",
    "Asia/Beirut",
    "Asia/Dubai",
    "Asia/Karachi",
    "Asia/Kolkata",
    "Asia/Dhaka",
    "Asia/Bangkok",
    "Asia/Manila",
    "Asia/Tokyo",
    "Australia/Sydney",
    "Pacific/Auckland",
    "Europe/London",
    "Europe/Kyiv",
    "UTC",
)
"""One city for each clock many people live by, for those whose country is not known or who live elsewhere."""


def countries() -> list[tuple[str, str]]:
    """Every country the house knows, by its name in the reader's language."""
    named = [(code, languages.territory(code)) for code in joining.country_codes()]
    return sorted(named, key=lambda one: languages.pick({"en": one[1]}).casefold())


def is_zone(name: str | None) -> bool:
    """Whether there is such a zone."""
    return name in zones.names()


def zones_for(country_code: str | None, chosen: str | None = None) -> list[tuple[str, str]]:
    """The cities of the country, then one for each other usual clock; what was chosen is always among them."""
    own: Sequence[str] = get_global("territory_zones").get(country_code or "", [])
    wanted = [*own, *([chosen] if chosen else []), *CITIES]
    return [(name, zones.city(name)) for name in dict.fromkeys(wanted) if is_zone(name)]
