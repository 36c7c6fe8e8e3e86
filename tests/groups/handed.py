"""A small organisation whose seats go from hand to hand."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from caucusmail import clock
from caucusmail.accounts.models import Person
from caucusmail.database import db, transaction
from caucusmail.directory import affiliation, consent, hand_overs
from caucusmail.directory import queries as directory
from caucusmail.directory.hand_over_models import HandOver
from caucusmail.directory.hand_overs import Successor
from caucusmail.directory.models import Affiliation, Caucus, Consent, Ngo, Representative, Seat
from caucusmail.groups import pauses
from caucusmail.groups.models import EmailGroup, Mode, Subscription
from tests import make
from tests.groups.leaving import digest

AMINA = "amina@haki.example"
MOVING = (Affiliation, Seat, Subscription, Consent, Representative)


@dataclass
class Office:
    """Rosa holds the seats of Haki in two caucuses, one of them read on the site; Ben is its other representative."""

    ngo: Ngo
    rosa: Person
    holder: Representative
    ben: Representative
    caucuses: list[Caucus]
    groups: list[EmailGroup]
    seats: list[Seat]

    def offered(self, by: Person | None = None, **more: Any) -> HandOver:
        """Rosa offers her seats to Amina, or somebody else does."""
        to = {"name": "Amina", "address": AMINA, "language": "en", "seat_ids": [one.id for one in self.seats]}
        with transaction():
            return hand_overs.offer(self.holder, Successor(**to | more), by=by or self.rosa)


def office() -> Office:
    """Made anew."""
    ngo, rosa, ben = make.ngo("Haki"), make.person("Rosa", "rosa@haki.example"), make.person("Ben")
    holder, other = make.representative(rosa, ngo), make.representative(ben, ngo, admin=True)
    caucuses = [make.caucus("water"), make.caucus("peace")]
    groups, seats = [make.group(one) for one in caucuses], []
    for caucus, group in zip(caucuses, groups, strict=True):
        seat = make.keep(Seat(ngo_id=ngo.id, caucus_id=caucus.id, since=clock.now()))
        seats.append(seat)
        with transaction():
            agreed = consent.keep(consent.shown(caucus))
            consent.give(rosa, caucus, agreed, form="join", asked_at=clock.now())
            affiliation.activate(affiliation.wait(rosa, caucus, by=rosa), by=rosa, seat=seat)
            db.session.add(Subscription(group_id=group.id, person_id=rosa.id, since=clock.now()))
    with transaction():
        pauses.set_mode(rosa, groups[1], Mode.NONE, by=rosa)
        pauses.pause(rosa, caucuses[0], None, (clock.now() + timedelta(days=5)).date(), by=rosa)
    return Office(ngo, rosa, holder, other, caucuses, groups, seats)


def amina_elsewhere() -> Person:
    """Amina, to whom seats are offered, and who is in a caucus of her own already."""
    own = make.caucus("own")
    return make.member(own, make.person("Amina", AMINA), make.group(own))


def of(person: Person) -> dict[str, Any]:
    """Every column of every row of ``person`` that a hand-over moves."""
    found = {}
    for name, rows in digest(*MOVING).items():
        found[name] = [
            row
            for row in rows
            if any(pair in row for pair in (("person_id", str(person.id)), ("holder_id", str(person.id))))
        ]
    return found


def stands(person: Person, caucus: Caucus) -> str | None:
    """In which state a person is in a caucus."""
    place = directory.affiliation(person, caucus)
    return place.state.value if place else None


def named(person: Person, name: str, address: str, words: str) -> HandOver:
    """An offer to somebody of this name, made by ``person`` and answered by them."""
    holder = make.representative(make.person(), make.ngo())
    typed = {"name": name, "address": address, "address_key": address, "language": "en", "words": words}
    offer = {"asked_by_id": person.id, "successor_id": person.id, "asked_at": clock.now(), "seat_ids": []}
    return make.keep(HandOver(representative_id=holder.id, **typed, **offer))
