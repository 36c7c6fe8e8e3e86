"""What is done to somebody by two of the secretariat: one asks, another one confirms within a week.

Nothing of it can be undone, and the voice on the telephone may be somebody else's. The state stands in the
journal, where everybody's step stays; every address of the person is told by whoever uses this. Who could confirm is
written to, once for each asking.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from functools import partial

from sqlalchemy import select

from caucusmail import clock
from caucusmail.accounts import letters, queries
from caucusmail.accounts.models import Person
from caucusmail.audit import journal
from caucusmail.audit.models import AuditEntry
from caucusmail.database import db
from caucusmail.delivery import ledger
from caucusmail.errors import Conflict, Invalid
from caucusmail.languages import _

GOOD_FOR = timedelta(days=7)


class NotByTheSame(Conflict):
    """Two people are needed."""


class NoReason(Invalid):
    """How it was made sure who asks must be said."""


@dataclass(frozen=True)
class ByTwo:
    """One such thing: where it is confirmed (of somebody with this id), and its verbs in the journal; ``done`` is "" where nothing
    of the person remains to be asked about."""

    page: Callable[[int], str]
    asking: str
    dropped: str
    done: str = ""

    def asked(self, person: Person) -> AuditEntry | None:
        """The asking that can be confirmed now: neither settled nor a week old."""
        newest = db.session.scalar(
            select(AuditEntry)
            .where(
                AuditEntry.subject_kind == Person.__tablename__,
                AuditEntry.subject_id == person.id,
                AuditEntry.verb.in_([one for one in (self.asking, self.dropped, self.done) if one]),
            )
            .order_by(AuditEntry.id.desc())
            .limit(1)
        )
        if newest is None or newest.verb != self.asking or clock.now() - newest.at > GOOD_FOR:
            return None
        return newest

    def ask(self, person: Person, reason: str, *, by: Person) -> None:
        """Ask for it, and write to who could confirm; ``reason``: how it was made sure that it is they who want it.

        :raises NoReason: it is empty.
        """
        if not reason.strip():
            raise NoReason(
                "reason", _("Write how you made sure that it is they who ask, like “called her at the office”.")
            )
        journal.record(self.asking, person, by, reason=reason)
        for reader in seconds(person, by):
            letter = letters.second_needed(reader, partial(self.page, person.id))
            ledger.enqueue(letter, letters.to([reader], reader.address), about=(Person.__tablename__, None))

    def drop(self, person: Person, *, by: Person) -> None:
        """Take the asking back."""
        if self.asked(person) is not None:
            journal.record(self.dropped, person, by)


def seconds(person: Person, by: Person) -> Sequence[Person]:
    """Who could confirm what ``by`` asks of ``person``: the others of the secretariat."""
    return [one for one in queries.secretariat() if one.id not in (person.id, by.id)]


def another(entry: AuditEntry, person: Person, by: Person) -> None:
    """Refuse a confirmation by whoever asked, and by whom it would be done to.

    :raises NotByTheSame: it is one of these.
    """
    if entry.by_id in (None, by.id) or by is person:
        raise NotByTheSame(_("Somebody else of the secretariat has to confirm this: two people look at it."))
