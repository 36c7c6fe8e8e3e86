"""Questions about caucuses, organisations, seats and affiliations; what shows people takes the viewer."""

from collections.abc import Collection, Iterable, Sequence

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from caucusmail.accounts.models import Person
from caucusmail.database import db
from caucusmail.directory.applications import Application, ApplicationState, ReviewWindow
from caucusmail.directory.models import Affiliation, Caucus, Keeper, Ngo, Seat
from caucusmail.errors import NotFound
from caucusmail.languages import _


def affiliation(person: Person, caucus: Caucus) -> Affiliation | None:
    """This person's place in this caucus, whatever its state."""
    return db.session.scalar(
        select(Affiliation).where(Affiliation.person_id == person.id, Affiliation.caucus_id == caucus.id)
    )


def held_seats(person_id: int, caucus_id: int) -> Sequence[Seat]:
    """The seats in a caucus on which a person sits now, for whichever organisations, with these; the oldest first."""
    return db.session.scalars(
        select(Seat)
        .where(Seat.holder_id == person_id, Seat.caucus_id == caucus_id, Seat.until.is_(None))
        .options(joinedload(Seat.ngo))
        .order_by(Seat.id)
    ).all()


def all_seats(person_ids: Collection[int]) -> Sequence[Seat]:
    """Every seat on which one of these people sits now, with its organisation; the oldest first."""
    return db.session.scalars(
        select(Seat)
        .where(Seat.holder_id.in_(person_ids), Seat.until.is_(None))
        .options(joinedload(Seat.ngo))
        .order_by(Seat.id)
    ).all()


def here_for(place: Affiliation, held: Iterable[Seat]) -> tuple[Ngo, ...]:
    """The organisations for which somebody is in, of the seats they and others ``held``: the one that pages show first, then the
    others. None for an individual, though they may hold a seat there."""
    if place.seat is None:
        return ()
    others = [seat.ngo for seat in held if (seat.holder_id, seat.caucus_id) == (place.person_id, place.caucus_id)]
    return tuple(dict.fromkeys([place.seat.ngo, *others]))


def further(place_ids: Collection[int]) -> dict[int, list[Ngo]]:
    """The further organisations for which somebody sits there, by affiliation."""
    found: dict[int, list[Ngo]] = {number: [] for number in place_ids}
    sits = (Seat.holder_id == Affiliation.person_id) & (Seat.caucus_id == Affiliation.caucus_id) & Seat.until.is_(None)
    rows = db.session.execute(
        select(Affiliation.id, Ngo)
        .join(Seat, sits)
        .join(Ngo, Ngo.id == Seat.ngo_id)
        .where(Affiliation.id.in_(place_ids), Seat.id != Affiliation.seat_id)
        .order_by(Seat.id)
    )
    for number, ngo in rows:
        found[number].append(ngo)
    return found


def application(application_id: int) -> Application:
    """One application; the surface's guard sees to who asks.

    :raises NotFound: there is none.
    """
    found = db.session.get(Application, application_id)
    if found is None or found.state is ApplicationState.UNCONFIRMED:
        raise NotFound(_("There is no application with this number."))
    return found


def ngo(ngo_id: int) -> Ngo:
    """One organisation.

    :raises NotFound: there is none.
    """
    found = db.session.get(Ngo, ngo_id)
    if found is None:
        raise NotFound(_("There is no organisation with this number."))
    return found


def caucus(slug: str) -> Caucus:
    """The caucus, team, network or coalition with this short name.

    :raises NotFound: there is none.
    """
    found = db.session.scalar(select(Caucus).where(Caucus.slug == slug))
    if found is None:
        raise NotFound(_("There is no caucus, team or network with the address “%(slug)s”.", slug=slug[:60]))
    return found


def keeper(keeper_id: int, of: Caucus) -> Keeper:
    """One term of somebody who keeps ``of``.

    :raises NotFound: there is none.
    """
    found = db.session.get(Keeper, keeper_id)
    if found is None or found.caucus_id != of.id:
        raise NotFound(_("There is no such term."))
    return found


def window(window_id: int) -> ReviewWindow:
    """One review window.

    :raises NotFound: there is none.
    """
    found = db.session.get(ReviewWindow, window_id)
    if found is None:
        raise NotFound(_("There is no such review window."))
    return found
