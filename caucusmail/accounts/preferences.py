"""What a person chooses for how we write to them: languages in order, time zone, reminders. And whether they have left altogether."""

from collections.abc import Sequence
from typing import Any

from caucusmail import clock, languages, zones
from caucusmail.accounts.models import Person
from caucusmail.audit import journal
from caucusmail.audit.models import AuditEntry
from caucusmail.errors import Conflict, Invalid
from caucusmail.languages import _

MOST_LANGUAGES = 5
CHANGED = "preferences.changed"


class UnknownLanguage(Invalid):
    """The code is none of the languages a person may ask for."""


class NoLanguage(Invalid):
    """At least one language is needed."""


class ChangedAgain(Conflict):
    """Chosen anew since; the former choice is not put back over it."""


def change(
    person: Person,
    wanted: Sequence[str],
    zone: str,
    *,
    by: Person | None,
    reminders: bool | None = None,
    discreet: bool | None = None,
) -> AuditEntry | None:
    """Write to ``person`` in the first of ``wanted`` that a text has, with times in ``zone``; remind them of meetings or not,
    in letters that say what they are about or not (None: as before). None: nothing was new.

    The entry can be handed to ``restore``. Flushes for its id.

    :raises NoLanguage: ``wanted`` is empty.
    :raises UnknownLanguage: one of them is none we know.
    :raises caucusmail.zones.NoSuchZone: ``zone`` is none.
    """
    order = list(dict.fromkeys(wanted))[:MOST_LANGUAGES]
    if not order:
        raise NoLanguage("first", _("Choose at least one language."))
    for code in order:
        if code not in languages.WRITTEN and code not in person.languages:
            raise UnknownLanguage(
                "first", _("“%(read)s” is not a language on our list. Choose one from the list.", read=code[:20])
            )
    zones.zone(zone)
    was = _chosen(person)
    person.languages, person.zone = order, zone
    person.reminders = person.reminders if reminders is None else reminders
    person.discreet = person.discreet if discreet is None else discreet
    now = _chosen(person)
    return journal.record(CHANGED, person, by, was=was, now=now) if was != now else None


def restore(person: Person, step: AuditEntry) -> None:
    """Put the former choice back.

    :raises ChangedAgain: it was changed once more since.
    """
    if _chosen(person) != step.detail["now"]:
        raise ChangedAgain(_("You have changed this again in the meantime, so it was left as it is."))
    was = step.detail["was"]
    person.languages, person.zone = list(was["languages"]), was["zone"]
    person.reminders, person.discreet = was["reminders"], was["discreet"]


def as_before(person: Person, step: AuditEntry) -> bool:
    """Whether all is chosen as it was before ``step``."""
    return bool(_chosen(person) == step.detail["was"])


def depart(person: Person) -> None:
    """Note that the person has left everything."""
    person.left_at = clock.now()


def arrive(person: Person) -> None:
    """Note that the person is (again) somewhere."""
    if person.left_at is not None:
        person.left_at = None


def _chosen(person: Person) -> dict[str, Any]:
    return {
        "languages": list(person.languages),
        "zone": person.zone,
        "reminders": person.reminders,
        "discreet": person.discreet,
    }
