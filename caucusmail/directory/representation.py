"""Who speaks for an organisation, and on which of its seats."""

from collections.abc import Sequence
from datetime import datetime
from typing import TypedDict

from sqlalchemy import ColumnElement, Select, func, select
from sqlalchemy.orm import joinedload

from caucusmail import clock
from caucusmail.accounts.models import Person
from caucusmail.audit import journal
from caucusmail.database import db, moved
from caucusmail.directory import affiliation, seating, several_seats
from caucusmail.directory.affiliation import Former
from caucusmail.directory.applications import Applicant, ApplicantState, Application
from caucusmail.directory.models import Caucus, Ngo, Representative, Seat, SeatRole
from caucusmail.directory.several_seats import Up
from caucusmail.errors import Conflict, Invalid
from caucusmail.languages import _

MOST_PLACES = 50  # of one organisation
APPOINTED = "representative.appointed"


class NoPlaceLeft(Conflict):
    """The organisation has as many representatives as it may have."""


class BadNumber(Invalid):
    """Fewer places than are taken, or more than anybody needs."""


class LastAdministrator(Conflict):
    """An organisation keeps at least one administrator."""


class Term(TypedDict):
    """What an ended term was, in plain values."""

    representative: int
    admin: bool
    until: str | None  # ISO 8601
    ended_at: str
    former: list[Former]  # memberships that ended with it
    up: list[Up]  # seats whose holder stayed in by another one


def speaking(ngo: Ngo) -> Sequence[Representative]:
    """Who speaks for the organisation now, the longest serving first, with their people."""
    return db.session.scalars(
        select(Representative)
        .where(Representative.ngo_id == ngo.id, _serving())
        .options(joinedload(Representative.person), joinedload(Representative.ngo))
        .order_by(Representative.since, Representative.id)
    ).all()


def places_left(ngo: Ngo) -> int:
    """How many more representatives the organisation may have now."""
    taken = db.session.scalar(
        select(func.count()).select_from(Representative).where(Representative.ngo_id == ngo.id, _serving())
    )
    return max(0, ngo.seats_cap - (taken or 0))


def set_places(ngo: Ngo, number: int, *, by: Person) -> int | None:
    """Allow the organisation so many representatives; how many it was before. None: so many it has already.

    :raises BadNumber: on ``places``: fewer than speak for it now, or more than fifty.
    """
    _one_at_a_time(ngo.id)
    taken, was = len(speaking(ngo)), ngo.seats_cap
    if not max(1, taken) <= number <= MOST_PLACES:
        raise BadNumber(
            "places",
            _(
                "%(read)s was read. %(taken)s people speak for it now: allow at least so many, and %(most)s at most.",
                read=number,
                taken=max(1, taken),
                most=MOST_PLACES,
            ),
        )
    if number == was:
        return None
    ngo.seats_cap = number
    journal.record("ngo.places", ngo, by, was=was, now=number)
    return was


def offered(ngo: Ngo) -> int:
    """How many places are offered to people who may still confirm; who speaks for the organisation has one already."""
    counted = (
        select(func.count())
        .select_from(Applicant)
        .join(Application)
        .where(
            Application.for_ngo_id == ngo.id,
            Applicant.state == ApplicantState.UNCONFIRMED,
            Applicant.address_key.notin_(_addresses(ngo)),
        )
    )
    return db.session.scalar(counted) or 0


def speaks(ngo: Ngo, address_key: str) -> bool:
    """Whether somebody at this address speaks for the organisation now."""
    return db.session.scalar(_addresses(ngo).where(Person.address_key == address_key).limit(1)) is not None


def _addresses(ngo: Ngo) -> Select[str]:
    serving = (Representative.ngo_id == ngo.id, _serving())
    return select(Person.address_key).join(Representative, Representative.person_id == Person.id).where(*serving)


def looked_after(ngo: Ngo) -> bool:
    """Whether somebody who serves now is the organisation's administrator."""
    admin = select(Representative.id).where(Representative.ngo_id == ngo.id, Representative.admin, _serving())
    return db.session.scalar(admin.limit(1)) is not None


def appoint(ngo: Ngo, person: Person, *, title: str = "", admin: bool = False, by: Person | None) -> Representative:
    """Make ``person`` speak for ``ngo`` from now. Appointing somebody twice changes nothing but makes them administrator
    if asked. Flushes for the id.

    :raises NoPlaceLeft: the organisation has as many representatives as it may have.
    """
    db.session.execute(
        select(Ngo.id).where(Ngo.id == ngo.id).with_for_update()
    )  # two at once count one after the other
    found = db.session.scalar(
        select(Representative).where(Representative.ngo_id == ngo.id, Representative.person_id == person.id)
    )
    now = clock.now()
    if found is not None and (found.until is None or found.until > now):
        found.admin = found.admin or admin
        return found
    if not places_left(ngo):
        raise NoPlaceLeft(
            _(
                "%(ngo)s has %(cap)s representatives already, as many as it may have. Its administrator can end the term of one, or ask the secretariat for another place.",
                ngo=ngo.name,
                cap=ngo.seats_cap,
            )
        )
    if found is None:
        found = Representative(ngo_id=ngo.id, person_id=person.id, title=title, admin=admin, since=now)
        db.session.add(found)
    else:
        found.since, found.until, found.admin, found.title = now, None, admin, title or found.title
    journal.record(APPOINTED, found, by, ngo=ngo.id)
    return found


