"""The address of a person's own calendar feed: whoever holds it reads the feed, until the person makes a new one."""

from caucusmail import links, tokens
from caucusmail.accounts import queries
from caucusmail.accounts.models import Person
from caucusmail.audit import journal
from caucusmail.tokens import BadToken, Purpose


def address(person: Person) -> str:
    """Where the feed of ``person`` is read, in the current language; the same each time it is asked for."""
    token = tokens.sign_at(Purpose.CALENDAR, person.id, person.calendar_version, made=person.made_at)
    return links.own_calendar(token)


def owner(token: str) -> Person:
    """Whose feed this is.

    :raises BadToken: forged, of another purpose, or a new address was made since.
    """
    person_id, version = tokens.read(Purpose.CALENDAR, token, 2)
    person = queries.person(person_id)
    if person is None or person.calendar_version != version:
        raise BadToken
    return person


def renew(person: Person, *, by: Person | None) -> None:
    """Make a new address; what subscribed to the old one gets nothing any more. This cannot be taken back."""
    person.calendar_version += 1
    journal.record("calendar.renewed", person, by)
