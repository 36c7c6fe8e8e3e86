"""Find one person and what they are here: for the secretariat, above all for experts whom no organisation's page shows."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import ColumnElement, and_, exists, select
from sqlalchemy.orm import contains_eager, joinedload

from caucusmail import clock
from caucusmail.accounts.models import Person
from caucusmail.database import db
from caucusmail.directory import queries, visibility
from caucusmail.directory.models import Affiliation, AffiliationState, Caucus, Keeper, Ngo, Representative, Seat, Shown
from caucusmail.directory.visibility import Viewer
from caucusmail.errors import NotFound
from caucusmail.languages import in_a_row
from caucusmail.mail import addresses

MOST_FOUND = 30
INSIDE = (AffiliationState.ACTIVE, AffiliationState.WAITING, AffiliationState.INTEREST)


@dataclass(frozen=True)
class Acquaintance:
    """One person as the viewer may see them."""

    person: Person
    masked: str  # their address
    memberships: tuple[Affiliation, ...]  # of those that the viewer may see, what runs or waits
    represents: tuple[Ngo, ...]
    keeps: tuple[Caucus, ...]
    seats: tuple[Seat, ...]

    def here_for(self, place: Affiliation) -> str:
        """The organisations for which they are in, as the current language joins them; "" as an individual."""
        return in_a_row(ngo.name for ngo in queries.here_for(place, self.seats))

    @property
    def alone(self) -> bool:
        """Whether they speak for no organisation."""
        return not self.represents


def find(by: Viewer, search: str, *, alone: bool = False) -> list[Acquaintance]:
    """Those whose name holds every word of ``search``, or whose whole address it is, by name; ``MOST_FOUND`` at the most.

    ``alone``: only experts, who speak for no organisation; they are listed without a search too. Statements do not grow.

    :raises NotFound: it is none of the viewer's business.
    """
    _allowed(by)
    words = search.split()[:6]
    if not (words or alone):
        return []
    named = and_(*(Person.name.icontains(word, autoescape=True) for word in words))
    wanted = select(Person)
    if words:
        wanted = wanted.where(named | (Person.address_key == addresses.key(search.strip())))
    if alone:
        wanted = wanted.where(~_speaks(), _is_member())
    people = db.session.scalars(wanted.order_by(Person.name, Person.id).limit(MOST_FOUND)).all()
    return _known(by, people)


def one(by: Viewer, person_id: int) -> Acquaintance:
    """The person with this id.

    :raises NotFound: there is none, or it is none of the viewer's business.
    """
    _allowed(by)
    person = db.session.get(Person, person_id)
    if person is None:
        raise NotFound
    return _known(by, [person])[0]


def _allowed(by: Viewer) -> None:
    if not by.secretariat:
        raise NotFound


def _speaks() -> ColumnElement[bool]:
    return exists().where(
        Representative.person_id == Person.id, Representative.until.is_(None) | (Representative.until > clock.now())
    )


def _is_member() -> ColumnElement[bool]:
    return exists().where(Affiliation.person_id == Person.id, Affiliation.state.in_(INSIDE))


def _known(by: Viewer, people: Sequence[Person]) -> list[Acquaintance]:
    """What these people are; four statements."""
    ids, now = [person.id for person in people], clock.now()
    memberships: dict[int, list[Affiliation]] = defaultdict(list)
    for place in db.session.scalars(
        select(Affiliation)
        .join(Affiliation.caucus)
        .where(Affiliation.person_id.in_(ids), Affiliation.state.in_(INSIDE))
        .options(contains_eager(Affiliation.caucus), joinedload(Affiliation.seat).joinedload(Seat.ngo))
        .order_by(Caucus.family, Caucus.place, Caucus.id)
    ):
        if visibility.shown_of(by, place) is Shown.NAME_AND_ORGANISATION:
            memberships[place.person_id].append(place)
    represents: dict[int, list[Ngo]] = defaultdict(list)
    for term in db.session.scalars(
        select(Representative)
        .where(Representative.person_id.in_(ids), Representative.until.is_(None) | (Representative.until > now))
        .options(joinedload(Representative.ngo))
        .order_by(Representative.id)
    ):
        represents[term.person_id].append(term.ngo)
    keeps: dict[int, list[Caucus]] = defaultdict(list)
    for kept in db.session.scalars(
        select(Keeper)
        .where(Keeper.person_id.in_(ids), Keeper.since <= now, Keeper.until.is_(None) | (Keeper.until > now))
        .options(joinedload(Keeper.caucus))
        .order_by(Keeper.id)
    ):
        keeps[kept.person_id].append(kept.caucus)
    seats = queries.all_seats(ids)
    return [
        Acquaintance(
            person,
            addresses.masked(person.address),
            tuple(memberships[person.id]),
            tuple(represents[person.id]),
            tuple(keeps[person.id]),
            tuple(seat for seat in seats if seat.holder_id == person.id),
        )
        for person in people
    ]
