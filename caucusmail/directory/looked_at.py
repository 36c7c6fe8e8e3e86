"""Who looked at somebody's address, or took a list with them on it along: as it is told to whom it is about.

By the role in which it was done and never by name: whoever coordinates a group may be at risk too.
"""

from typing import Any

from sqlalchemy import and_, or_, select
from sqlalchemy.orm import joinedload

from caucusmail import languages
from caucusmail.accounts.models import Person
from caucusmail.audit.models import AuditEntry
from caucusmail.database import db
from caucusmail.directory.models import Affiliation

SHOWN, TAKEN = "address.shown", "roster.exported"
"""What the journal calls them: the one is about a membership, the other about a caucus, with ``places``, the memberships in the file."""


def entries(person_id: int) -> list[tuple[AuditEntry, Affiliation]]:
    """Every time that it was done, the oldest first, with the membership by which it concerns them."""
    places = {
        one.id: one
        for one in db.session.scalars(
            select(Affiliation).where(Affiliation.person_id == person_id).options(joinedload(Affiliation.caucus))
        )
    }
    in_caucus = {one.caucus_id: one for one in places.values()}
    rows = db.session.scalars(
        select(AuditEntry)
        .where(
            or_(
                and_(AuditEntry.verb == SHOWN, AuditEntry.subject_id.in_(places)),
                and_(AuditEntry.verb == TAKEN, AuditEntry.subject_id.in_(in_caucus)),
            )
        )
        .order_by(AuditEntry.id)
    )
    found = [(one, (places if one.verb == SHOWN else in_caucus)[one.subject_id or 0]) for one in rows]
    return [(one, place) for one, place in found if one.verb == SHOWN or place.id in one.detail["places"]]


def export(person: Person) -> list[dict[str, Any]]:
    """The same as plain values; ``addresses``: whether the address was seen too."""
    return [
        {
            "at": one.at.isoformat(),
            "what": one.verb,
            "caucus": languages.pick(place.caucus.names),
            "role": one.detail["role"],
            "addresses": one.verb == SHOWN or one.detail["addresses"],
        }
        for one, place in entries(person.id)
    ]
