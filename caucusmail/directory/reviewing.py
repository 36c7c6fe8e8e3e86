"""One application with all that is known beside it, for the secretariat; and organisations to link it to.

The number of statements does not grow with what waits. Only the secretariat asks these: the surface's guard sees to it,
for a whole application is shown as it was typed.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import ColumnElement, false, or_, select
from sqlalchemy.orm import joinedload

from caucusmail import clock
from caucusmail.accounts.models import Person
from caucusmail.audit.models import AuditEntry
from caucusmail.database import db
from caucusmail.directory import waiting
from caucusmail.directory.applications import Applicant, Application, Evidence, Wish
from caucusmail.directory.lookalikes import plain
from caucusmail.directory.models import Ngo, Representative
from caucusmail.directory.reasons import Reason
from caucusmail.directory.resemblance import Trace, own_domain

MOST_FOUND = 30
"""Organisations that one search shows."""

NAMED = 5
"""People whose names stand beside an organisation."""


@dataclass(frozen=True)
class Beside:
    """An organisation that an application resembles."""

    ngo: Ngo
    traces: Sequence[Trace]  # none: it was looked for
    people: int
    names: Sequence[str]  # of those who speak for it


@dataclass(frozen=True)
class Past:
    """One thing that happened to an application."""

    entry: AuditEntry
    by: str  # the name of who did it; "": the house, or somebody without an account yet
    refusal: Reason | None


@dataclass(frozen=True)
class File:
    """One application with everything beside it."""

    application: Application
    applicants: Sequence[Applicant]
    wishes: Mapping[int, Sequence[Wish]]  # by applicant
    evidence: Sequence[Evidence]
    beside: Sequence[Beside]
    others: Sequence[tuple[Application, Sequence[Trace]]]
    past: Sequence[Past]

    @property
    def first_name(self) -> str:
        """The name of who filled in the form."""
        return waiting.first_name([one for one in self.applicants if one.address])

    @property
    def free_mail(self) -> bool:
        """Whether somebody on it writes from a free mail service."""
        return any(not own_domain(one.address) for one in self.applicants if one.address)

    def found(self, ngo_id: int) -> Beside | None:
        """The organisation with this id among those it resembles."""
        return next((one for one in self.beside if one.ngo.id == ngo_id), None)

    @property
    def strong(self) -> Sequence[Beside]:
        """What shares more than an acronym."""
        return [one for one in self.beside if one.traces != [Trace.SAME_ACRONYM]]

    @property
    def weak(self) -> Sequence[Beside]:
        """What shares an acronym and nothing else, those of the same country first."""
        country = self.application.country_code
        found = [one for one in self.beside if one.traces == [Trace.SAME_ACRONYM]]
        return sorted(found, key=lambda one: one.ngo.country_code != country)


def file(application: Application) -> File:
    """One application, decided or not."""
    alike = waiting.likeness(application)
    people = waiting.applicants([application.id])[application.id]
    evidence = db.session.scalars(
        select(Evidence).where(Evidence.application_id == application.id).order_by(Evidence.at, Evidence.id)
    ).all()
    others = db.session.scalars(select(Application).where(Application.id.in_(alike.others))).all()
    return File(
        application,
        people,
        waiting.wishes([one.id for one in people]),
        evidence,
        _beside(alike.ngos),
        [(one, in_order(alike.others[one.id])) for one in others],
        _past(application),
    )


def _past(application: Application) -> list[Past]:
    found = db.session.execute(
        select(AuditEntry, Person.name)
        .outerjoin(Person, Person.id == AuditEntry.by_id)
        .where(AuditEntry.subject_kind == "applications", AuditEntry.subject_id == application.id)
        .order_by(AuditEntry.id)
    ).all()
    refusals = {reason.value: reason for reason in Reason}
    return [Past(entry, name or "", refusals.get(entry.detail.get("refusal", ""))) for entry, name in found]


def organisation(ngo_id: int) -> Beside | None:
    """One organisation as it is shown beside an application; None: there is none."""
    ngo = db.session.get(Ngo, ngo_id)
    return _with_people([ngo], {})[0] if ngo is not None else None


def find(search: str) -> Sequence[Beside]:
    """The organisations in whose names, acronym or domain every word of ``search`` is found, by name; ``MOST_FOUND`` at
    the most."""
    words = search.split()[:6]
    if not words:
        return []
    ngos = db.session.scalars(
        select(Ngo).where(*(_holds(word) for word in words)).order_by(Ngo.name, Ngo.id).limit(MOST_FOUND)
    ).all()
    return _with_people(ngos, {})


def _holds(word: str) -> ColumnElement[bool]:
    fields = (Ngo.name, Ngo.latin_name, Ngo.other_name, Ngo.acronym, Ngo.domain)
    spelt = plain(word)
    return or_(
        *(field.icontains(word, autoescape=True) for field in fields),
        Ngo.name_key.contains(spelt, autoescape=True) if spelt else false(),
    )


def in_order(traces: frozenset[Trace]) -> list[Trace]:
    """The strongest first."""
    return [trace for trace in Trace if trace in traces]


def _beside(resembling: Mapping[int, frozenset[Trace]]) -> list[Beside]:
    ngos = db.session.scalars(select(Ngo).where(Ngo.id.in_(resembling)).options(joinedload(Ngo.region))).all()
    order = list(Trace)
    found = _with_people(ngos, resembling)
    return sorted(found, key=lambda one: (order.index(one.traces[0]), -len(one.traces), one.ngo.name))


def _with_people(ngos: Sequence[Ngo], resembling: Mapping[int, frozenset[Trace]]) -> list[Beside]:
    names: dict[int, list[str]] = defaultdict(list)
    speaking = db.session.execute(
        select(Representative.ngo_id, Person.name)
        .join(Person, Person.id == Representative.person_id)
        .where(
            Representative.ngo_id.in_([ngo.id for ngo in ngos]),
            Representative.until.is_(None) | (Representative.until > clock.now()),
        )
        .order_by(Representative.since, Representative.id)
    )
    for ngo_id, name in speaking:
        names[ngo_id].append(name)
    nothing: frozenset[Trace] = frozenset()
    return [
        Beside(ngo, in_order(resembling.get(ngo.id, nothing)), len(names[ngo.id]), names[ngo.id][:NAMED])
        for ngo in ngos
    ]
