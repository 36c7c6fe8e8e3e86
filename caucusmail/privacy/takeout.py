"""One's data as a file: a link that is good for a quarter of an hour, for the person who asked, and gives the file once.

That it was asked for and taken stands in the journal, and nowhere else: the file is made when it is given, and not kept.
"""

from datetime import timedelta

from sqlalchemy import select

from caucusmail import tokens
from caucusmail.accounts import letters, revoking, telling
from caucusmail.accounts.models import Person
from caucusmail.audit import journal
from caucusmail.audit import queries as audit
from caucusmail.audit.models import AuditEntry
from caucusmail.database import db, lock
from caucusmail.privacy import requests
from caucusmail.privacy.models import Right
from caucusmail.tokens import BadToken, Purpose

ASKED, TAKEN = "data.asked", "data.taken"
GOOD_FOR = timedelta(minutes=15)


def ask(person: Person) -> str:
    """The token of a link that will give ``person`` their data once. Flushes for its id."""
    asked = journal.record(ASKED, person, person)
    db.session.flush()
    return tokens.sign(Purpose.MY_DATA, asked.id)


def waiting(person: Person, token: str) -> AuditEntry:
    """What the link is about, as long as it gives the file.

    :raises BadToken: forged, another person's, older than a quarter of an hour, or it has given the file.
    """
    (entry_id,) = tokens.read(Purpose.MY_DATA, token, 1, int(GOOD_FOR.total_seconds()))
    asked = audit.entry(entry_id)
    if asked is None or asked.verb != ASKED or asked.by_id != person.id or _taken(asked):
        raise BadToken
    revoking.refuse_old(person, token)
    return asked


def take(person: Person, token: str) -> None:
    """Use the link up, and tell every address of the person that their data was taken. Of two at once one gets it.

    :raises BadToken: as ``waiting``.
    """
    lock(person)
    journal.record(TAKEN, waiting(person, token), person)
    requests.by_themselves(Right.ACCESS, person)
    telling.everywhere(person, letters.told(person, letters.Told.DATA_TAKEN))


def _taken(asked: AuditEntry) -> bool:
    found = select(AuditEntry.id).where(
        AuditEntry.subject_kind == AuditEntry.__tablename__, AuditEntry.subject_id == asked.id, AuditEntry.verb == TAKEN
    )
    return db.session.scalar(found) is not None
