"""The second step of somebody who has lost phone, passkeys and codes is taken away: by two people of the secretariat.

Every address of the person is told of both steps (``two_people`` says how two agree). What was asked ends by itself when the
second step is used meanwhile: then it is not lost.
"""

from sqlalchemy import delete

from caucusmail import links
from caucusmail.accounts import factors, letters, queries, telling, two_people
from caucusmail.accounts.letters import Told
from caucusmail.accounts.models import Credential, CredentialKind, Person
from caucusmail.accounts.two_people import ByTwo
from caucusmail.audit import journal
from caucusmail.audit.models import AuditEntry
from caucusmail.database import db, lock
from caucusmail.errors import Conflict
from caucusmail.languages import _

REMOVAL = ByTwo(links.second_step, "second-step.removal-asked", "second-step.removal-dropped", "second-step.removed")
KINDS = (CredentialKind.TOTP, CredentialKind.PASSKEY, CredentialKind.RECOVERY_CODE)


class NothingToRemove(Conflict):
    """The person has no second step, or nobody has asked for its removal (any more)."""


def asked(person: Person) -> AuditEntry | None:
    """The asking that can be confirmed now, unless the second step was used since."""
    entry = REMOVAL.asked(person)
    if entry is None:
        return None
    used = any(one.used_at is not None and one.used_at > entry.at for one in queries.of_kind(person, *KINDS))
    return None if used else entry


def ask(person: Person, reason: str, *, by: Person) -> None:
    """Ask that the second step of ``person`` be taken away; ``reason``: how it was made sure that it is they who ask.

    :raises caucusmail.accounts.two_people.NoReason: it is empty.
    :raises NothingToRemove: they have no second step.
    """
    lock(person)
    if not factors.of(person):
        raise NothingToRemove(_("They have no second step."))
    if asked(person) is None:
        REMOVAL.ask(person, reason, by=by)
        telling.everywhere(person, letters.told(person, Told.REMOVAL_ASKED))


def confirm(person: Person, *, by: Person) -> None:
    """Take the second step away, with the recovery codes; told to every address.

    :raises NothingToRemove: nobody has asked for it, or it was used since.
    :raises caucusmail.accounts.two_people.NotByTheSame: whoever confirms has asked themselves, or it is their own.
    """
    lock(person)
    entry = asked(person)
    if entry is None or not factors.of(person):
        raise NothingToRemove(
            _("There is nothing to confirm: it was settled, is too old, or the second step was used since.")
        )
    two_people.another(entry, person, by)
    remove(person, by=by)


def remove(person: Person, *, by: Person | None) -> None:
    """Take it away at once; ``by`` None: from the command line, by whoever keeps the machine."""
    db.session.execute(delete(Credential).where(Credential.person_id == person.id, Credential.kind.in_(KINDS)))
    journal.record(REMOVAL.done, person, by)
    telling.everywhere(person, letters.told(person, Told.REMOVED))
