"""Somebody who keeps a caucus asks that one of its members be protected; another one who keeps it, or one of the secretariat, agrees.

Two people look at it, within a day; nobody is told anything of the member that they could not read before. Whoever is protected
is written to, and can end it by themselves at any time. An organisation's own administrator needs nobody else (``at_once``).
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, delete, select, update
from sqlalchemy.orm import joinedload

from caucusmail import clock
from caucusmail.accounts import queries as accounts
from caucusmail.accounts.models import Person
from caucusmail.accounts.two_people import NotByTheSame
from caucusmail.audit import journal
from caucusmail.audit.models import AuditEntry
from caucusmail.database import db, delete_some, lock, moved
from caucusmail.delivery import ledger
from caucusmail.directory import keeping
from caucusmail.directory.models import Affiliation, AffiliationState, Caucus, KeeperRole, Representative
from caucusmail.directory.visibility import Viewer
from caucusmail.errors import Conflict, NotFound, TooMany
from caucusmail.groups import letters as groups
from caucusmail.languages import _
from caucusmail.mail.rendering import Letter
from caucusmail.privacy import protecting, protection_letters
from caucusmail.privacy.asking_models import AskingState, ProtectionAsking
from caucusmail.privacy.protection_models import How, Protection
from caucusmail.throttle import limits
from caucusmail.throttle.limits import Limit

GOOD_FOR = timedelta(hours=24)
KEPT = timedelta(days=30)
MOST_WRITTEN = 5  # of those who could agree
ASKED = Limit("protection-asked", 10, timedelta(days=1))


class EndedIt(Conflict):
    """One person alone does not protect again whoever ended it."""


class Answered(Conflict):
    """Somebody has answered it, it was taken back, or a day has passed."""


class AskedAlready(Conflict):
    """Somebody else has asked for the same."""


def member(by: Viewer, caucus: Caucus, affiliation_id: int) -> Affiliation:
    """A member of ``caucus`` whom ``by`` may have protected, with another one.

    :raises NotFound: no such member, one who is protected already, or none of the viewer's business.
    """
    place = db.session.get(Affiliation, affiliation_id)
    if place is None or place.caucus_id != caucus.id or not by.keeps_caucus(caucus.id):
        raise NotFound
    if place.state is not AffiliationState.ACTIVE or place.person.shelter is not None:
        raise NotFound
    return place


def waiting(place: Affiliation) -> ProtectionAsking | None:
    """What was asked for this member and can be answered now, in whichever caucus."""
    return db.session.scalar(
        select(ProtectionAsking).where(ProtectionAsking.person_id == place.person_id, *_open()).limit(1)
    )


def _open() -> tuple[ColumnElement[bool], ...]:
    return ProtectionAsking.state == AskingState.OPEN, ProtectionAsking.asked_at > clock.now() - GOOD_FOR


def ask(place: Affiliation, *, by: Person) -> ProtectionAsking:
    """Ask that this member be protected; those who could agree are written to. Flushes for the id.

    :raises AskedAlready: somebody has, a moment ago.
    :raises TooMany: too often today.
    """
    _count(by)
    lock(place.person)
    if waiting(place) is not None:
        raise AskedAlready(_("This is asked for already. Somebody else has to agree."))
    _lapse(place.person_id)
    made = ProtectionAsking(person_id=place.person_id, caucus_id=place.caucus_id, by_id=by.id, asked_at=clock.now())
    db.session.add(made)
    journal.record("protection.asked", made, by, caucus=place.caucus_id)
    for one in _seconds(made)[:MOST_WRITTEN]:
        ledger.enqueue(protection_letters.second(one), groups.to(one), about=(ProtectionAsking.__tablename__, made.id))
    return made


def _count(by: Person) -> None:
    if not limits.hit(ASKED, str(by.id)):
        raise TooMany(_("You have asked for this several times today. Please speak to the secretariat."))


def _lapse(person_id: int) -> None:
    """Close what nobody answered within its day."""
    db.session.execute(
        update(ProtectionAsking)
        .where(ProtectionAsking.person_id == person_id, ProtectionAsking.state == AskingState.OPEN)
        .values(state=AskingState.WITHDRAWN, answered_at=clock.now())
    )


def _seconds(asked: ProtectionAsking) -> list[Person]:
    """Who could agree: the other coordinators of the caucus first, then the secretariat."""
    keepers = [one.person for one in keeping.serving(asked.caucus) if one.role is KeeperRole.COORDINATOR]
    found = dict.fromkeys([*keepers, *accounts.secretariat()])
    return [one for one in found if one.id not in (asked.by_id, asked.person_id)]


def for_second(by: Viewer) -> Sequence[ProtectionAsking]:
    """What ``by`` is asked to agree to, and what they have asked themselves; the oldest first."""
    if by.id is None or not (by.secretariat or by.keeps):
        return []
    mine = ProtectionAsking.caucus_id.in_(by.keeps)
    return db.session.scalars(
        select(ProtectionAsking)
        .where(*_open(), ProtectionAsking.person_id != by.id, *(() if by.secretariat else (mine,)))
        .options(
            joinedload(ProtectionAsking.person), joinedload(ProtectionAsking.by), joinedload(ProtectionAsking.caucus)
        )
        .order_by(ProtectionAsking.asked_at, ProtectionAsking.id)
    ).all()


def one(by: Viewer, asking_id: int) -> ProtectionAsking:
    """One of them, in whatever state.

    :raises NotFound: there is none, or it is none of the viewer's business.
    """
    found = db.session.get(ProtectionAsking, asking_id)
    if found is None or not by.keeps_caucus(found.caucus_id) or found.person_id == by.id:
        raise NotFound
    return found


def agree(asked: ProtectionAsking, *, by: Person) -> Protection:
    """Protect the member now, as somebody else has asked, and write to them; whoever asked is told that it is done.

    :raises caucusmail.accounts.two_people.NotByTheSame: whoever agrees has asked themselves.
    :raises Answered: it is answered, or a day old.
    """
    if asked.by_id == by.id:
        raise NotByTheSame(_("Somebody else has to agree to this: two people look at it."))
    _answer(asked, AskingState.DONE, by)
    made = _protect(asked.person, How.TWO, by)
    _tell(asked, protection_letters.agreed(asked.by))
    return made


def at_once(one: Representative, *, by: Person) -> Protection:
    """Protect somebody who speaks for an organisation, by its administrator (or the secretariat), and write to them.

    :raises EndedIt: an administrator did so within thirty days, and they ended it by themselves.
    :raises TooMany: too often today.
    """
    _count(by)
    ended = select(AuditEntry.id).where(
        AuditEntry.verb == protecting.LIFTED,
        AuditEntry.by_id == one.person_id,
        AuditEntry.subject_kind == Protection.__tablename__,
        AuditEntry.subject_id.in_(
            select(Protection.id).where(Protection.person_id == one.person_id, Protection.how == How.ADMINISTRATOR)
        ),
        AuditEntry.at > clock.now() - KEPT,
    )
    if db.session.scalar(ended.limit(1)) is not None:
        raise EndedIt(
            _(
                "They ended this by themselves lately, so it takes two people now: ask a coordinator of one of their groups, or the secretariat."
            )
        )
    return _protect(one.person, How.ADMINISTRATOR, by)


def by_themselves(person: Person, *, until: datetime | None, address: str | None) -> Protection:
    """Protect ``person`` at their own wish, and write to them: the link of a letter may have come into other hands.

    :raises caucusmail.privacy.protecting.NotAhead, caucusmail.privacy.protecting.ProtectedAlready: see there.
    :raises caucusmail.mail.addresses.BadAddress: ``address`` is none.
    """
    return _protect(person, How.SELF, person, until=until, address=address)


def _protect(
    person: Person, how: How, by: Person, *, until: datetime | None = None, address: str | None = None
) -> Protection:
    made = protecting.protect(person, by=by, how=how, until=until, address=address)
    db.session.refresh(person)
    ledger.enqueue(protection_letters.done(person), groups.to(person), about=(Person.__tablename__, person.id))
    return made


def decline(asked: ProtectionAsking, *, by: Person) -> None:
    """Say no; whoever has asked takes it back by this. Whoever asked is told of somebody else's no.

    :raises Answered: it is answered, or a day old.
    """
    own = asked.by_id == by.id
    _answer(asked, AskingState.WITHDRAWN if own else AskingState.DECLINED, by)
    if not own:
        _tell(asked, protection_letters.declined(asked.by))


def _tell(asked: ProtectionAsking, letter: Letter) -> None:
    """Write to who asked."""
    ledger.enqueue(letter, groups.to(asked.by), about=(ProtectionAsking.__tablename__, asked.id))


def _answer(asked: ProtectionAsking, state: AskingState, by: Person) -> None:
    answered = {"state": state, "answered_at": clock.now(), "second_id": by.id}
    if not moved(ProtectionAsking, ProtectionAsking.id == asked.id, *_open(), **answered):
        raise Answered(
            _("This was answered or taken back in the meantime, or is older than a day. Nothing was changed now.")
        )
    journal.record(
        f"protection.{'agreed' if state is AskingState.DONE else state.value}", asked, by, caucus=asked.caucus_id
    )


def forget() -> int:
    """Delete some that were asked thirty days ago; how many. A job calls it."""
    return delete_some(ProtectionAsking, ProtectionAsking.asked_at < clock.now() - KEPT)


def known_of(person: Person) -> list[dict[str, Any]]:
    """What was asked about ``person``, and what they asked or answered."""
    own = (ProtectionAsking.person_id == person.id) | (ProtectionAsking.by_id == person.id)
    rows = select(ProtectionAsking).where(own | (ProtectionAsking.second_id == person.id)).order_by(ProtectionAsking.id)
    return [
        {
            "about_you": one.person_id == person.id,
            "asked_at": one.asked_at.isoformat(),
            "state": one.state.value,
            "answered_at": one.answered_at.isoformat() if one.answered_at else None,
        }
        for one in db.session.scalars(rows)
    ]


def erase(person: Person) -> None:
    """Forget what was asked about them, or by them, and that it was they who answered."""
    own = (ProtectionAsking.person_id == person.id) | (ProtectionAsking.by_id == person.id)
    db.session.execute(delete(ProtectionAsking).where(own))
    second = ProtectionAsking.second_id == person.id
    db.session.execute(update(ProtectionAsking).where(second).values(second_id=None))
