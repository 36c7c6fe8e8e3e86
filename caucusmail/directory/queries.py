"""Questions about caucuses, organisations, seats and affiliations; what shows people takes the viewer."""

from collections.abc import Sequence

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
