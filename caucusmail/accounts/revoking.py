"""Make the links at the foot of a person's old letters invalid: for who has passed a letter on, or lost a device."""

from datetime import datetime

from caucusmail import tokens
from caucusmail.accounts.models import Person
from caucusmail.audit import journal
from caucusmail.delivery import ledger
from caucusmail.tokens import BadToken


def revoke_links(person: Person, *, by: Person | None) -> None:
    """From now on no footer link in a letter that has left opens the person's page; the next letters hold a new one.

    This cannot be taken back: a link that was revoked stays so.
    """
    person.settings_version += 1
    ledger.renew_links(person.id, person.settings_version)
    journal.record("links.revoked", person, by)


def refuse_old(person: Person | None, token: str) -> None:
    """Refuse a link of ``person`` that was made before all of theirs were ended; ``token`` has been read.

    :raises BadToken: it was.
    """
    if person is not None and ended(person, tokens.made(token)):
        raise BadToken


def ended(person: Person, made: datetime) -> bool:
    """Whether what was ``made`` at that moment for ``person`` was ended since."""
    return person.links_since is not None and made <= person.links_since
