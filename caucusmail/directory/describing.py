"""The words of a caucus: its name and whom it is for, in the languages of the house, and who may see who is in it."""

from collections.abc import Mapping
from typing import Any

from caucusmail.accounts.models import Person
from caucusmail.audit import journal
from caucusmail.audit import queries as audit
from caucusmail.audit.models import AuditEntry
from caucusmail.database import db
from caucusmail.directory.models import Caucus, RosterPolicy
from caucusmail.errors import Conflict, Invalid, NotFound
from caucusmail.languages import _
from caucusmail.mail import slots

DESCRIBED = "caucus.described"


class Nameless(Invalid):
    """A caucus has an English name and an English description; other languages may wait."""


class ChangedAgain(Conflict):
    """The words were changed once more since; the former ones are not put over the new."""


def describe(
    caucus: Caucus, names: Mapping[str, str], about: Mapping[str, str], roster: RosterPolicy, *, by: Person
) -> AuditEntry | None:
    """Give ``caucus`` new words, each name on one line. A former name is kept as one. None: nothing was new. Flushes for
    the entry's id.

    :raises Nameless: the English is missing.
    """
    names = {code: slots.line(text) for code, text in names.items()}
    for field, words in (("name_en", names), ("about_en", about)):
        if not words.get("en", "").strip():
            raise Nameless(field, _("The English words are missing: they are shown where a language has none."))
    was, old = _words(caucus), caucus.names.get("en", "")
    if old and old != names["en"] and old not in caucus.former_names:
        caucus.former_names = [*caucus.former_names, old]
    caucus.names = {code: text for code, text in names.items() if text}
    caucus.about = {code: text for code, text in about.items() if text}
    caucus.roster = roster
    now = _words(caucus)
    if was == now:
        return None
    step = journal.record(DESCRIBED, caucus, by, was=was, now=now)
    db.session.flush()
    return step


def step(caucus: Caucus, entry_id: int) -> AuditEntry:
    """The entry by which ``describe`` changed the words of ``caucus``.

    :raises NotFound: there is none with this id.
    """
    found = audit.entry(entry_id)
    if found is None or found.verb != DESCRIBED or found.subject_id != caucus.id:
        raise NotFound(_("There is no such change."))
    return found


def take_back(caucus: Caucus, change: AuditEntry, *, by: Person) -> bool:
    """Give ``caucus`` the words it had before ``change``. False: that was done before, nothing changes.

    :raises ChangedAgain: they were changed once more since.
    """
    if not audit.once(change):
        return False
    if _words(caucus) != change.detail["now"]:
        raise ChangedAgain(_("The words were changed once more since, so they were left as they are."))
    was = change.detail["was"]
    caucus.names, caucus.about, caucus.former_names = was["names"], was["about"], was["former_names"]
    caucus.roster = RosterPolicy(was["roster"])
    journal.record(audit.TAKEN_BACK, change, by)
    return True


def _words(caucus: Caucus) -> dict[str, Any]:
    return {
        "names": dict(caucus.names),
        "about": dict(caucus.about),
        "former_names": list(caucus.former_names),
        "roster": caucus.roster.value,
    }
