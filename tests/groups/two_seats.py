"""One person who sits in one caucus for several organisations."""

from collections.abc import Sequence
from dataclasses import dataclass

from caucusmail import clock
from caucusmail.accounts.models import Person
from caucusmail.database import db, transaction
from caucusmail.directory import affiliation, consent, hand_overs
from caucusmail.directory import queries as directory
from caucusmail.directory.hand_over_models import HandOver
from caucusmail.directory.hand_overs import Successor
from caucusmail.directory.models import Affiliation, AffiliationState, Caucus, Ngo, Representative, Seat, SeatRole
from caucusmail.groups import membership, queries
from caucusmail.groups.models import EmailGroup
from tests import make


@dataclass
class House:
    """An organisation with its administrator, who has no seat."""

    ngo: Ngo
    admin: Representative


@dataclass
class Two:
    """Rosa sits in Water for Andina and for Haki, whose alternate she is; Red has a seat there, too, which Ana holds."""

    water: Caucus
    group: EmailGroup
    rosa: Person
    andina: House
    haki: House
    red: House
    terms: list[Representative]  # Rosa's: for Andina, for Haki
    seats: list[Seat]  # Rosa's: of Andina, of Haki; then Ana's, of Red
    ana: Representative

    @property
    def place(self) -> Affiliation:
        """Rosa's membership."""
        found = directory.affiliation(self.rosa, self.water)
        assert found is not None
        return found

    @property
    def stands(self) -> tuple[AffiliationState, int | None]:
        """How Rosa's membership stands, and which seat pages show first."""
        db.session.expire_all()
        return self.place.state, self.place.seat_id

    @property
    def holders(self) -> list[int | None]:
        """Who sits on the three seats."""
        db.session.expire_all()
        return [one.holder_id for one in self.seats]

    @property
    def served(self) -> list[str]:
        """The groups Rosa is on."""
        return [one.group.local_part for one in queries.subscriptions(self.rosa)]

    def offer(self, holder: Representative, seat: Seat, to: Person, by: Person | None = None) -> HandOver:
        """``holder`` offers one seat."""
        with transaction():
            asked = Successor(name=to.name, address=to.address, language="en", seat_ids=[seat.id])
            return hand_overs.offer(holder, asked, by=by or holder.person)


def house(name: str) -> House:
    """Made anew."""
    ngo = make.ngo(name, name_key=name.casefold())
    return House(ngo, make.representative(make.person(f"Admin of {name}"), ngo, admin=True))


def sit(person: Person, seat: Seat) -> None:
    """Let somebody in on a seat of theirs, as an invitation does."""
    with transaction():
        agreed = consent.keep(consent.shown(seat.caucus))
        consent.give(person, seat.caucus, agreed, form="join", asked_at=clock.now())
        affiliation.activate(affiliation.wait(person, seat.caucus, by=person), by=person, seat=seat)
        membership.subscribe(person, seat.caucus)


def seats(ngos: Sequence[Ngo], caucus: Caucus) -> list[Seat]:
    """A seat of each in a caucus; the second is an alternate's."""
    roles = [SeatRole.REPRESENTATIVE, SeatRole.ALTERNATE, SeatRole.REPRESENTATIVE]
    return [
        make.keep(Seat(ngo_id=ngo.id, caucus_id=caucus.id, since=clock.now(), role=role))
        for ngo, role in zip(ngos, roles, strict=True)
    ]


def two_seats() -> Two:
    """Made anew."""
    water = make.caucus("water")
    group, rosa, ana = make.group(water), make.person("Rosa Quispe", "rosa@andina.example"), make.person("Ana")
    houses = [house(name) for name in ("Andina", "Haki", "Red")]
    made = seats([one.ngo for one in houses], water)
    terms = [make.representative(rosa, one.ngo) for one in houses[:2]]
    other = make.representative(ana, houses[2].ngo)
    for person, seat in zip((rosa, rosa, ana), made, strict=True):
        sit(person, seat)
    return Two(water, group, rosa, *houses, terms, made, other)
