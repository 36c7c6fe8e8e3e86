"""Cover addresses: what stands in the place of an address of somebody who is protected, in the ledger as everywhere.

A letter to a cover is made, at the very end, for the address that lies sealed under it; if the cover ``opens``, or if the
letter is one that leaves all the same. Any other is withdrawn as soon as it is owed. No table holds the address itself.
"""

import secrets
from collections.abc import Collection, Iterable, Sequence
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Select, delete, or_, select, update
from sqlalchemy.orm import aliased

from caucusmail import clock, seals, tokens
from caucusmail.database import db
from caucusmail.delivery.locking import in_order
from caucusmail.delivery.models import DUE, Cover, Delivery, DeliveryState, OutgoingMessage
from caucusmail.delivery.retry import Fault
from caucusmail.mail import addresses

USE = "caucusmail:covered-address"
LEAVES = ("accounts/", "announcements/entry_taken", "privacy/")
"""Kinds of letters that leave to a cover that does not open: those with which somebody comes back or stops who is not them, and
the end of an entry in their calendar."""
TOLD_LATER = ("directory/", "groups/")
"""Kinds of letters that say what was done with somebody's seats and places: they get them once it is over."""


class Under(NamedTuple):
    """What a cover covers."""

    address: str
    opens: bool  # whether every letter leaves to it

    def takes(self, kind: str) -> bool:
        """Whether a letter of this kind leaves."""
        return self.opens or kind.startswith(LEAVES)


def fingerprint(address_key: str) -> str:
    """Under which an address that is covered is found."""
    return tokens.fingerprint("covered-address", address_key)


def put(person_id: int, local: str, address: str, *, opens: bool) -> str:
    """Cover ``address`` of this person; the cover, made of ``local`` (lower case)."""
    cover = f"{local}@{addresses.COVERS}"
    sealed = seals.seal(USE, cover, address)
    mark = fingerprint(addresses.key(address))
    db.session.add(Cover(address_key=cover, person_id=person_id, covered_fingerprint=mark, sealed=sealed, opens=opens))
    db.session.flush()
    return cover


def covering(person_id: int, address: str) -> str:
    """What stands for ``address``, which has become one of somebody who is protected: a cover like their others, made if there is none."""
    key = addresses.key(address)
    if addresses.covered(key):
        return address
    own = select(Cover).where(Cover.person_id == person_id)
    there = db.session.scalar(own.where(Cover.covered_fingerprint == fingerprint(key)))
    if there is not None:
        return there.address_key
    opens = db.session.scalar(own.where(Cover.opens).limit(1)) is not None
    return put(person_id, secrets.token_hex(10), address, opens=opens)


def let_in(person_id: int, wanted: Collection[str], left: Collection[str] | None) -> None:
    """Through the covers ``wanted`` somebody is found, through those that ``left`` no more (None: through no other), for the address
    under them is none of theirs any longer."""
    for one in db.session.scalars(select(Cover).where(Cover.person_id == person_id)):
        if one.address_key in wanted:
            one.covered_fingerprint = fingerprint(addresses.key(seals.unseal(USE, one.address_key, one.sealed)))
        elif left is None or one.address_key in left:
            one.covered_fingerprint = ""


def take_off(person_id: int) -> None:
    """Forget the covers of this person; what is still owed to one is withdrawn."""
    keys = select(Cover.address_key).where(Cover.person_id == person_id)
    _withdraw(Delivery.address_key.in_(keys))
    db.session.execute(delete(Cover).where(Cover.person_id == person_id))


def people(address_key: str) -> Select[int]:
    """SELECT of the ids of those who are protected and read this mailbox, or the one that lies under this cover; the address
    itself is not in any table."""
    under_it = select(Cover.covered_fingerprint).where(Cover.address_key == address_key)
    same = aliased(Cover)
    mark = fingerprint(address_key)
    found = (same.covered_fingerprint == mark) | same.covered_fingerprint.in_(under_it)
    return select(same.person_id).where(found, same.covered_fingerprint != "")


def of(address_key: str) -> str | None:
    """The cover of this address, if it has one."""
    return db.session.scalar(
        select(Cover.address_key).where(Cover.covered_fingerprint == fingerprint(address_key)).limit(1)
    )


def under(address_keys: Iterable[str]) -> dict[str, Under]:
    """What lies under those of ``address_keys`` that are covers; one statement, none where there is no cover."""
    keys = {key for key in address_keys if addresses.covered(key)}
    if not keys:
        return {}
    rows = db.session.execute(select(Cover.address_key, Cover.sealed, Cover.opens).where(Cover.address_key.in_(keys)))
    return {cover: Under(seals.unseal(USE, cover, sealed), opens) for cover, sealed, opens in rows}


def of_person(person_id: int) -> list[str]:
    """The covers of this person."""
    return list(db.session.scalars(select(Cover.address_key).where(Cover.person_id == person_id)))


def hold_back(message: OutgoingMessage) -> int:
    """Withdraw the copies of ``message`` that are owed to a cover that does not open; how many."""
    shut = db.session.scalars(select(Cover.address_key).where(~Cover.opens)).all()
    if not shut or message.kind.startswith(LEAVES):
        return 0
    return _withdraw(Delivery.message_id == message.id, Delivery.address_key.in_(shut))


def hold_back_from(person_id: int) -> int:
    """Withdraw what is owed to this person under a cover that does not open, but the kinds that leave; how many copies."""
    shut = select(Cover.address_key).where(Cover.person_id == person_id, ~Cover.opens)
    leaves = or_(*(OutgoingMessage.kind.startswith(kind) for kind in LEAVES))
    return _withdraw(
        Delivery.person_id == person_id,
        Delivery.address_key.in_(shut),
        Delivery.message_id.not_in(select(OutgoingMessage.id).where(leaves)),
    )


def held_back(person_id: int, since: datetime, kinds: Sequence[str] = ("",)) -> Sequence[int]:
    """The ids of the copies for this person that were withdrawn since then because nothing was sent to them; of letters whose
    kind begins with one of ``kinds``."""
    why = (Delivery.state == DeliveryState.WITHDRAWN, Delivery.note == Fault.PROTECTED.value)
    return db.session.scalars(
        select(Delivery.id)
        .join(OutgoingMessage, OutgoingMessage.id == Delivery.message_id)
        .where(Delivery.person_id == person_id, *why, Delivery.settled_at >= since)
        .where(or_(*(OutgoingMessage.kind.startswith(kind) for kind in kinds)))
    ).all()


def _withdraw(*where: ColumnElement[bool]) -> int:
    result: Any = db.session.execute(
        update(Delivery)
        .where(in_order(*where, Delivery.state.in_(DUE)))
        .values(
            state=DeliveryState.WITHDRAWN,
            settled_at=clock.now(),
            note=Fault.PROTECTED.value,
            lease_until=None,
            lease_by="",
        )
        .execution_options(synchronize_session="fetch")
    )
    return int(result.rowcount)
