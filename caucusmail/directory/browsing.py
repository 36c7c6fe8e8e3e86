"""What anybody may browse: groups with their natures, regions with rounded numbers. No person is ever named here."""

import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import ColumnElement, distinct, exists, func, select
from sqlalchemy.orm import joinedload

from caucusmail import clock, languages
from caucusmail.database import db
from caucusmail.directory import lifecycle
from caucusmail.directory.lifecycle import Nature
from caucusmail.directory.models import (
    Affiliation,
    AffiliationState,
    Caucus,
    Country,
    Family,
    Keeper,
    KeeperRole,
    Ngo,
    NgoState,
    Region,
    Representative,
)
from caucusmail.directory.rounding import rounded

COUNTED = (NgoState.VERIFIED, NgoState.PROVISIONAL)
MANY_ENOUGH = 10  # interest is not counted in public below this


@dataclass(frozen=True)
class Group:
    """A caucus, team, network or coalition as anybody sees it."""

    caucus: Caucus
    nature: Nature

    @property
    def joinable(self) -> bool:
        """Whether its page has a way in here."""
        return self.nature in lifecycle.JOINABLE


@dataclass(frozen=True)
class Place:
    """A region as anybody sees it."""

    region: Region
    organisations: int | None  # rounded down; None: fewer than five
    coalitions: int


def _kept() -> ColumnElement[bool]:
    now = clock.now()
    return exists().where(
        Keeper.caucus_id == Caucus.id,
        Keeper.role == KeeperRole.COORDINATOR,
        Keeper.since <= now,
        Keeper.until.is_(None) | (Keeper.until > now),
    )


def groups(*where: ColumnElement[bool]) -> list[Group]:
    """All groups (those ``where`` if given), in their order; one statement."""
    rows = db.session.execute(
        select(Caucus, _kept()).options(joinedload(Caucus.region)).where(*where).order_by(Caucus.place, Caucus.id)
    )
    return [Group(caucus, lifecycle.nature(caucus, kept=kept)) for caucus, kept in rows]


def by_family(*where: ColumnElement[bool]) -> Mapping[Family, Sequence[Group]]:
    """All groups, sorted into their families; the four in their order, an empty one too; one statement."""
    sorted_in: dict[Family, list[Group]] = {family: [] for family in Family}
    for group in groups(*where):
        sorted_in[group.caucus.family].append(group)
    return sorted_in


def caucuses() -> list[Group]:
    """The groups of the family *caucus*, in their order."""
    return groups(Caucus.family == Family.CAUCUS)


def group(slug: str) -> Group | None:
    """One group by its short name."""
    return next(iter(groups(Caucus.slug == slug)), None)


def coordinators(caucus: Caucus) -> int:
    """How many coordinate it now; who they are is not said to strangers."""
    now = clock.now()
    statement = select(func.count(distinct(Keeper.person_id))).where(
        Keeper.caucus_id == caucus.id,
        Keeper.role == KeeperRole.COORDINATOR,
        Keeper.since <= now,
        Keeper.until.is_(None) | (Keeper.until > now),
    )
    return db.session.scalar(statement) or 0


def interest(caucus: Caucus) -> tuple[int, int] | None:
    """Organisations and countries whose people asked for ``caucus`` to come back, rounded down; None below ten organisations."""
    now = clock.now()
    row = db.session.execute(
        select(func.count(distinct(Ngo.id)), func.count(distinct(Ngo.country_code)))
        .select_from(Affiliation)
        .join(Representative, Representative.person_id == Affiliation.person_id)
        .join(Ngo, Representative.ngo_id == Ngo.id)
        .where(
            Affiliation.caucus_id == caucus.id,
            Affiliation.state == AffiliationState.INTEREST,
            Representative.since <= now,
            Representative.until.is_(None) | (Representative.until > now),
            Ngo.state.in_(COUNTED),
        )
    ).one()
    if row[0] < MANY_ENOUGH:
        return None
    return rounded(row[0]) or 0, rounded(row[1]) or 0


def places() -> list[Place]:
    """The regions in their order, with rounded numbers; three statements."""
    organisations = _counted(select(Ngo.region_id, func.count()).where(Ngo.state.in_(COUNTED)).group_by(Ngo.region_id))
    coalitions = _counted(
        select(Caucus.region_id, func.count()).where(Caucus.family == Family.COALITION).group_by(Caucus.region_id)
    )
    regions = db.session.scalars(select(Region).order_by(Region.place, Region.id))
    return [Place(one, rounded(organisations.get(one.id, 0)), coalitions.get(one.id, 0)) for one in regions]


def _counted(statement: object) -> dict[int | None, int]:
    return {key: count for key, count in db.session.execute(statement)}  # type: ignore[call-overload]  # a Select of two columns


def place(slug: str) -> Place | None:
    """One region by its short name."""
    return next((one for one in places() if one.region.slug == slug), None)


def countries(region: Region) -> list[str]:
    """The names of a region's countries in the current language, sorted as its readers expect."""
    rows = db.session.scalars(select(Country).where(Country.region_id == region.id))
    names = [languages.pick(one.names) or languages.territory(one.code) for one in rows]
    return sorted(names, key=_alphabetical)


def _alphabetical(name: str) -> str:
    """Without accents and case: *Égypte* stands beside *Espagne*."""
    return "".join(c for c in unicodedata.normalize("NFD", name.casefold()) if not unicodedata.combining(c))
