"""The line of what waits for the secretariat: every undecided application in its group, in the order in which it is
looked at, and page by page what is shown of each.

The line is computed once for a request. It reads a few columns of what waits and asks the signs of the organisations
(``directory.signs``) for those that could resemble it, so that it costs what waits and not what is known; the number of
statements does not grow with either. Only the secretariat asks: the surface's guard sees to it.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from functools import cached_property
from typing import Any

from sqlalchemy import Row, select
from sqlalchemy.orm import joinedload

from caucusmail.database import Words, db
from caucusmail.directory import signs
from caucusmail.directory.applications import Applicant, Application, ApplicationKind, ApplicationState, Wish
from caucusmail.directory.joining import UNDECIDED
from caucusmail.directory.lookalikes import name_key
from caucusmail.directory.resemblance import Index, Marks, Trace, own_domain, site_domain

PER_PAGE = 25
DUPLICATE = frozenset({Trace.SAME_NAME, Trace.SAME_DOMAIN, Trace.SAME_ADDRESS})
TELLING = frozenset({Trace.NEAR_DOMAIN, *DUPLICATE})
"""What decides on a group: half the world shares an acronym."""


class Group(StrEnum):
    """How an application is to be looked at. The order is that of the queue."""

    READY = "ready"
    NEEDS_EVIDENCE = "needs-evidence"
    DUPLICATE = "possible-duplicate"
    IMPERSONATION = "possible-impersonation"
    ASKED = "asked"  # the applicant has a question to answer
    HELD = "held"


@dataclass(frozen=True)
class Standing:
    """Where one application stands."""

    application_id: int
    group: Group
    since: datetime


@dataclass(frozen=True)
class Line:
    """Everything undecided, in the order of the groups, who has waited longest first."""

    standings: Sequence[Standing]

    @cached_property
    def counts(self) -> Mapping[Group, int]:
        """How many stand in each group, in the order of the groups."""
        found = Counter(one.group for one in self.standings)
        return {group: found[group] for group in Group}

    @property
    def oldest(self) -> datetime | None:
        """Since when the oldest waits."""
        return min((one.since for one in self.standings), default=None)


@dataclass(frozen=True)
class Waiting:
    """One application in the queue."""

    application: Application
    group: Group
    people: int
    caucuses: Sequence[Words]  # names
    first_name: str  # of who filled in the form


@dataclass(frozen=True)
class Page:
    """One page of the line."""

    waiting: Sequence[Waiting]
    found: int  # in all pages
    page: int
    pages: int

    @property
    def groups(self) -> Mapping[Group, Sequence[Waiting]]:
        """What is on this page, by group; groups of which nothing is on it are left out."""
        found: dict[Group, list[Waiting]] = defaultdict(list)
        for one in self.waiting:
            found[one.group].append(one)
        return found


@dataclass(frozen=True)
class Likeness:
    """What one application resembles, by id."""

    ngos: Mapping[int, frozenset[Trace]]
    others: Mapping[int, frozenset[Trace]]  # applications


_COLUMNS = (
    Application.id,
    Application.kind,
    Application.state,
    Application.ngo_name,
    Application.latin_name,
    Application.acronym,
    Application.website,
    (Application.vouchers != "").label("vouched"),
    Application.ngo_id,
    Application.confirmed_at,
    Application.made_at,
)


def line() -> Line:
    """Everything undecided. Three statements."""
    facts, known = _facts()
    order = {group: place for place, group in enumerate(Group)}
    known_ones, open_ones = Index(signs.sharing(known.values(), TELLING)), Index(known.values())
    standings = []
    for one in facts:
        alike = _likeness(one, known[one.id], known_ones, open_ones)
        standings.append(Standing(one.id, _group(one, alike), one.confirmed_at or one.made_at))
    return Line(sorted(standings, key=lambda one: (order[one.group], one.since, one.application_id)))


def page(whole: Line, group: Group | None = None, number: int = 1) -> Page:
    """Page ``number`` (from 1) of the line, or of one group of it. Three statements."""
    standings = [one for one in whole.standings if group in (None, one.group)]
    pages = max(1, -(-len(standings) // PER_PAGE))
    number = min(max(1, number), pages)
    shown = standings[(number - 1) * PER_PAGE : number * PER_PAGE]
    return Page(_shown(shown), len(standings), number, pages)


def likeness(application: Application) -> Likeness:
    """What one application, decided or not, resembles in any way."""
    facts, known = _facts(application.id)
    mine, fact = known[application.id], next(one for one in facts if one.id == application.id)
    others = Index(known[one.id] for one in facts if one.state in UNDECIDED)
    return _likeness(fact, mine, Index(signs.sharing([mine])), others)


def _likeness(fact: Row[Any], mine: Marks, ngos: Index, others: Index) -> Likeness:
    return Likeness(
        {key: traces for key, traces in ngos.like(mine).items() if key != fact.ngo_id},
        {key: traces for key, traces in others.like(mine).items() if key != fact.id},
    )


def _facts(also: int = 0) -> tuple[list[Row[Any]], dict[int, Marks]]:
    """What waits, and the application ``also``; and by what each can be recognised, by its id. Two statements."""
    meant = Application.state.in_(UNDECIDED) | (Application.id == also)
    facts: list[Any] = list(db.session.execute(select(*_COLUMNS).where(meant)).all())
    people: dict[int, list[tuple[str, str]]] = defaultdict(list)
    columns = (Applicant.application_id, Applicant.address, Applicant.address_key)
    of_them = select(*columns).join(Application, Application.id == Applicant.application_id).where(meant)
    for application_id, address, key in db.session.execute(of_them).tuples():
        people[application_id].append((address, key))
    return facts, {one.id: _marks(one, people[one.id]) for one in facts}


def _marks(fact: Row[Any], people: Sequence[tuple[str, str]]) -> Marks:
    names = (fact.ngo_name, fact.latin_name) if fact.kind is ApplicationKind.ORGANISATION else ()
    domains = {own_domain(address) for address, _key in people if address} | {site_domain(fact.website)}
    return Marks(
        fact.id,
        frozenset(name_key(name) for name in names if name),
        fact.acronym.upper(),
        frozenset(domains - {""}),
        frozenset(key for _address, key in people if key),
    )


def _group(fact: Row[Any], alike: Likeness) -> Group:
    if fact.state is ApplicationState.ASKED:
        return Group.ASKED
    if fact.state is ApplicationState.HELD:
        return Group.HELD
    if any(Trace.NEAR_DOMAIN in traces for traces in alike.ngos.values()):
        return Group.IMPERSONATION
    found = (*alike.ngos.values(), *alike.others.values())
    if fact.kind is ApplicationKind.ORGANISATION and any(traces & DUPLICATE for traces in found):
        return Group.DUPLICATE
    return Group.READY if fact.website or fact.vouched else Group.NEEDS_EVIDENCE


def _shown(standings: Sequence[Standing]) -> list[Waiting]:
    ids = [one.application_id for one in standings]
    applications = {one.id: one for one in db.session.scalars(select(Application).where(Application.id.in_(ids)))}
    people = applicants(ids)
    wanted = wishes(person.id for found in people.values() for person in found)
    return [
        _waiting(applications[one.application_id], one.group, people[one.application_id], wanted) for one in standings
    ]


def _waiting(
    application: Application, group: Group, people: Sequence[Applicant], wanted: Mapping[int, Sequence[Wish]]
) -> Waiting:
    there = [one for one in people if one.address]
    caucuses = {wish.caucus_id: wish.caucus.names for one in there for wish in wanted[one.id] if wish.kept is not False}
    return Waiting(application, group, len(there), list(caucuses.values()), first_name(there))


def first_name(people: Sequence[Applicant]) -> str:
    """The name of who filled in the form, of those who are still on it."""
    return next((one.name for one in people if one.first), people[0].name if people else "")


def applicants(application_ids: Iterable[int]) -> Mapping[int, list[Applicant]]:
    """The people on each of these applications, those removed too."""
    found: dict[int, list[Applicant]] = defaultdict(list)
    rows = select(Applicant).where(Applicant.application_id.in_(list(application_ids))).order_by(Applicant.id)
    for one in db.session.scalars(rows):
        found[one.application_id].append(one)
    return found


def wishes(applicant_ids: Iterable[int]) -> Mapping[int, list[Wish]]:
    """What each of these people wants to join."""
    found: dict[int, list[Wish]] = defaultdict(list)
    rows = select(Wish).where(Wish.applicant_id.in_(list(applicant_ids))).options(joinedload(Wish.caucus))
    for one in db.session.scalars(rows.order_by(Wish.id)):
        found[one.applicant_id].append(one)
    return found
