"""Make the links at the foot of a person's old letters invalid: for who has passed a letter on, or lost a device."""

from caucusmail.accounts.models import Person
from caucusmail.audit import journal
from caucusmail.delivery import ledger


def revoke_links(person: Person, *, by: Person | None) -> None:
    """From now on no footer link in a letter that has left opens the person's page; the next letters hold a new one.

    This cannot be taken back: a link that was revoked stays so.
    """
    person.settings_version += 1
    ledger.renew_links(person.id, person.settings_version)
    journal.record("links.revoked", person, by)
