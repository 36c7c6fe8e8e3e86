"""The demo people to sign in as; everybody and every organisation is fictitious."""

from dataclasses import dataclass

from caucusmail.demo.world import DemoNgo, DemoPerson, World
from caucusmail.languages import later

ANDINA = "Justicia Andina"
MWANGAZA = "Mwangaza Haki Initiative"


@dataclass(frozen=True)
class Part:
    """One person of the demo and what there is to see as them."""

    name: str
    address: str
    what: object  # translated when shown


SECRETARIAT = Part("Noor Bakker", "noor@secretariat.example", later("secretariat"))
SECOND_SECRETARIAT = Part("Samuel Otieno", "samuel@secretariat.example", later("secretariat"))
COORDINATOR = Part(
    "Ilse de Graaf", "ilse@victims-desk.example", later("coordinator of the Victims’ Rights Working Group")
)
MEMBER = Part("Rosa Quispe", "rosa@justicia-andina.pe.example", later("member of three caucuses"))
REPRESENTATIVE = Part(
    "Lucía Paredes", "lucia@justicia-andina.pe.example", later("administrator of the organisation Justicia Andina")
)

PEOPLE = (SECRETARIAT, COORDINATOR, MEMBER, REPRESENTATIVE)
"""Those whom ``make run`` and the sign-in page name."""


def enter(world: World) -> None:
    """Give two organisations of the world the names and people of the scenarios; the number of organisations stays."""
    andina = _take(world, "PE", ANDINA, "JA")
    andina.domain = "justicia-andina.pe.example"
    andina.people = [_person(REPRESENTATIVE), _person(MEMBER)]
    mwangaza = _take(world, "KE", MWANGAZA, "MHI")
    mwangaza.made_days_ago = 2600  # imported with the roster of 2019, with an old contact
    contact = DemoPerson(
        "Joseph Kilonzo", "jkilonzo@mhi.example", ["en"], "Africa/Nairobi", "director", 2600, "bouncing"
    )
    mwangaza.domain, mwangaza.people = "mhi.example", [contact]


def _take(world: World, country: str, name: str, acronym: str) -> DemoNgo:
    ngo = next(ngo for ngo in world.ngos if ngo.country == country and ngo.state == "verified" and ngo.people)
    ngo.name, ngo.acronym, ngo.other_name, ngo.website, ngo.in_exile = name, acronym, "", "", False
    ngo.made_days_ago = max(ngo.made_days_ago, 900)
    return ngo


def _person(part: Part) -> DemoPerson:
    return DemoPerson(part.name, part.address, ["es", "en"], "America/Lima", "abogada", 850)
