"""Who is away, and who stands in for whom: questions that write nothing. The verbs are ``groups.deputies``."""

from collections.abc import Collection, Sequence
from datetime import datetime

from sqlalchemy import ColumnElement, and_, exists, select
from sqlalchemy.orm import InstrumentedAttribute, aliased, contains_eager, joinedload

from caucusmail import clock
from caucusmail.accounts.models import Person
from caucusmail.database import db
from caucusmail.directory.absence_models import OPEN, Absence, AbsenceState
from caucusmail.directory.models import (
    Affiliation,
    AffiliationState,
    Caucus,
    Ngo,
    Representative,
    Seat,
    Sensitivity,
)

Column = InstrumentedAttribute[int] | ColumnElement[int]


def in_force(at: datetime, one: type[Absence] = Absence) -> ColumnElement[bool]:
    """SQL: whether an absence was agreed to and runs at ``at``."""
    return (one.state == AbsenceState.ACCEPTED) & (one.begins_at <= at) & (one.ends_at > at)


def passes(at: datetime, holder: type[Representative] = Representative) -> tuple[ColumnElement[bool], ...]:
    """SQL: which membership a deputy stands in for, of the tables ``holder``, Affiliation, Seat and Caucus.

    On a seat of that organisation which the holder sits on; in no confidential caucus, of nobody as an individual, and of nobody
    who sits there for another organisation as well, for whom they are not away.
    """
    other = aliased(Seat)
    beside = exists().where(
        other.caucus_id == Affiliation.caucus_id,
        other.holder_id == Affiliation.person_id,
        other.ngo_id != Seat.ngo_id,
        other.until.is_(None),
    )
    return (
        Affiliation.person_id == holder.person_id,
        Affiliation.state == AffiliationState.ACTIVE,
        Seat.id == Affiliation.seat_id,
        Seat.ngo_id == holder.ngo_id,
        Seat.holder_id == holder.person_id,
        Caucus.id == Affiliation.caucus_id,
        Caucus.sensitivity == Sensitivity.ORDINARY,
        # by name: of itself a nested question takes only the tables of the next one around it, and brings the others anew
        ~beside.correlate(Affiliation, Seat),
        holder.since <= at,
        holder.until.is_(None) | (holder.until > at),
    )


def speaks(at: datetime, ngo_id: Column, person_id: Column) -> ColumnElement[bool]:
    """SQL: whether somebody speaks for an organisation at ``at``."""
    term = aliased(Representative)
    serves = term.until.is_(None) | (term.until > at)
    return exists().where(term.ngo_id == ngo_id, term.person_id == person_id, term.since <= at, serves)


def _both_serve(at: datetime) -> ColumnElement[bool]:
    """SQL: neither the holder's term nor the deputy's has ended; of the tables Absence and Representative (the holder's)."""
    holds = Representative.until.is_(None) | (Representative.until > at)
    return and_(holds, speaks(at, Representative.ngo_id, Absence.deputy_id))


def caucuses(holder: Representative) -> Sequence[Caucus]:
    """The caucuses in which a deputy would stand in for ``holder`` now, in the order of pages."""
    return db.session.scalars(
        select(Caucus)
        .select_from(Representative)
        .join(Affiliation, Affiliation.person_id == Representative.person_id)
        .join(Seat, Seat.id == Affiliation.seat_id)
        .join(Caucus, Caucus.id == Affiliation.caucus_id)
        .where(Representative.id == holder.id, *passes(clock.now()))
        .order_by(Caucus.place, Caucus.id)
    ).all()


def standing_in(person: Person) -> dict[int, int]:
    """For which organisation ``person`` stands in now in which caucus: organisation ids by caucus ids."""
    now = clock.now()
    rows = db.session.execute(
        select(Caucus.id, Representative.ngo_id)
        .select_from(Absence)
        .join(Representative, Representative.id == Absence.representative_id)
        .join(Affiliation, Affiliation.person_id == Representative.person_id)
        .join(Seat, Seat.id == Affiliation.seat_id)
        .join(Caucus, Caucus.id == Affiliation.caucus_id)
        .where(Absence.deputy_id == person.id, in_force(now), *passes(now), _both_serve(now))
        .order_by(Absence.id.desc())
    )
    return dict(row.tuple() for row in rows)


def ahead(holders: Collection[Representative]) -> Sequence[Absence]:
    """The absences of these that run, are to come or were asked for, the soonest first."""
    return _found(Absence.representative_id.in_([one.id for one in holders]))


def of_ngo(ngo: Ngo) -> Sequence[Absence]:
    """The same for everybody who speaks for an organisation."""
    return _found(Representative.ngo_id == ngo.id)


def taken_on(person: Person) -> Sequence[Absence]:
    """What ``person`` stands in for, or is to."""
    return _found((Absence.deputy_id == person.id) & (Absence.state == AbsenceState.ACCEPTED))


def of_person(person: Person) -> Sequence[Absence]:
    """Every absence of the person's own, and every one for which they were asked; the oldest first."""
    return db.session.scalars(
        select(Absence)
        .join(Absence.representative)
        .where((Representative.person_id == person.id) | (Absence.deputy_id == person.id))
        .options(contains_eager(Absence.representative).joinedload(Representative.ngo))
        .order_by(Absence.id)
    ).all()


def at_their_post(people: Sequence[Person]) -> Sequence[Person]:
    """Those of ``people`` who are not away with a deputy; all of them, if all are: somebody reads what comes."""
    away = set(
        db.session.scalars(
            select(Representative.person_id)
            .join(Absence, Absence.representative_id == Representative.id)
            .where(in_force(clock.now()), Representative.person_id.in_([one.id for one in people]))
        )
    )
    return [one for one in people if one.id not in away] or people


def _found(which: ColumnElement[bool]) -> Sequence[Absence]:
    return db.session.scalars(
        select(Absence)
        .join(Absence.representative)
        .where(which, Absence.state.in_(OPEN), Absence.ends_at > clock.now(), _both_serve(clock.now()))
        .options(
            joinedload(Absence.deputy),
            contains_eager(Absence.representative).joinedload(Representative.person),
            contains_eager(Absence.representative).joinedload(Representative.ngo),
        )
        .order_by(Absence.begins_at, Absence.id)
    ).all()
