"""Made-up names, like “Vega Onyx 511”: two words that are much the same in many languages, and three digits. Pure.

The words are names of stars and constellations, and of plants and stones; none is usual as the name of a person.
"""

from collections.abc import Iterable

_STARS = (
    "Alcor Alkaid Alphard Altair Antares Arcturus Auriga Avior Bellatrix Canopus Capella Centauri Cepheus Cetus Columba "
    "Corvus Cygnus Deneb Denebola Draco Equuleus Eridani Fornax Gacrux Hamal Indus Kochab Lacerta Lepus Mensa Menkar "
    "Merak Mirfak Mizar Monoceros Nunki Octans Pavo Phecda Pictor Polaris Procyon Rigel Sadalsuud Sagitta Scutum Sextans "
    "Shaula Sirius Tarazed Thuban Tucana Unukalhai Vega Volans Vulpecula Wezen Zaurak"
)
_PLANTS_AND_STONES = (
    "Abelia Acacia Agave Agate Anemone Anis Apatite Arnica Bamboo Baobab Basalt Beryl Bromelia Cacao Cactus Calcite "
    "Calendula Cedar Clematis Cobalt Coral Cosmos Cumin Eucalyptus Fluorite Fucus Fuchsia Geranium Ginkgo Gladiolus Gypsum "
    "Hibiscus Jojoba Kiwi Lapis Lavender Lotus Lychee Magnolia Malva Mango Mangrove Marmor Mimosa Moringa Narcissus "
    "Neem Onyx Opal Orchid Oregano Oxalis Papaya Papyrus Petunia Primula Quartz Rosmarin Sassafras Sequoia Sesame Sorghum "
    "Sumac Tamarind Teak Thymus Topaz Tulip Vanilla Yucca Zinnia Zircon"
)

STARS, PLANTS_AND_STONES = _STARS.split(), _PLANTS_AND_STONES.split()

ALIKE = 3
"""So many characters in a row that two names of one person have in common would tie them to each other."""


def name(number: int) -> str:
    """The made-up name with this ``number``, of any size: it is spread over all names there are."""
    number, digits = divmod(number, 900)
    number, second = divmod(number, len(PLANTS_AND_STONES))
    return f"{STARS[number % len(STARS)]} {PLANTS_AND_STONES[second]} {100 + digits}"


def alike(one: str, others: Iterable[str]) -> bool:
    """Whether ``one`` has ``ALIKE`` characters in a row in common with any of ``others``, whatever their case."""
    own = _runs(one)
    return any(own & _runs(other) for other in others)


def _runs(text: str) -> set[str]:
    folded = text.casefold()
    return {folded[at : at + ALIKE] for at in range(len(folded) - ALIKE + 1)}
