"""Take a person's name and addresses out of their own rows, in every table (``columns.OWN``), for as long as they are protected."""

from collections.abc import Callable, Iterator, Sequence
from itertools import chain
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Table, and_, or_, select

from caucusmail import tokens
from caucusmail.accounts.models import AddressChange, AskedAddress, Person, RecoveryState, SecondAddress
from caucusmail.accounts.queries import addresses_of, reached_at
from caucusmail.database import Model, db
from caucusmail.delivery import covers
from caucusmail.delivery.models import Delivery
from caucusmail.directory.applications import ApplicantState
from caucusmail.directory.hand_over_models import OfferState
from caucusmail.directory.models import Shown
from caucusmail.mail import addresses
from caucusmail.meetings import guests
from caucusmail.meetings.models import DoorName
from caucusmail.privacy import sealed
from caucusmail.privacy.columns import OWN, Known, Own, Put
from caucusmail.privacy.protection_models import Protection

OCTETS = 10
NOBODY = 0
"""The id of no person."""
SETTLED: dict[str, Callable[[Any], ColumnElement[bool]]] = {
    "asked_addresses": lambda table: table.c.used_at.is_not(None),
    "recoveries": lambda table: table.c.ended_at.is_not(None) | (table.c.state == RecoveryState.DONE),
    "applicants": lambda table: table.c.person_id.is_not(None),
    "hand_overs": lambda table: table.c.successor_id.is_not(None),
}
"""Of what was asked since: rows that are answered. An address that is to become somebody's has to stand there until it has, and what others
typed is theirs until then."""


class Hidden(NamedTuple):
    """What is hidden of a person: their name, and every address we know them by."""

    name: str
    addresses: Sequence[str]  # as they stand in the tables, those they can be reached at first
    reached: int  # how many these are
    known: Known


def of(person: Person) -> Hidden:
    """What there is to hide, as it stands in the tables now."""
    reached = list(addresses_of(person))
    second = select(SecondAddress.address).where(SecondAddress.person_id == person.id)
    asked = select(AskedAddress.address).where(AskedAddress.person_id == person.id)
    before = select(AddressChange.was).where(AddressChange.person_id == person.id)
    more = [*db.session.scalars(second), *db.session.scalars(asked), *chain(*db.session.scalars(before))]
    found = {addresses.key(one): one for one in [*more, *reversed(reached)] if one}
    keys = dict.fromkeys([addresses.key(one) for one in reached])
    alone = [key for key in keys if all(one.id == person.id for one in reached_at(key))]
    every = [*reached, *(one for key, one in found.items() if key not in keys)]
    return Hidden(person.name, every, len(reached), Known(person.id, frozenset(found), frozenset(alone)))


def was(protection: Protection) -> Hidden:
    """What is hidden of somebody who is protected: what stood there before."""
    person = protection.person
    people: Any = Person.__table__.c
    name = sealed.original(protection, people.name, person.id) or person.name
    under = covers.under(covers.of_person(person.id))
    former = [one for column in _addresses() for one in sealed.originals(protection, column)]
    reached = list(dict.fromkeys([one.address for one in under.values()]))
    every = list(dict.fromkeys([*former, *reached]))
    keys = frozenset(map(addresses.key, every))
    alone = frozenset(key for key in keys if all(one.id == person.id for one in reached_at(key)))
    return Hidden(name, every, len(reached), Known(person.id, keys, alone & set(map(addresses.key, reached))))


def _addresses() -> Iterator[Any]:
    for table in (Person, SecondAddress, AskedAddress):
        yield table.__table__.c.address


def stand_in(protection: Protection, address: str) -> str:
    """What stands for this address as long as this protection lasts: always the same, and nobody can tell for which."""
    key = addresses.key(address)
    if not key or addresses.covered(key):
        return address
    return f"{local(protection, key)}@{addresses.COVERS}"


def local(protection: Protection, key: str) -> str:
    """The part of it before the ``@``."""
    return tokens.mac("caucusmail:protected-address", f"{protection.id}:{key}".encode(), OCTETS).hex()


def hide(protection: Protection, known: Known) -> dict[str, int]:
    """Replace whatever stands in the person's own rows; how many rows of each table. What was replaced before stays as it is."""
    done = _hide(protection, known, OWN)
    done[DoorName.__tablename__] = _door_names(protection)
    return done


def hide_what_became_theirs(protection: Protection, known: Known) -> None:
    """Replace what somebody typed since (an invitation, seats to take over, another address), where the person has said yes to it;
    and where letters have gone that bear nobody's number.

    Before that it is whoever typed it that reads it again: another name there would tell them who is protected, and as whom.
    """
    _hide(protection, Known(protection.person_id, frozenset()), [one for one in OWN if one.table in SETTLED])
    ledger = [one for one in OWN if one.table == Delivery.__tablename__]
    _hide(protection, Known(NOBODY, frozenset(), known.alone), ledger, Delivery.settled_at.is_not(None))


