"""Addresses to which nothing is sent, kept as keyed fingerprints.

Letters that somebody has just asked for (to sign in, to confirm) leave all the same: they are how a person comes back.
"""

from collections.abc import Iterable, Sequence
from typing import Any

from sqlalchemy import delete, select, update
from sqlalchemy.dialects import postgresql, sqlite

from caucusmail import clock, tokens
from caucusmail.database import db
from caucusmail.delivery import withdrawal
from caucusmail.delivery.models import DUE, AddressTrouble, Delivery, Lane, Suppression
from caucusmail.mail import addresses

NOTE = "suppressed"
"""Why a copy was withdrawn (``Delivery.note``)."""

ERASED = "erased"
"""Whoever read there had themselves erased: nobody writes there again, unless they sign up by themselves."""

REACHES = (Lane.URGENT, Lane.ANNOUNCE, Lane.BULK)
"""Lanes of which nothing is sent to a suppressed address."""


def mark(address: str) -> str:
    """The fingerprint under which ``address`` is suppressed."""
    return _mark(addresses.key(address))


def _mark(address_key: str) -> str:
    return tokens.fingerprint("suppression", address_key)


def suppressed(address_keys: Iterable[str], reason: str = "") -> set[str]:
    """Those of ``address_keys`` (``mail.addresses.key``) to which nothing is sent; for this ``reason``, if one is named. One
    statement, whatever their number."""
    marks = {_mark(key): key for key in set(address_keys)}
    if not marks:
        return set()
    every = select(Suppression.address_fingerprint)
    every = every.where(Suppression.reason == reason) if reason else every
    few = every.where(Suppression.address_fingerprint.in_(list(marks))) if len(marks) <= 500 else every
    return {marks[found] for found in db.session.scalars(few) if found in marks}


def suppress(address: str, reason: str, *, person_id: int | None = None, words: str = "") -> bool:
    """Send nothing more to ``address``; what is due there is withdrawn. Whether that is new."""
    insert: Any = postgresql.insert if db.engine.dialect.name == "postgresql" else sqlite.insert
    values = {
        "address_fingerprint": mark(address),
        "reason": reason,
        "since": clock.now(),
        "person_id": person_id,
        "shown": addresses.masked(address),
        "words": words[:500],
    }
    statement = insert(Suppression).values(**values).on_conflict_do_nothing()
    new = db.session.scalar(statement.returning(Suppression.address_fingerprint))
    due = db.session.scalars(
        select(Delivery.id).where(
            Delivery.address_key == addresses.key(address), Delivery.state.in_(DUE), Delivery.lane.in_(REACHES)
        )
    ).all()
    withdrawal.withdraw(due, NOTE)
    return new is not None


def left_alone(address: str) -> bool:
    """Whether whoever read at ``address`` was erased, and asked that nobody puts it on a list again."""
    return bool(suppressed([addresses.key(address)], ERASED))


def remember(address: str) -> None:
    """Keep of an erased person's address its keyed fingerprint and the day; no word of who it was."""
    suppress(address, ERASED)
    db.session.execute(
        update(Suppression).where(Suppression.address_fingerprint == mark(address)).values(shown="", words="")
    )


def came_back(address: str) -> None:
    """Whoever reads at ``address`` is here again by their own wish."""
    db.session.execute(
        delete(Suppression).where(Suppression.address_fingerprint == mark(address), Suppression.reason == ERASED)
    )


def lift(fingerprint: str) -> Suppression | None:
    """Write to this address again, with nothing held against it; what was lifted, or None if it was not suppressed."""
    found = db.session.get(Suppression, fingerprint)
    if found is not None:
        db.session.delete(found)
        db.session.execute(delete(AddressTrouble).where(AddressTrouble.address_fingerprint == fingerprint))
    return found


def listed(limit: int = 200) -> Sequence[Suppression]:
    """What is suppressed and could be lifted, the newest first."""
    kept = select(Suppression).where(Suppression.reason != ERASED)
    return db.session.scalars(kept.order_by(Suppression.since.desc()).limit(limit)).all()
