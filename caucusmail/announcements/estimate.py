"""The audience in numbers, before it is frozen and (as it was then) afterwards."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any

from sqlalchemy import and_, case, func, literal, select

from caucusmail.accounts.models import Person
from caucusmail.announcements import editions, queries, serving, standing
from caucusmail.announcements.models import Announcement, LeftOut
from caucusmail.announcements.standing import OPEN, RANKS, Question
from caucusmail.database import db
from caucusmail.delivery.models import Delivery


@dataclass(frozen=True)
class Version:
    """How many read one language version: by choice, and because theirs does not exist."""

    language: str
    own: int  # their first language
    instead: dict[str, int] = field(default_factory=dict)  # first language of those who get this one instead: how many

    @property
    def total(self) -> int:
        """All who get this version."""
        return self.own + sum(self.instead.values())


@dataclass(frozen=True)
class Overlap:
    """How many of those who get it are in both of two chosen caucuses; each gets one copy."""

    first_id: int
    second_id: int
    people: int


@dataclass(frozen=True)
class Estimate:
    """The audience in numbers. ``considered == total + sum(left_out.values())``."""

    total: int = 0
    organisations: int = 0
    experts: int = 0  # who are there as individuals
    countries: int = 0
    left_out: dict[LeftOut, int] = field(default_factory=dict)  # only those above 0, the nearest to being in first
    versions: Sequence[Version] = ()
    overlaps: Sequence[Overlap] = ()  # the largest first
    notices: int = 0  # of all: who is only told that there is something
    digests: int = 0  # who gets it in their digest
    later: int = 0  # who gets it in their reading hours
    last_at: str = ""  # when the last of ``digests`` and ``later`` is due, ISO 8601

    @property
    def considered(self) -> int:
        """Everybody in the chosen groups."""
        return self.total + sum(self.left_out.values())


def to_json(estimate: Estimate) -> dict[str, Any]:
    """Plain values."""
    return asdict(estimate)


def from_json(kept: Mapping[str, Any]) -> Estimate:
    """What ``to_json`` wrote."""
    return Estimate(
        **{
            **kept,
            "left_out": {LeftOut(reason): count for reason, count in kept["left_out"].items()},
            "versions": tuple(Version(**one) for one in kept["versions"]),
            "overlaps": tuple(Overlap(**one) for one in kept["overlaps"]),
        }
    )


def of(announcement: Announcement) -> Estimate:
    """The audience in numbers: as it is now, or as it was frozen. The number of statements is constant."""
    if announcement.message_id is not None and announcement.counts:
        return from_json(announcement.counts)
    versions = [text.language for text in queries.texts(announcement)]
    return reckoned(standing.question(announcement, versions))


def reckoned(asked: Question) -> Estimate:
    """The audience in numbers, asked of the database now."""
    stood, path = standing.standing(asked, reasons=False), standing.paths(asked)
    without = func.sum(case((stood.c.ngo_id.is_(None), 1), else_=0))
    ranks = {
        rank: (count, alone)
        for rank, count, alone in db.session.execute(
            select(stood.c.rank, func.count(), without).group_by(stood.c.rank).order_by(stood.c.rank)
        )
    }
    organisations, countries = db.session.execute(
        select(func.count(path.c.ngo_id.distinct()), func.count(path.c.country_code.distinct())).where(
            path.c.rank == OPEN
        )
    ).one()
    total, experts = ranks.pop(OPEN, (0, 0))
    return Estimate(
        total=total,
        organisations=organisations,
        experts=experts,
        countries=countries,
        left_out={RANKS[rank - 1]: count for rank, (count, _alone) in ranks.items()},
        versions=_versions(asked),
        overlaps=_overlaps(asked),
        **_served(asked),
    )


def _served(asked: Question) -> dict[str, Any]:
    """How those who are in are served who do not get the whole letter at once. One statement."""
    stood = standing.standing(asked, reasons=False)
    digest, notice = standing.digest_at(asked, stood), standing.by_notice(asked, stood)
    due, at = serving.due_at(asked.moments, asked.at), literal(asked.at, Delivery.due_at.type)
    later = and_(digest.is_(None), due > at)
    found = db.session.execute(
        select(
            func.count(case((notice, 1))).label("notices"),
            func.count(digest).label("digests"),
            func.count(case((later, 1))).label("later"),
            func.max(func.coalesce(digest, due), type_=Delivery.due_at.type).label("last"),
        )
        .select_from(Person)
        .join(stood, stood.c.person_id == Person.id)
        .where(stood.c.rank == OPEN)
    ).one()
    last = found.last.isoformat() if (found.digests or found.later) and found.last else ""
    return {"notices": found.notices, "digests": found.digests, "later": found.later, "last_at": last}


def _versions(asked: Question) -> tuple[Version, ...]:
    stood = standing.standing(asked, reasons=False)
    chosen, first = editions.version(asked.versions), Person.languages[0].as_string()
    rows = db.session.execute(
        select(chosen, first, func.count())
        .join(stood, stood.c.person_id == Person.id)
        .where(stood.c.rank == OPEN)
        .group_by(chosen, first)
        .order_by(func.count().desc(), first)
    ).all()
    found = []
    for language in asked.versions:
        readers = {first: count for version, first, count in rows if version == language}
        found.append(Version(language, readers.pop(language, 0), readers))
    return tuple(found)


def _overlaps(asked: Question) -> tuple[Overlap, ...]:
    if len({group.caucus_id for group in asked.groups}) < 2:
        return ()
    path = standing.paths(asked)
    one, other = path.alias("one"), path.alias("other")
    people = func.count(one.c.person_id.distinct())
    rows = db.session.execute(
        select(one.c.caucus_id, other.c.caucus_id, people)
        .join(other, (other.c.person_id == one.c.person_id) & (other.c.caucus_id > one.c.caucus_id))
        .where(one.c.rank == OPEN, other.c.rank == OPEN)
        .group_by(one.c.caucus_id, other.c.caucus_id)
        .order_by(people.desc(), one.c.caucus_id, other.c.caucus_id)
        .limit(10)
    )
    return tuple(Overlap(*row) for row in rows)
