"""The address of a person's own calendar feed: whoever holds it reads the feed, until the person makes a new one."""

from caucusmail import links, tokens
from caucusmail.accounts import queries
from caucusmail.accounts.models import Person
from caucusmail.audit import journal
from caucusmail.tokens import BadToken, Purpose

APART = 1_000_000_000
"""Versions from here on were given when an address was ended by the house: nobody gets there by making new ones."""


class Ended(BadToken):
    """It was an address of theirs, and is no more: a calendar program need not come back."""


def address(person: Person) -> str:
    """Where the feed of ``person`` is read, in the current language; the same each time it is asked for."""
    token = tokens.sign_at(Purpose.CALENDAR, person.id, person.calendar_version, made=person.made_at)
    return links.own_calendar(token)


def owner(token: str) -> Person:
    """Whose feed this is.

    :raises BadToken: forged, of another purpose, or a new address was made since.
    :raises Ended: it was ended, and no new one was made.
    """
    person_id, version = tokens.read(Purpose.CALENDAR, token, 2)
    person = queries.person(person_id)
    if person is not None and person.calendar_version >= APART > version:
        raise Ended
    if person is None or person.calendar_version != version:
        raise BadToken
    return person


def renew(person: Person, *, by: Person | None) -> None:
    """Make a new address; what subscribed to the old one gets nothing any more. This cannot be taken back."""
    person.calendar_version += 1
    journal.record("calendar.renewed", person, by)


def end(person: Person, number: int) -> tuple[int, int]:
    """Have the address stop for something that can be taken back, whose ``number`` is its own; the version before and after.

    The new version is one that no address of theirs had: given back, the address works again, and one that was made between never does.
    """
    was = person.calendar_version
    person.calendar_version = max(was + 1, APART + number)
    return was, person.calendar_version


def give_back(person: Person, was: int, ended: int) -> None:
    """Let the address from before ``end`` work again, unless they have made a new one since."""
    if person.calendar_version == ended:
        person.calendar_version = was
