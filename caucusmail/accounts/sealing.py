"""Secrets that must be read again (of code-making apps), kept so that the database alone does not give them away.

Each is bound to its person, so that a row moved to somebody else opens nothing (``seals``).
"""

from caucusmail import seals
from caucusmail.accounts.models import Person
from caucusmail.seals import Unreadable as Unreadable

USE = "caucusmail:sealed"


def seal(person: Person, secret: str) -> str:
    """``secret`` for the table; other bytes each time. The person must have an id."""
    return seals.seal(USE, str(person.id), secret)


def unseal(person: Person, kept: str) -> str:
    """What ``seal`` was given.

    :raises Unreadable: it was not sealed for this person with this ``SECRET_KEY``, or was changed.
    """
    return seals.unseal(USE, str(person.id), kept)
