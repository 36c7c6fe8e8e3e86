"""Who of the demo world is in which caucus: plain values, drawn before anything is written."""

from dataclasses import dataclass
from random import Random

from caucusmail.demo import cast
from caucusmail.demo.world import SEED, DemoNgo, DemoPerson, World


@dataclass(frozen=True)
class Place:
    """One person in one caucus, for an organisation or (None) as an individual expert."""

    slug: str
    ngo: DemoNgo | None
    person: DemoPerson
    alternate: bool = False


COALITIONS = ["KE", "CD", "NG", "SN", "CO", "AR", "MX", "PH", "NP", "GE", "PS", "JO"]


def draw(world: World, regions: dict[str, str], teams: list[str]) -> list[Place]:
    """Every place in every caucus; ``regions`` maps country to region slug, ``teams`` are their slugs."""
    random = Random(SEED + "-memberships")  # noqa: S311 - a deterministic world, not a secret
    verified = [ngo for ngo in world.ngos if ngo.state == "verified" and ngo.people]
    random.shuffle(verified)
    pairs = [ngo for ngo in verified if len(ngo.people) == 2]
    singles = [ngo for ngo in verified if len(ngo.people) == 1]
    places = _seats("vrwg", pairs[:250] + singles[:60]) + _experts("vrwg", world.experts[:60])
    places += _seats("uj", pairs[200:290] + singles[50:70]) + _experts("uj", world.experts[50:90])
    places += _seats("fenicc", pairs[290:350] + singles[100:140])
    places += _seats("children", singles[140:235])
    places += _seats("peace", singles[240:420])
    for slug in teams:
        places += _seats(slug, random.sample(verified, random.randint(9, 28)))[: random.randint(12, 45)]
    for ngo in verified:
        places += _seats(f"network-{regions[ngo.country]}", [ngo])
        if ngo.country in COALITIONS:
            places += _seats(f"coalition-{ngo.country.lower()}", [ngo])
    andina = next(ngo for ngo in world.ngos if ngo.name == cast.ANDINA)
    return places + [place for slug in ("vrwg", "uj", "fenicc") for place in _seats(slug, [andina])]


def _seats(slug: str, ngos: list[DemoNgo]) -> list[Place]:
    return [Place(slug, ngo, person, alternate=place > 0) for ngo in ngos for place, person in enumerate(ngo.people)]


def _experts(slug: str, people: list[DemoPerson]) -> list[Place]:
    return [Place(slug, None, person) for person in people]
