"""The organisations and people of the demo world, as plain values; no database here.

Deterministic: the same world from the same seed, whatever the machine. Dates count back from ``now``.
"""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from random import Random

from caucusmail.demo import names, places

SEED = "caucusmail-demo-1"
FREE_MAIL = ("webmail.example", "mail.example", "post.example")
TITLES = {
    "fr": ["chargée de plaidoyer", "juriste", "coordinateur", "directrice"],
    "es": ["abogada", "coordinador", "directora"],
}
TITLES_ELSE = ["programme officer", "lawyer", "director", "advocacy lead", "coordinator"]
LONG_NAME = "Maria Antónia da Conceição Evangelista de Albuquerque e Castro Vasconcelos do Nascimento Reis"


@dataclass
class DemoPerson:
    """One person."""

    name: str
    address: str
    languages: list[str]
    zone: str
    title: str = ""
    made_days_ago: int = 0
    fate: str = "active"  # active, paused, bouncing, unconfirmed, left
    discreet: bool = False
    second_address: str = ""


@dataclass
class DemoNgo:
    """One organisation with its people."""

    name: str
    acronym: str
    country: str
    language: str
    domain: str  # "" for free mail
    state: str  # verified, provisional, lapsed, pending, declined
    made_days_ago: int
    other_name: str = ""
    website: str = ""
    in_exile: bool = False
    people: list[DemoPerson] = field(default_factory=list)


@dataclass
class World:
    """Everything the loader needs."""

    ngos: list[DemoNgo]
    experts: list[DemoPerson]
    now: datetime


def build(now: datetime) -> World:
    """2,500 organisations in 150 countries, their people, and 300 individual experts."""
    random = Random(SEED)  # noqa: S311 - a deterministic world, not a secret
    taken: set[str] = set()
    ngos = [_ngo(random, code, taken) for code, count in places.counts().items() for _ in range(count)]
    random.shuffle(ngos)
    _states(random, ngos)
    for number, ngo in enumerate(ngos):
        ngo.people = _people(random, ngo, number)
    experts = [_expert(random, number) for number in range(300)]
    _edges(ngos, experts)
    return World(ngos, experts, now)


def _ngo(random: Random, code: str, taken: set[str]) -> DemoNgo:
    language = places.language(code) if random.random() < 0.93 else "en"
    name, _noun = names.organisation(random, language)
    while name in taken:
        name, _noun = names.organisation(random, language)
    taken.add(name)
    acronym = "CDH" if code in ("CD", "CI", "ML", "CM") and random.random() < 0.08 else names.acronym(name)
    other = names.organisation(random, "en" if language != "en" else "fr")[0] if random.random() < 0.12 else ""
    return DemoNgo(name, acronym, code, language, "", "verified", random.randint(40, 3600), other)


def _states(random: Random, ngos: list[DemoNgo]) -> None:
    shares = [("provisional", 0.06), ("pending", 0.05), ("lapsed", 0.05), ("declined", 0.02)]
    order = list(range(len(ngos)))
    random.shuffle(order)
    start = 0
    for state, share in shares:
        count = round(share * len(ngos))
        for index in order[start : start + count]:
            ngos[index].state = state
            if state in ("pending", "declined"):
                ngos[index].made_days_ago = random.randint(1, 75)
        start += count


def _people(random: Random, ngo: DemoNgo, number: int) -> list[DemoPerson]:
    kind = random.random()
    slug = names.slug(ngo.acronym or ngo.name, number)
    if kind < 0.45:
        ngo.domain = f"{slug}{number}.{ngo.country.lower()}.example"
        ngo.website = f"https://{ngo.domain}" if random.random() < 0.8 else ""
    role = kind >= 0.85
    count = random.choices((1, 2, 3, 0), (55, 33, 9, 3))[0]
    people = []
    for place in range(count):
        name = names.person(random, ngo.language)
        domain = ngo.domain or random.choice(FREE_MAIL)
        local = f"info.{slug}{number}" if role and place == 0 else f"{names.slug(name, number)}.{number}{'abc'[place]}"
        people.append(
            _person(random, name, f"{local}@{domain}", ngo.language, places.zone(ngo.country), ngo.made_days_ago)
        )
    return people


def _person(random: Random, name: str, address: str, language: str, zone: str, days: int) -> DemoPerson:
    own = language if language in ("en", "fr", "es", "ar", "ru", "pt") else "en"
    languages = [own] if own == "en" else [own, "fr" if own == "ar" and random.random() < 0.5 else "en"]
    fate = random.choices(("active", "paused", "bouncing", "unconfirmed", "left"), (88, 5, 3, 2, 2))[0]
    titles = TITLES.get(own, TITLES_ELSE)
    person = DemoPerson(name, address, languages, zone, random.choice(titles), random.randint(5, max(days, 6)), fate)
    person.discreet = random.random() < 0.02
    if random.random() < 0.11:
        person.second_address = f"{names.slug(name, 0)}.{random.randint(100, 999)}@{random.choice(FREE_MAIL)}"
    return person


def _expert(random: Random, number: int) -> DemoPerson:
    country = random.choice(list(places.counts()))
    language = places.language(country)
    name = names.person(random, language)
    return _person(
        random,
        name,
        f"{names.slug(name, number)}.x{number}@{random.choice(FREE_MAIL)}",
        language,
        places.zone(country),
        900,
    )


def _edges(ngos: list[DemoNgo], experts: list[DemoPerson]) -> None:
    """What real rosters hold and generators forget."""
    with_two = [ngo for ngo in ngos if len(ngo.people) == 2 and ngo.state == "verified"]
    with_two[0].people[1].address = with_two[0].people[0].address  # two people, one mailbox
    with_two[1].people[0].name = LONG_NAME
    with_two[2].in_exile = True
    with_two[3].people[0].address = f"kontakt@zentrum-für-recht.{with_two[3].country.lower()}.example"  # IDN
    with_two[4].people[0].name = "Wahyuni"  # one name is all of it
    with_two[5].people[0].name = "Siobhán O’Brien-N’Diaye"
    experts[0].name = "欧阳文静"
    experts[1].name = "أمينة بن يوسفي"


def ago(now: datetime, days: int) -> datetime:
    """``days`` before ``now``, at an office hour."""
    return (now - timedelta(days=days)).replace(hour=9 + days % 8, minute=days * 7 % 60, second=0, microsecond=0)
