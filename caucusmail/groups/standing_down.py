"""Somebody can no longer stand in: they speak for the organisation no more, have left everything, or are (to be) erased.

Each absence ends, and what lay ready goes back. Who is left is told, in a letter that names nobody and does not say why.
"""

from sqlalchemy import ColumnElement, select

from caucusmail import clock
from caucusmail.accounts.models import Person
from caucusmail.database import db
from caucusmail.delivery import ledger
from caucusmail.directory import absences
from caucusmail.directory.absence_models import OPEN, Absence, AbsenceState
from caucusmail.directory.models import Ngo, Representative
from caucusmail.groups import deputies, deputy_letters, letters
from caucusmail.groups.deputies import NoLonger


def leave(person: Person, ngo: Ngo | None = None, *, by: Person | None = None) -> None:
    """They stand in for nobody of ``ngo`` (None: anywhere) any more; the holders are told. Before their places change."""
    for one in _open(Absence.deputy_id == person.id):
        if ngo is None or one.representative.ngo_id == ngo.id:
            _stop(one, by)


def part(person: Person) -> None:
    """The same, before ``person`` is erased; and nobody stands in for them: their deputies are told."""
    leave(person)
    for one in _open(Representative.person_id == person.id):
        try:
            agreed = one.state is AbsenceState.ACCEPTED
            deputies.close(one, by=None, leaves=person)
        except NoLonger:
            continue  # ended at this very moment
        if agreed:
            _tell(one, one.deputy)


def sweep() -> int:
    """Stop what nobody stands in for any more, whatever brought that about; how many. A job calls it."""
    now = clock.now()
    gone = ~absences.speaks(now, Representative.ngo_id, Absence.deputy_id)
    away = Person.left_at.is_not(None) | Person.goes_at.is_not(None)
    return sum(_stop(one, None) for one in _open((Person.id == Absence.deputy_id) & (gone | away)))


def _open(which: ColumnElement[bool]) -> list[Absence]:
    return list(
        db.session.scalars(
            select(Absence)
            .join(Absence.representative)
            .join(Absence.deputy)
            .where(which, Absence.state.in_(OPEN), Absence.ends_at > clock.now())
            .order_by(Absence.id)
        )
    )


def _stop(one: Absence, by: Person | None) -> bool:
    try:
        deputies.close(one, by=by)
    except NoLonger:
        return False  # ended at this very moment
    _tell(one, one.representative.person)
    return True


def _tell(one: Absence, to: Person) -> None:
    """About the organisation: the row may be forgotten with one of the two, and what is about it with it."""
    ledger.enqueue(deputy_letters.gone(one, to), letters.to(to), about=("ngos", one.representative.ngo_id))
