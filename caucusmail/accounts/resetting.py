"""The second step of somebody who has lost phone, passkeys and codes is taken away: by two people of the secretariat.

One asks, another one confirms within a week; every address of the person is told of both. What was asked ends by itself
when the second step is used meanwhile: then it is not lost. The state stands in the journal, where everybody's step stays.
"""

from datetime import timedelta

from sqlalchemy import delete, select

from caucusmail import clock
from caucusmail.accounts import factors, letters, queries, telling
from caucusmail.accounts.letters import Told
from caucusmail.accounts.models import Credential, CredentialKind, Person
from caucusmail.audit import journal
from caucusmail.audit.models import AuditEntry
from caucusmail.database import db
from caucusmail.errors import Conflict, Invalid
from caucusmail.languages import _

ASKED, DONE, DROPPED = "second-step.removal-asked", "second-step.removed", "second-step.removal-dropped"
GOOD_FOR = timedelta(days=7)
KINDS = (CredentialKind.TOTP, CredentialKind.PASSKEY, CredentialKind.RECOVERY_CODE)


class NothingToRemove(Conflict):
    """The person has no second step, or nobody has asked for its removal (any more)."""


class NotByTheSame(Conflict):
    """Two people are needed."""


class NoReason(Invalid):
    """How it was made sure who asks must be said."""


def asked(person: Person) -> AuditEntry | None:
    """The asking that can be confirmed now: neither settled nor a week old, and the second step not used since."""
    newest = db.session.scalar(
        select(AuditEntry)
        .where(
            AuditEntry.subject_kind == Person.__tablename__,
            AuditEntry.subject_id == person.id,
            AuditEntry.verb.in_((ASKED, DONE, DROPPED)),
        )
        .order_by(AuditEntry.id.desc())
        .limit(1)
    )
    if newest is None or newest.verb != ASKED or clock.now() - newest.at > GOOD_FOR:
        return None
    used = any(one.used_at is not None and one.used_at > newest.at for one in queries.of_kind(person, *KINDS))
    return None if used else newest


def ask(person: Person, reason: str, *, by: Person) -> None:
    """Ask that the second step of ``person`` be taken away; ``reason``: how it was made sure that it is they who ask.

    :raises NoReason: it is empty.
    :raises NothingToRemove: they have no second step.
    """
    if not reason.strip():
        raise NoReason("reason", _("Write how you made sure that it is they who ask, like “called her at the office”."))
    if not factors.of(person):
        raise NothingToRemove(_("They have no second step."))
    if asked(person) is None:
        journal.record(ASKED, person, by, reason=reason)
        telling.everywhere(person, letters.told(person, Told.REMOVAL_ASKED))


def drop(person: Person, *, by: Person) -> None:
    """Take the asking back."""
    if asked(person) is not None:
        journal.record(DROPPED, person, by)


def confirm(person: Person, *, by: Person) -> None:
    """Take the second step away, with the recovery codes; told to every address.

    :raises NothingToRemove: nobody has asked for it, or it was used since.
    :raises NotByTheSame: whoever confirms has asked themselves, or it is their own.
    """
    entry = asked(person)
    if entry is None or not factors.of(person):
        raise NothingToRemove(
            _("There is nothing to confirm: it was settled, is too old, or the second step was used since.")
        )
    if entry.by_id in (None, by.id) or by is person:
        raise NotByTheSame(_("Somebody else of the secretariat has to confirm this: two people look at it."))
    remove(person, by=by)


def remove(person: Person, *, by: Person | None) -> None:
    """Take it away at once; ``by`` None: from the command line, by whoever keeps the machine."""
    db.session.execute(delete(Credential).where(Credential.person_id == person.id, Credential.kind.in_(KINDS)))
    journal.record(DONE, person, by)
    telling.everywhere(person, letters.told(person, Told.REMOVED))
