"""The journal as the secretariat reads it: who did what, to whom or what, when and why. A page takes one statement.

The journal itself stands floors below and knows rows by table name and id; here they get the names people know them by.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, case, func, or_, select
from sqlalchemy.orm import aliased

from caucusmail.accounts.models import Person
from caucusmail.audit.models import AuditEntry
from caucusmail.audit.queries import TAKEN_BACK
from caucusmail.database import Model, Words, db
from caucusmail.directory import visibility, windows
from caucusmail.directory.applications import Applicant, Application
from caucusmail.directory.models import Affiliation, Caucus, Keeper, Ngo, Representative
from caucusmail.directory.visibility import Viewer
from caucusmail.errors import NotAllowed

PER_PAGE = 40


@dataclass(frozen=True)
class Asked:
    """What of the journal is wanted; empty: all of it."""

    verbs: Collection[str] = ()
    who: str = ""  # words of the name of whoever did it
    about: str = ""  # words of the name of a person, an organisation, a caucus
    by_id: int | None = None
    subject: tuple[str, int] | None = None  # table name, id
    before: int | None = None  # entries older than this one …
    after: int | None = None  # … or newer


@dataclass(frozen=True)
class Line:
    """One entry, with the names of those it is about as far as they are still known."""

    id: int
    at: datetime
    verb: str
    undone: str  # of an entry that takes another one back: the verb of that one; "" of any other
    kind: str  # table name of what it is about
    subject_id: int | None
    reason: str
    by_id: int | None  # None: the house itself, a stranger, or somebody forgotten since
    by: str
    person_id: int | None
    person: str
    ngo_id: int | None
    ngo: str
    slug: str
    caucus: Words = field(default_factory=dict)
    group: Words = field(default_factory=dict)
    window: tuple[date, date] | None = None  # first and last day of a review window


@dataclass(frozen=True)
class Page:
    """Some lines, the newest first, and where the pages beside it begin."""

    lines: Sequence[Line]
    newer: int | None  # entries after this id are newer; None: there is none
    older: int | None


def read(by: Viewer, asked: Asked) -> Page:
    """The lines that were asked for. One statement.

    :raises NotAllowed: the viewer may not read the journal.
    """
    if not visibility.may_read_journal(by):
        raise NotAllowed
    rows = db.session.execute(_named(asked)).all()
    more = len(rows) > PER_PAGE
    lines = [_line(row) for row in rows[:PER_PAGE]]
    if asked.after is not None:
        lines.reverse()
    if not lines:
        return Page([], None, None)
    newer = more if asked.after is not None else asked.before is not None
    older = asked.after is not None or more
    return Page(lines, lines[0].id if newer else None, lines[-1].id if older else None)


def _chosen(asked: Asked) -> Select[int]:
    """The ids of one page, and of one more to know whether there is another: by key, so that no page is slower than the first."""
    wanted = select(AuditEntry.id)
    if asked.verbs:
        wanted = wanted.where(AuditEntry.verb.in_(list(asked.verbs)))
    if asked.who.strip():
        wanted = wanted.where(AuditEntry.by_id.in_(select(Person.id).where(*_words(Person.name, asked.who))))
    if asked.by_id is not None:
        wanted = wanted.where(AuditEntry.by_id == asked.by_id)
    if asked.subject is not None:
        wanted = wanted.where(AuditEntry.subject_kind == asked.subject[0], AuditEntry.subject_id == asked.subject[1])
    if asked.about.strip():
        wanted = wanted.where(_about(asked.about))
    if asked.after is not None:
        return wanted.where(AuditEntry.id > asked.after).order_by(AuditEntry.id).limit(PER_PAGE + 1)
    if asked.before is not None:
        wanted = wanted.where(AuditEntry.id < asked.before)
    return wanted.order_by(AuditEntry.id.desc()).limit(PER_PAGE + 1)


def _words(name: Any, text: str) -> list[ColumnElement[bool]]:
    return [name.icontains(word, autoescape=True) for word in text.split()[:6]]


def _about(text: str) -> ColumnElement[bool]:
    """Entries about somebody or something of this name, or about a place, a term or an application of theirs."""
    people = select(Person.id).where(*_words(Person.name, text))
    ngos = select(Ngo.id).where(*_words(Ngo.name, text))
    caucuses = select(Caucus.id).where(or_(and_(*_words(Caucus.tag, text)), Caucus.slug == text.strip().lower()))
    named: dict[type[Model], ColumnElement[bool]] = {
        Person: Person.id.in_(people),
        Ngo: Ngo.id.in_(ngos),
        Caucus: Caucus.id.in_(caucuses),
        Affiliation: Affiliation.person_id.in_(people) | Affiliation.caucus_id.in_(caucuses),
        Keeper: Keeper.person_id.in_(people) | Keeper.caucus_id.in_(caucuses),
        Representative: Representative.person_id.in_(people) | Representative.ngo_id.in_(ngos),
        Application: and_(*_words(Application.ngo_name, text)),
        Applicant: and_(*_words(Applicant.name, text)),
    }
    return or_(
        *(
            (AuditEntry.subject_kind == table.__tablename__)
            & AuditEntry.subject_id.in_(select(table.__table__.c.id).where(condition))
            for table, condition in named.items()
        )
    )


def _named(asked: Asked) -> Select[*tuple[Any, ...]]:
    """One page of entries, each joined to what it is about; of one that takes another back, to what that one is about."""
    chosen = _chosen(asked).subquery()
    undone, actor = aliased(AuditEntry), aliased(Person)
    back = and_(AuditEntry.verb == TAKEN_BACK, undone.id == AuditEntry.subject_id)
    kind = func.coalesce(undone.subject_kind, AuditEntry.subject_kind)
    number = func.coalesce(undone.subject_id, AuditEntry.subject_id)
    tables = Model.metadata.tables  # by name: some of them stand on floors above
    place, keeper, term = tables["affiliations"], tables["keepers"], tables["representatives"]
    group, copy = tables["email_groups"], tables["deliveries"]
    told, meeting, sign_in = tables["announcements"], tables["meetings"], tables["sign_ins"]
    helpers = (place, keeper, term, group, copy, told, meeting, sign_in, tables["applications"], tables["applicants"])
    people = {"people": number} | {one.name: one.c.person_id for one in (place, keeper, term, copy, sign_in)}
    caucuses = {"caucuses": number} | {one.name: one.c.caucus_id for one in (place, keeper, group, told, meeting)}
    joined = (
        select(
            AuditEntry,
            undone.verb.label("undone"),
            kind.label("kind"),
            number.label("number"),
            actor.name.label("by"),
            Person.id.label("person_id"),
            func.coalesce(Person.name, Applicant.name).label("person"),
            Ngo.id.label("ngo_id"),
            func.coalesce(Ngo.name, Application.ngo_name).label("ngo"),
            Caucus.slug,
            Caucus.names.label("caucus"),
            group.c.names.label("group"),
        )
        .join(chosen, chosen.c.id == AuditEntry.id)
        .outerjoin(undone, back)
        .outerjoin(actor, actor.id == AuditEntry.by_id)
    )
    for table in helpers:
        joined = joined.outerjoin(table, (kind == table.name) & (table.c.id == number))
    return (
        joined.outerjoin(Person, Person.id == case(people, value=kind))
        .outerjoin(Ngo, Ngo.id == case({"ngos": number, "representatives": term.c.ngo_id}, value=kind))
        .outerjoin(Caucus, Caucus.id == case(caucuses, value=kind))
        .order_by(AuditEntry.id if asked.after is not None else AuditEntry.id.desc())
    )


def _line(row: Any) -> Line:
    entry: AuditEntry = row[0]
    return Line(
        id=entry.id,
        at=entry.at,
        verb=entry.verb,
        undone=row.undone or "",
        kind=row.kind,
        subject_id=row.number,
        reason=entry.reason,
        by_id=entry.by_id,
        by=row.by or "",
        person_id=row.person_id,
        person=row.person or "",
        ngo_id=row.ngo_id,
        ngo=row.ngo or "",
        slug=row.slug or "",
        caucus=row.caucus or {},
        group=row.group or {},
        window=windows.days_of(entry),
    )
