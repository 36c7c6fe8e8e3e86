"""What a person chooses for how we write to them: languages in order, time zone, reminders. And whether they have left altogether."""

from collections.abc import Sequence
from typing import Any

from caucusmail import clock, languages, zones
from caucusmail.accounts import hours
from caucusmail.accounts.hours import Hours
from caucusmail.accounts.models import Person
from caucusmail.audit import journal
from caucusmail.audit.models import AuditEntry
from caucusmail.delivery import riding
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
    if was["zone"] != zone:
        _follow_clock(person)
    person.reminders = person.reminders if reminders is None else reminders
    person.discreet = person.discreet if discreet is None else discreet
    now = _chosen(person)
    return journal.record(CHANGED, person, by, was=was, now=now) if was != now else None


def choose_hours(person: Person, wanted: Hours, *, by: Person | None) -> AuditEntry | None:
    """Letters come to ``person`` in these hours (their zone stays), and digests when they begin. None: nothing was new.

    What waits for a digest waits for the next such hour.

    :raises Invalid: on ``ends`` or ``days``.
    """
    if (wanted.begins is None) != (wanted.ends is None):
        raise Invalid("ends", _("Say from when and until when, or choose letters at any time."))
    if wanted.begins is not None and wanted.begins == wanted.ends:
        raise Invalid(
            "ends",
            _("The hours end when they begin. Choose another hour for their end; for whole days, 00:00 until 24:00."),
        )
    days = "".join(sorted(set(wanted.days) & set(hours.WEEK)))
    if not days:
        raise Invalid("days", _("Choose at least one day on which letters may come."))
    was = _chosen(person)
    person.reading_from, person.reading_until = wanted.begins, wanted.ends
    person.reading_days, person.digest_weekly = days, wanted.weekly
    now = _chosen(person)
    if was == now:
        return None
    _follow_clock(person)
    return journal.record(CHANGED, person, by, was=was, now=now)


def _follow_clock(person: Person) -> None:
    riding.put_off(person.id, hours.digest(clock.now(), hours.of(person)))


def restore(person: Person, step: AuditEntry) -> None:
    """Put the former choice back.

    :raises ChangedAgain: it was changed once more since.
    """
    if _chosen(person) != step.detail["now"]:
        raise ChangedAgain(_("You have changed this again in the meantime, so it was left as it is."))
    was = step.detail["was"]
    person.languages, person.zone = list(was["languages"]), was["zone"]
    person.reminders, person.discreet = was["reminders"], was["discreet"]
    person.reading_from, person.reading_until = was["reading"]
    person.reading_days, person.digest_weekly = was["days"], was["weekly"]
    _follow_clock(person)


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
        "reading": [person.reading_from, person.reading_until],
        "days": person.reading_days,
        "weekly": person.digest_weekly,
    }
