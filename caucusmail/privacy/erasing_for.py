"""The secretariat erases somebody who asked for it and cannot, or does not, do it by themselves: two people look at it.

One asks, another one confirms within a week; every address of the person is told. The state stands in the journal, where
everybody's step stays (as ``accounts.resetting``).
"""

from datetime import timedelta

from sqlalchemy import select

from caucusmail import clock
from caucusmail.accounts import telling
from caucusmail.accounts.models import Person
from caucusmail.audit import journal
from caucusmail.audit.models import AuditEntry
from caucusmail.database import db, lock
from caucusmail.errors import Conflict, Invalid
from caucusmail.languages import _
from caucusmail.privacy import erasing, hindrances, letters

ASKED, DROPPED = "erasure.asked-for", "erasure.dropped"
GOOD_FOR = timedelta(days=7)


class NothingAsked(Conflict):
    """Nobody has asked for it (any more)."""


class NotByTheSame(Conflict):
    """Two people are needed."""


class NoReason(Invalid):
    """How it was made sure who asks must be said."""


def asked(person: Person) -> AuditEntry | None:
    """The asking that can be confirmed now: neither withdrawn nor a week old."""
    newest = db.session.scalar(
        select(AuditEntry)
        .where(
            AuditEntry.subject_kind == Person.__tablename__,
            AuditEntry.subject_id == person.id,
            AuditEntry.verb.in_((ASKED, DROPPED)),
        )
        .order_by(AuditEntry.id.desc())
        .limit(1)
    )
    if newest is None or newest.verb != ASKED or clock.now() - newest.at > GOOD_FOR:
        return None
    return newest


def ask(person: Person, reason: str, *, by: Person) -> None:
    """Ask that ``person`` be erased; ``reason``: how it was made sure that it is they who want it.

    :raises NoReason: it is empty.
    """
    if not reason.strip():
        raise NoReason("reason", _("Write how you made sure that it is they who ask, like “called her at the office”."))
    if asked(person) is None:
        journal.record(ASKED, person, by, reason=reason)
        telling.everywhere(person, letters.asked_for(person))


def drop(person: Person, *, by: Person) -> None:
    """Take the asking back."""
    if asked(person) is not None:
        journal.record(DROPPED, person, by)


def confirm(person: Person, *, by: Person) -> None:
    """Erase ``person`` now. What they leave without anybody who looks after it, the secretariat is told of.

    :raises NothingAsked: nobody has asked, or it is a week old.
    :raises NotByTheSame: whoever confirms has asked themselves, or it is they who would be erased.
    :raises caucusmail.privacy.hindrances.FirstHandOn: nobody else is of the secretariat.
    """
    lock(person)
    entry = asked(person)
    if entry is None:
        raise NothingAsked(_("There is nothing to confirm: it was withdrawn, or is older than a week."))
    if entry.by_id in (None, by.id) or by is person:
        raise NotByTheSame(_("Somebody else of the secretariat has to confirm this: two people look at it."))
    if hindrances.last_of_the_secretariat(person):
        raise hindrances.FirstHandOn(_("Nobody else is of the secretariat."))
    erasing.erase(person, remember=True, by=by)
