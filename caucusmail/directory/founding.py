"""found(): the regions, countries and groups every installation starts with. What is there already is left as it is."""

import tomllib
from pathlib import Path
from typing import Any

from sqlalchemy import select

from caucusmail import languages
from caucusmail.database import db
from caucusmail.directory.models import Admits, Caucus, Country, Family, JoinMode, Region, Sensitivity, Status

SOURCE = Path(__file__).with_suffix(".toml")


def source() -> dict[str, Any]:
    """The founding data as it stands in ``founding.toml``."""
    with SOURCE.open("rb") as file:
        return tomllib.load(file)


def found() -> None:
    """Add what is missing; called once by the first start, harmless when called again."""
    data = source()
    regions = _regions(data["region"])
    known = set(db.session.scalars(select(Caucus.slug)))
    for place, entry in enumerate(_entries(data, regions)):
        if entry["slug"] not in known:
            db.session.add(Caucus(place=place, **entry))
    db.session.flush()


def _regions(entries: list[dict[str, Any]]) -> dict[str, Region]:
    regions = {region.slug: region for region in db.session.scalars(select(Region))}
    countries = set(db.session.scalars(select(Country.code)))
    for place, entry in enumerate(entries):
        if entry["slug"] not in regions:
            regions[entry["slug"]] = Region(slug=entry["slug"], names=entry["names"], place=place)
            db.session.add(regions[entry["slug"]])
    db.session.flush()
    for entry in entries:
        for code in entry["countries"].split():
            if code not in countries:
                db.session.add(Country(code=code, region_id=regions[entry["slug"]].id))
    db.session.flush()
    return regions


def _entries(data: dict[str, Any], regions: dict[str, Region]) -> list[dict[str, Any]]:
    return [
        *[_caucus(entry) for entry in data["caucus"]],
        *[_team(place, entry) for place, entry in enumerate(data["team"])],
        *[_network(region) for region in regions.values()],
        *_coalitions(data["coalitions"]),
    ]


def _caucus(entry: dict[str, Any]) -> dict[str, Any]:
    plain = {name: value for name, value in entry.items() if name != "group"}
    return plain | {
        "family": Family.CAUCUS,
        "status": Status(entry["status"]),
        "join_mode": JoinMode(entry["join_mode"]),
        "admits": Admits(entry.get("admits", "both")),
        "sensitivity": Sensitivity(entry.get("sensitivity", "ordinary")),
    }


def _open(family: Family, slug: str, tag: str, hue: int) -> dict[str, Any]:
    return {
        "slug": slug,
        "tag": tag,
        "hue": hue,
        "family": family,
        "status": Status.ACTIVE,
        "join_mode": JoinMode.APPROVAL,
        "admits": Admits.ORGANISATIONS,
    }


def _team(place: int, entry: dict[str, Any]) -> dict[str, Any]:
    about = {
        "en": "Members who follow this subject at the Assembly of States Parties and work on it together.",
        "fr": "Membres qui suivent ce sujet à l’Assemblée des États Parties et y travaillent ensemble.",
    }
    tag = entry["slug"].removeprefix("team-").upper()
    return _open(Family.TEAM, entry["slug"], tag, place % 12) | {"names": entry["names"], "about": about}


def _network(region: Region) -> dict[str, Any]:
    names = {"en": f"Regional network: {region.names['en']}", "fr": f"Réseau régional\u00a0: {region.names['fr']}"}
    about = {
        "en": "Every member organisation of the region, with its regional coordinator.",
        "fr": "Toutes les organisations membres de la région, avec sa coordination régionale.",
    }
    slug = f"network-{region.slug}"
    return _open(Family.NETWORK, slug, region.slug.upper(), 2 * region.place % 12) | {
        "names": names,
        "about": about,
        "region_id": region.id,
    }


def _coalitions(entry: dict[str, Any]) -> list[dict[str, Any]]:
    made = []
    for place, code in enumerate(entry["countries"].split()):
        country = db.session.get_one(Country, code)
        names = {}
        for language, name in entry["names"].items():
            with languages.use(language):
                names[language] = f"{name}{' :' if language == 'fr' else ':'} {languages.territory(code)}"
        about = {
            "en": "Organisations of one country that work together for the Court, formed with the secretariat.",
            "fr": "Organisations d’un même pays qui travaillent ensemble pour la Cour, en accord avec le secrétariat.",
        }
        made.append(
            _open(Family.COALITION, f"coalition-{code.lower()}", f"NC-{code}", place % 12)
            | {"names": names, "about": about, "country_code": code, "region_id": country.region_id}
        )
    return made
