"""Who is told what an erased person leaves empty: the organisation of its seats, the secretariat of caucuses without a coordinator.

The letters name nobody: whoever needs to know sees the empty seat.
"""

from collections import defaultdict
from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from caucusmail.accounts.models import Person, SiteRole
from caucusmail.database import db
from caucusmail.delivery import ledger
from caucusmail.delivery.ledger import To
from caucusmail.directory import keeping, representation
from caucusmail.directory.models import Caucus, Ngo, Seat
from caucusmail.languages import pick
from caucusmail.mail.rendering import Letter
from caucusmail.privacy import letters


def seats(person: Person) -> Sequence[Seat]:
    """The seats that the person holds, with organisation and caucus."""
    return db.session.scalars(
        select(Seat)
        .where(Seat.holder_id == person.id, Seat.until.is_(None))
        .options(joinedload(Seat.ngo), joinedload(Seat.caucus))
        .order_by(Seat.ngo_id, Seat.id)
    ).all()


def tell(person: Person) -> None:
    """Write to who looks after each of the person's organisations, else to the secretariat; and where nobody coordinates."""
    by_ngo: dict[Ngo, list[Caucus]] = defaultdict(list)
    for seat in seats(person):
        by_ngo[seat.ngo].append(seat.caucus)
    for ngo, caucuses in by_ngo.items():
        admins = [one.person for one in representation.speaking(ngo) if one.admin and one.person_id != person.id]
        for reader in admins or secretariat(person):
            names = [pick(one.names, reader.languages) for one in caucuses]
            _write(reader, letters.seat_empty(reader, ngo, names, looks_after=bool(admins)), ("ngos", ngo.id))
    left = keeping.left_alone(person)
    for reader in secretariat(person) if left else ():
        names = [pick(one.names, reader.languages) for one in left]
        _write(reader, letters.nobody_coordinates(reader, names), ("caucuses", left[0].id))


def secretariat(besides: Person | None = None) -> Sequence[Person]:
    """Everybody of the secretariat who is written to, by id; without ``besides``."""
    wanted = select(Person).where(Person.role == SiteRole.SECRETARIAT, Person.left_at.is_(None)).order_by(Person.id)
    return [one for one in db.session.scalars(wanted) if one is not besides]


def _write(reader: Person, letter: Letter, about: tuple[str, int]) -> None:
    ledger.enqueue(letter, To(reader.address, reader.name, reader.id, reader.zone), about=about)
