"""Who may see what of whom: the one rule for page, export, search, feed and calendar.

Every query that lists people takes a ``Viewer``. Nothing else in the house decides what of a person is shown.
"""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import literal, select, union_all

from caucusmail import clock
from caucusmail.accounts.models import Person, SiteRole
from caucusmail.database import db
from caucusmail.directory.models import (
    Affiliation,
    AffiliationState,
    Caucus,
    Keeper,
    KeeperRole,
    Representative,
    RosterPolicy,
    Shown,
)


@dataclass(frozen=True)
class Viewer:
    """Somebody who looks: a person with all that lets them see more than a stranger does."""

    person: Person | None
    secretariat: bool = False
    keeps: frozenset[int] = frozenset()  # caucuses they coordinate now
    administers: frozenset[int] = frozenset()  # NGOs whose administrator they are now
    member_of: frozenset[int] = frozenset()  # caucuses in which they are active

    @property
    def id(self) -> int | None:
        """The person's id; None for a stranger."""
        return self.person.id if self.person else None

    def keeps_caucus(self, caucus_id: int) -> bool:
        """Whether they may act for this caucus: its coordinator, or the secretariat."""
        return self.secretariat or caucus_id in self.keeps

    @property
    def role(self) -> str:
        """In which role they act for a caucus that they keep, as it is told to those it concerns."""
        return "secretariat" if self.secretariat else KeeperRole.COORDINATOR.value


STRANGER = Viewer(None)
"""Somebody of whom nothing is known."""


def fellow(caucus_id: int) -> Viewer:
    """Somebody who sees of one caucus what its members see of each other, and is nobody by themselves."""
    return Viewer(None, member_of=frozenset({caucus_id}))


def viewer(person: Person) -> Viewer:
    """What ``person`` is in this house, now; one statement."""
    now = clock.now()
    present = Keeper.until.is_(None) | (Keeper.until > now)
    speaking = Representative.until.is_(None) | (Representative.until > now)
    rows: Any = db.session.execute(  # words of our own: the columns of a union share one type
        union_all(
            select(literal("keeps").label("what"), Keeper.caucus_id.label("of")).where(
                Keeper.person_id == person.id, Keeper.role == KeeperRole.COORDINATOR, Keeper.since <= now, present
            ),
            select(literal("member of"), Affiliation.caucus_id).where(
                Affiliation.person_id == person.id, Affiliation.state == AffiliationState.ACTIVE
            ),
            select(literal("administers"), Representative.ngo_id).where(
                Representative.person_id == person.id, Representative.admin, Representative.since <= now, speaking
            ),
        )
    ).all()
    return Viewer(
        person,
        secretariat=person.role is SiteRole.SECRETARIAT,
        keeps=frozenset(of for what, of in rows if what == "keeps"),
        administers=frozenset(of for what, of in rows if what == "administers"),
        member_of=frozenset(of for what, of in rows if what == "member of"),
    )


def may_see_roster(by: Viewer, caucus: Caucus) -> bool:
    """Whether ``by`` may see who is in ``caucus`` at all."""
    if by.keeps_caucus(caucus.id):
        return True
    return caucus.roster is RosterPolicy.MEMBERS and caucus.id in by.member_of


def shown_of(by: Viewer, affiliation: Affiliation) -> Shown:
    """How much of this affiliation's person ``by`` may see: keepers and secretariat name and organisation, co-members
    what the person chose, strangers nothing. An address is never part of it."""
    caucus = affiliation.caucus
    if by.keeps_caucus(caucus.id) or (by.id is not None and by.id == affiliation.person_id):
        return Shown.NAME_AND_ORGANISATION
    return affiliation.shown if may_see_roster(by, caucus) else Shown.NOTHING


def shown_to_members(affiliation: Affiliation) -> Shown:
    """What a fellow member without any office may see of this person; keepers and secretariat see name and organisation."""
    return affiliation.shown if affiliation.caucus.roster is RosterPolicy.MEMBERS else Shown.NOTHING


def may_see_address(by: Viewer, person_id: int) -> bool:
    """Whether ``by`` may see this person's address in full: the person, and the secretariat (each look is journalled)."""
    return by.secretariat or by.id == person_id


def may_see_addresses(by: Viewer) -> bool:
    """Whether ``by`` may take the addresses of a whole caucus with its list: the secretariat (for a reason that is kept)."""
    return by.secretariat


def may_see_given_address(by: Viewer, caucus_id: int, *, agreed: bool) -> bool:
    """Whether ``by`` may see the address of somebody who ``agreed``, for one purpose, that those who keep a caucus write to them."""
    return agreed and by.keeps_caucus(caucus_id)


def may_read_journal(by: Viewer) -> bool:
    """Whether ``by`` may read who did what: the secretariat. It tells of every caucus, so no coordinator may."""
    return by.secretariat
