"""The made-up names of members, caucus by caucus: which one somebody gets, and whether it can be written to."""

import secrets
import struct
from collections.abc import Iterator, Sequence
from datetime import timedelta
from typing import Any

from sqlalchemy import ColumnElement, and_, or_, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import contains_eager

from caucusmail import clock, tokens
from caucusmail.accounts.models import Person
from caucusmail.database import db
from caucusmail.directory import made_up
from caucusmail.directory.models import Affiliation, AffiliationState, Caucus, RosterPolicy, Shown
from caucusmail.directory.pseudonym_models import Pseudonym

ANSWERED_FOR = timedelta(days=30)
"""How long whoever wrote without showing a pseudonym can be answered through theirs."""

MAILBOX_BYTES = 10


def of(place: Affiliation) -> Pseudonym | None:
    """The pseudonym that was made for this membership."""
    return db.session.scalar(select(Pseudonym).where(Pseudonym.affiliation_id == place.id))


def of_person(person: Person) -> dict[int, Pseudonym]:
    """All that were made for a person, by caucus; one statement."""
    found = db.session.scalars(select(Pseudonym).join(Pseudonym.affiliation).where(Affiliation.person_id == person.id))
    return {one.caucus_id: one for one in found}


def coming(place: Affiliation) -> str:
    """The name that this membership has or would get; nothing is written."""
    had = of(place)
    return had.name if had else next(_names(place))


def take(place: Affiliation) -> Pseudonym:
    """The pseudonym of this membership, made now if there is none. Flushes for the id."""
    for name in _names(place):
        had = of(place)
        if had is not None:
            return had
        _insert(place, name)  # of two at once, one is kept: read again which
    raise AssertionError  # there is always another name


def _insert(place: Affiliation, name: str) -> None:
    others = [one.mailbox for one in of_person(place.person).values()]
    mailbox = secrets.token_hex(MAILBOX_BYTES)
    while made_up.alike(mailbox, others):
        mailbox = secrets.token_hex(MAILBOX_BYTES)
    values = {"affiliation_id": place.id, "caucus_id": place.caucus_id, "name": name, "mailbox": mailbox}
    insert: Any = postgresql.insert if db.engine.dialect.name == "postgresql" else sqlite.insert
    made = insert(Pseudonym).values(**values, reachable=True, made_at=clock.now())
    db.session.execute(made.on_conflict_do_nothing())


def _names(place: Affiliation) -> Iterator[str]:
    """Names that are free in the caucus and unlike the person's others, always in the same order: what a page showed before
    is what is taken. A key of ours makes them, so that nobody can tell whose number they came from."""
    others = [one.name for one in of_person(place.person).values()]
    attempt = 0
    while True:
        name = made_up.name(
            int.from_bytes(tokens.mac("caucusmail:pseudonym", struct.pack(">QQ", place.id, attempt), 8))
        )
        attempt += 1
        if not made_up.alike(name, others) and not _taken(place.caucus_id, name):
            yield name


def _taken(caucus_id: int, name: str) -> bool:
    there = select(Pseudonym.id).where(Pseudonym.caucus_id == caucus_id, Pseudonym.name == name)
    return db.session.scalar(there) is not None


def open_now() -> ColumnElement[bool]:
    """SQL, over pseudonyms with affiliation and caucus: whether letters to it are taken. It is shown to members and they may
    write to it, or its person wrote to one of them lately."""
    lately = Pseudonym.written_at > clock.now() - ANSWERED_FOR
    return and_(
        Affiliation.state == AffiliationState.ACTIVE,
        Caucus.roster == RosterPolicy.MEMBERS,
        or_(and_(Pseudonym.reachable, Affiliation.shown == Shown.PSEUDONYM), lately),
    )


def written_to(mailbox: str) -> Pseudonym | None:
    """The pseudonym behind a mailbox that takes letters now; None: there is none, or not any more, or not now."""
    return db.session.scalar(
        select(Pseudonym)
        .join(Pseudonym.affiliation)
        .join(Affiliation.caucus)
        .where(Pseudonym.mailbox == mailbox, open_now())
        .options(contains_eager(Pseudonym.affiliation).contains_eager(Affiliation.caucus))
    )


def shown_in(place_ids: Sequence[int]) -> dict[int, Pseudonym]:
    """The pseudonyms of these memberships, by membership."""
    found = db.session.scalars(select(Pseudonym).where(Pseudonym.affiliation_id.in_(place_ids)))
    return {one.affiliation_id: one for one in found}
