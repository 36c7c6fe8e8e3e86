"""How a round of the yearly question stands: how many have answered, by region and by week, and who has not."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import contains_eager

from caucusmail.database import Words, db
from caucusmail.directory.models import Ngo, Region
from caucusmail.directory.yearly_models import Answered, YearlyAnswer, YearlyRound

GOAL = 60  # percent that have answered when the six weeks are over
PER_PAGE = 25


@dataclass(frozen=True)
class Count:
    """How many were asked, and how many of them have answered."""

    asked: int
    answered: int

    @property
    def waiting(self) -> int:
        """Those who have not."""
        return self.asked - self.answered

    @property
    def share(self) -> int:
        """Percent that have answered, rounded down: 60 is reached when it says so."""
        return 100 * self.answered // self.asked if self.asked else 0


@dataclass(frozen=True)
class Report:
    """One round in numbers."""

    whole: Count
    confirmed: int  # all was still true
    changed: int
    unreached: int  # nobody there can be written to
    regions: tuple[tuple[Words | None, Count], ...]  # None: without a region
    weeks: tuple[tuple[datetime, int], ...]  # the end of each week that has begun: percent that had answered by then


def of(one: YearlyRound, now: datetime) -> Report:
    """The numbers of a round that has begun; two statements."""
    rows = db.session.execute(
        select(Region, YearlyAnswer.state, YearlyAnswer.unreached, func.count())
        .select_from(YearlyAnswer)
        .join(Ngo, Ngo.id == YearlyAnswer.ngo_id)
        .outerjoin(Region, Region.id == Ngo.region_id)
        .where(YearlyAnswer.round_id == one.id)
        .group_by(Region.id, YearlyAnswer.state, YearlyAnswer.unreached)
        .order_by(Region.place.is_(None), Region.place, Region.id)
    ).all()
    by_region: dict[Region | None, Count] = {}
    totals = dict.fromkeys(Answered, 0)
    unreached = 0
    for region, state, nobody, number in rows:
        before = by_region.get(region, Count(0, 0))
        answered = number if state is not Answered.WAITING else 0
        by_region[region] = Count(before.asked + number, before.answered + answered)
        totals[state] += number
        unreached += number if nobody and state is Answered.WAITING else 0
    asked = sum(totals.values())
    return Report(
        Count(asked, asked - totals[Answered.WAITING]),
        totals[Answered.CONFIRMED],
        totals[Answered.CHANGED],
        unreached,
        tuple((region.names if region else None, count) for region, count in by_region.items()),
        _weeks(one, asked, now),
    )


def _weeks(one: YearlyRound, asked: int, now: datetime) -> tuple[tuple[datetime, int], ...]:
    begun = one.begun_at or now
    moments = db.session.scalars(
        select(YearlyAnswer.answered_at).where(YearlyAnswer.round_id == one.id, YearlyAnswer.state != Answered.WAITING)
    ).all()
    ends = [begun + timedelta(weeks=number) for number in range(1, 7) if begun + timedelta(weeks=number - 1) <= now]
    return tuple((end, 100 * sum(at is not None and at <= end for at in moments) // (asked or 1)) for end in ends)


@dataclass(frozen=True)
class Page:
    """Some of the organisations of a round."""

    lines: Sequence[YearlyAnswer]
    number: int
    total: int

    @property
    def pages(self) -> int:
        """How many pages there are."""
        return max(1, -(-self.total // PER_PAGE))


def page(one: YearlyRound, state: Answered, number: int) -> Page:
    """The organisations of a round in this state: by region, then by name."""
    where: tuple[ColumnElement[bool], ...] = (YearlyAnswer.round_id == one.id, YearlyAnswer.state == state)
    total = db.session.scalar(select(func.count()).select_from(YearlyAnswer).where(*where)) or 0
    number = min(max(number, 1), max(1, -(-total // PER_PAGE)))
    lines = db.session.scalars(
        select(YearlyAnswer)
        .join(YearlyAnswer.ngo)
        .outerjoin(Region, Region.id == Ngo.region_id)
        .where(*where)
        .options(contains_eager(YearlyAnswer.ngo))
        .order_by(YearlyAnswer.unreached.desc(), Region.place, Ngo.name, YearlyAnswer.id)
        .limit(PER_PAGE)
        .offset((number - 1) * PER_PAGE)
    ).all()
    return Page(lines, number, total)
