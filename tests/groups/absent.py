"""Somebody is away for a time, and a colleague stands in."""

from datetime import date, timedelta
from typing import Any

from caucusmail import clock
from caucusmail.accounts.models import Person
from caucusmail.database import transaction
from caucusmail.directory.absence_models import Absence
from caucusmail.directory.models import Affiliation, Ngo, Representative, Seat
from caucusmail.groups import deputies
from caucusmail.groups.deputies import Away
from tests import letters, make


class Seated:
    """Rosa sits for Haki in a room's caucus; Amina speaks for Haki too, and is in no caucus."""

    def __init__(self, room: Any, **more: Any) -> None:
        self.room, self.ngo = room, make.ngo("Haki")
        self.rosa, self.holder, self.seat = sits(room, self.ngo, "Rosa", **more)
        self.amina = make.person("Amina", "amina@haki.example", **more)
        self.term = make.representative(self.amina, self.ngo)

    def away(self, **more: Any) -> Absence:
        """Amina has agreed to stand in, from now for ten days, unless it is said otherwise."""
        return away(self.holder, self.amina, **more)


def sits(room: Any, ngo: Ngo, name: str, **more: Any) -> tuple[Person, Representative, Seat]:
    """Somebody who speaks for ``ngo`` and sits for it in the room's caucus."""
    person = make.person(name, f"{name.lower()}@haki.example", **more)
    holder = make.representative(person, ngo)
    seat = make.keep(Seat(ngo_id=ngo.id, caucus_id=room.caucus.id, holder_id=person.id, since=clock.now()))
    make.member(room.caucus, person, room.group, seat_id=seat.id)
    return person, holder, seat


def asked(
    holder: Representative, deputy: Person, first: date | None = None, back: date | None = None, days: int = 10
) -> Absence:
    """A deputy is asked, and has not answered."""
    away = Away(deputy.id, first, back or (clock.now() + timedelta(days=days)).date())
    with transaction():
        return deputies.offer(holder, away, by=holder.person)


def away(holder: Representative, deputy: Person, **more: Any) -> Absence:
    """A deputy has agreed."""
    made = asked(holder, deputy, **more)
    with transaction():
        deputies.accept(made)
    return made


def link(person: Person) -> str:
    """The path of the link in the last letter that asks them."""
    return letters.link(
        [one for one in letters.to(person.address) if "You are asked to stand in" in one["Subject"]][-1], "/deputy/"
    )


def places(person: Person) -> list[Affiliation]:
    """What they are in."""
    return [one for one in make.rows(Affiliation) if one.person_id == person.id]