def _settled(protection: Protection, table: Table) -> list[ColumnElement[bool]]:
    if table.name not in SETTLED:
        return []
    asked_at = table.c.made_at if table.name == "applicants" else table.c.asked_at
    return [SETTLED[table.name](table) | (asked_at <= protection.begun_at)]


def _hide(protection: Protection, known: Known, tables: Sequence[Own], *also: ColumnElement[bool]) -> dict[str, int]:
    done: dict[str, int] = {}
    for own in tables:
        table = Model.metadata.tables[own.table]
        rows = _rows(own, and_(own.whose(known, table), *_settled(protection, table), *also))
        numbers = [
            sealed.replace(protection, column, _changes(protection, put, rows, place))
            for place, (column, put) in enumerate(own.columns().items(), 1)
        ]
        done[own.table] = done.get(own.table, 0) + max(numbers, default=0)
    return done


def _rows(own: Own, whose: ColumnElement[bool]) -> Sequence[Any]:
    """Key and columns of each row, locked in the order in which everybody locks them."""
    columns = list(own.columns())
    key = sealed.key_of(columns[0])
    return db.session.execute(select(key, *columns).where(whose).order_by(key).with_for_update()).all()


def _changes(protection: Protection, put: Put, rows: Sequence[Any], place: int) -> Iterator[tuple[Any, Any, Any]]:
    made: dict[Any, Any] = {}  # most rows of the ledger hold the same
    for row in rows:
        was = row[place]
        if isinstance(was, str):
            if was not in made:
                made[was] = _put(protection, put, was)
            yield row[0], was, made[was]
        else:
            yield row[0], was, _put(protection, put, was)


def _put(protection: Protection, put: Put, was: Any) -> Any:
    if put is Put.NAME:
        return was and protection.stands_for
    if put is Put.ADDRESS:
        return was and stand_in(protection, was)
    if put is Put.ADDRESSES:
        return [stand_in(protection, one) for one in was]
    if put is Put.NOTHING:
        return Shown.NOTHING
    if put is Put.OVER:
        return OfferState.LAPSED if isinstance(was, OfferState) else ApplicantState.EXPIRED
    return None if put is Put.NONE else was and ""


def before(protection: Protection) -> set[str]:
    """The keys of all addresses that were theirs before."""
    return {addresses.key(one) for column in _addresses() for one in sealed.originals(protection, column)}


def uncover(protection: Protection, person: Person, known: set[str]) -> None:
    """What was written while they were protected, under the made-up name and covers of addresses that are theirs or were
    (``known``), bears their own.

    Call it when everything was put back, before the covers are taken off. Of a safe address the covers stay, for nobody here knows it.
    """
    mine = known | set(map(addresses.key, addresses_of(person)))
    under = {cover: one.address for cover, one in covers.under(covers.of_person(person.id)).items()}
    under = {cover: address for cover, address in under.items() if addresses.key(address) in mine}
    stands = {protection.stands_for: person.name} | under
    whom = Known(person.id, frozenset(under), frozenset(under))
    for own in OWN:
        puts = own.columns()
        texts = [column.in_(stands) for column, put in puts.items() if put in (Put.NAME, Put.ADDRESS)]
        lists = [column.is_not(None) for column, put in puts.items() if put is Put.ADDRESSES]
        if not texts:
            continue
        rows = _rows(own, own.whose(whom, Model.metadata.tables[own.table]) & or_(*texts, *lists))
        for place, column in enumerate(puts, 1):
            new = [(row[0], row[place], _own(stands, column, row[place])) for row in rows]
            sealed.put(column, [(key, after) for key, before, after in new if after != before])


def _own(stands: dict[str, str], column: Any, was: Any) -> Any:
    """What stands there once nobody is protected any more."""
    if isinstance(was, list):
        return [stands.get(one, one) for one in was]
    if not isinstance(was, str) or was not in stands:
        return was
    return addresses.key(stands[was]) if column.name.endswith("_key") else stands[was]


def _door_names(protection: Protection) -> int:
    """The seals on lists for doors are made anew, over the made-up name."""
    column: Any = DoorName.__table__.c.sealed
    renamed = guests.renamed(protection.person_id, protection.stands_for)
    return sealed.replace(protection, column, renamed)


def cover(protection: Protection, person: Person, reached: Sequence[str], address: str | None) -> None:
    """Put covers over where the person is reached, before anything is hidden; ``address``: the one that everything goes to.

    Call it before ``hide``; the main address is what stands for ``address`` afterwards.
    """
    for one in reached:
        opens = address is not None and addresses.key(one) == addresses.key(address)
        covers.put(person.id, local(protection, addresses.key(one)), one, opens=opens)
    if address is not None and addresses.key(address) not in map(addresses.key, reached):
        covers.put(person.id, local(protection, addresses.key(address)), address, opens=True)
