"""The list of a caucus's members as a file: for those who keep it, for a reason that is written down and that others can read."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select

from caucusmail import clock
from caucusmail.accounts.models import Person
from caucusmail.audit import journal
from caucusmail.audit.models import AuditEntry
from caucusmail.database import db
from caucusmail.directory import looked_at, roster, visibility
from caucusmail.directory.models import Affiliation, Caucus
from caucusmail.directory.roster import Member, NoReason, NoRoster
from caucusmail.directory.visibility import Viewer
from caucusmail.errors import NotAllowed
from caucusmail.languages import _

TOLD_FOR = timedelta(days=365)
LONGEST_REASON = 500  # characters


@dataclass(frozen=True)
class Line:
    """One member as the file shows them; ``address`` is "" unless it was asked for."""

    member: Member
    address: str


@dataclass(frozen=True)
class Taking:
    """That somebody took the list. ``by``: "" if they are forgotten since; ``reason``: "" for who does not keep the caucus."""

    at: datetime
    by: str
    reason: str
    members: int
    addresses: bool


def allowed(caucus: Caucus, by: Viewer) -> None:
    """Whether ``by`` may take the list at all.

    :raises NoRoster: they do not keep this caucus.
    """
    if not by.keeps_caucus(caucus.id):
        raise NoRoster


def take(caucus: Caucus, by: Viewer, reason: str, *, addresses: bool = False) -> Sequence[Line]:
    """Everybody who is in, as ``by`` may see them; who took it, why and whether with addresses, is written down.

    :raises NoRoster: they do not keep this caucus.
    :raises NotAllowed: addresses are not theirs to see.
    :raises NoReason: none is given.
    """
    allowed(caucus, by)
    if addresses and not visibility.may_see_addresses(by):
        raise NotAllowed
    if not reason.strip():
        raise NoReason("reason", _("Say what you need the list for. The reason is kept with your name."))
    members = roster.everybody(caucus, by)
    known = _addresses([one.affiliation_id for one in members]) if addresses else {}
    journal.record(
        looked_at.TAKEN,
        caucus,
        by.person,
        reason=reason.strip(),
        places=[one.affiliation_id for one in members],
        addresses=addresses,
        role=by.role,
    )
    return [Line(one, known.get(one.affiliation_id, "")) for one in members]


def _addresses(place_ids: Sequence[int]) -> dict[int, str]:
    rows = db.session.execute(
        select(Affiliation.id, Person.address).join(Affiliation.person).where(Affiliation.id.in_(place_ids))
    )
    return {place_id: address for place_id, address in rows}


def takings(caucus: Caucus, by: Viewer) -> Sequence[Taking]:
    """Who took the list within a year, the latest first: for those who keep the caucus with the reason, for its members without.

    :raises NoRoster: for anybody else.
    """
    keeps = by.keeps_caucus(caucus.id)
    if not keeps and caucus.id not in by.member_of:
        raise NoRoster
    rows = db.session.execute(
        select(AuditEntry, Person.name)
        .outerjoin(Person, Person.id == AuditEntry.by_id)
        .where(
            AuditEntry.subject_kind == Caucus.__tablename__,
            AuditEntry.subject_id == caucus.id,
            AuditEntry.verb == looked_at.TAKEN,
            AuditEntry.at > clock.now() - TOLD_FOR,
        )
        .order_by(AuditEntry.id.desc())
    )
    return [
        Taking(
            entry.at, name or "", entry.reason if keeps else "", len(entry.detail["places"]), entry.detail["addresses"]
        )
        for entry, name in rows
    ]