def seat(ngo: Ngo, caucus: Caucus, person: Person) -> Seat:
    """A seat of ``ngo`` in ``caucus`` on which ``person`` sits now: their own, a vacant one, or a new one (the first is
    the representative's, further ones are alternates'). Flushes for the id."""
    seats = db.session.scalars(
        select(Seat).where(Seat.ngo_id == ngo.id, Seat.caucus_id == caucus.id, Seat.until.is_(None)).order_by(Seat.id)
    ).all()
    chosen = next((one for one in seats if one.holder_id == person.id), None) or next(
        (one for one in seats if one.holder_id is None), None
    )
    if chosen is None:
        role = SeatRole.ALTERNATE if seats else SeatRole.REPRESENTATIVE
        chosen = Seat(ngo_id=ngo.id, caucus_id=caucus.id, role=role, since=clock.now())
        db.session.add(chosen)
        db.session.flush()
    seating.take(chosen, person.id)
    return chosen


def has_seat(ngo: Ngo, caucus: Caucus) -> bool:
    """Whether the organisation is in the caucus, whoever sits there."""
    return (
        db.session.scalar(
            select(Seat.id).where(Seat.ngo_id == ngo.id, Seat.caucus_id == caucus.id, Seat.until.is_(None)).limit(1)
        )
        is not None
    )


def set_admin(representative: Representative, *, admin: bool) -> bool:
    """Make a representative their organisation's administrator, or no longer; whether that was new.

    :raises LastAdministrator: nobody would be left to look after the organisation's people.
    """
    _one_at_a_time(representative.ngo_id)
    if not admin:
        _somebody_else_looks_after(representative)
    return moved(
        Representative,
        Representative.id == representative.id,
        Representative.admin.is_(not admin),
        _serving(),
        admin=admin,
    )


def end_term(representative: Representative, *, by: Person | None) -> Term | None:
    """End a representative's term now: their seats stay with the organisation, vacant, and what they were in by them alone
    ends. What it was, for ``restore_term``; None: it had ended before.

    :raises LastAdministrator: nobody would be left to look after the organisation's people.
    """
    _one_at_a_time(representative.ngo_id)
    _somebody_else_looks_after(representative)
    admin, until, now = representative.admin, representative.until, clock.now()
    if not moved(Representative, Representative.id == representative.id, _serving(), until=now, admin=False):
        return None
    person = representative.person
    left = several_seats.get_up(person, several_seats.of(representative.ngo, person), by=by)
    return Term(
        representative=representative.id,
        admin=admin,
        until=until.isoformat() if until else None,
        ended_at=now.isoformat(),
        **left,
    )


def restore_term(term: Term, *, by: Person | None, power: bool = True) -> Representative:
    """Put an ended term back, with seats and memberships, exactly; without ``power`` nobody is administrator again by it.

    :raises caucusmail.directory.affiliation.MovedOn: it changed since.
    :raises caucusmail.directory.seating.SeatTaken: somebody else sits there by now.
    :raises NoPlaceLeft: somebody else has taken the place.
    """
    representative = db.session.get(Representative, term["representative"])
    if representative is None:
        raise affiliation.MovedOn(_("This has changed in the meantime, so it could not be taken back."))
    _one_at_a_time(representative.ngo_id)
    if not places_left(representative.ngo):
        raise NoPlaceLeft(
            _("All places of %(ngo)s are taken by now, so this cannot be taken back.", ngo=representative.ngo.name)
        )
    back = moved(
        Representative,
        Representative.id == representative.id,
        Representative.until == datetime.fromisoformat(term["ended_at"]),
        until=datetime.fromisoformat(term["until"]) if term["until"] else None,
        admin=term["admin"] and power,
    )
    if not back:
        raise affiliation.MovedOn(_("This has changed in the meantime, so it could not be taken back."))
    for former in term["former"]:
        affiliation.restore(former, by=by)
    several_seats.sit_again(representative.person, term.get("up", []))
    return representative


def _one_at_a_time(ngo_id: int) -> None:
    """Let whoever changes the people of this organisation at the same time wait."""
    db.session.execute(select(Ngo.id).where(Ngo.id == ngo_id).with_for_update())


def _somebody_else_looks_after(representative: Representative) -> None:
    others = db.session.scalar(
        select(func.count())
        .select_from(Representative)
        .where(
            Representative.ngo_id == representative.ngo_id,
            Representative.id != representative.id,
            Representative.admin,
            _serving(),
        )
    )
    if representative.admin and not others:
        raise LastAdministrator(
            _(
                "%(name)s is the only administrator. Make somebody else administrator first, hand the seats to a successor, or ask the secretariat who could look after the organisation.",
                name=representative.person.name,
            )
        )


def _serving() -> ColumnElement[bool]:
    return Representative.until.is_(None) | (Representative.until > clock.now())
