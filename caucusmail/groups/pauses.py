"""Pause, resume, and how a place is served. Days are days of the person's own calendar, in their zone."""

from calendar import isleap
from collections.abc import Collection, Sequence
from datetime import date, datetime
from typing import Any

from caucusmail import clock, zones
from caucusmail.accounts.models import Person
from caucusmail.audit import journal
from caucusmail.audit.models import AuditEntry
from caucusmail.delivery import riding
from caucusmail.directory.models import Caucus
from caucusmail.errors import Conflict, Invalid
from caucusmail.groups import copies, giving_back, queries
from caucusmail.groups.models import EmailGroup, Mode, Subscription
from caucusmail.groups.snapshots import LETS
from caucusmail.languages import _

PAUSED, RESUMED, SERVED = "places.paused", "places.resumed", "places.served"


class NothingToPause(Conflict):
    """The person has no place that letters come by."""


class BadDay(Invalid):
    """A day that makes no sense for a pause."""


class ChangedAgain(Conflict):
    """The places have changed since; the former choice is not put back over the new one."""


def pause(
    person: Person,
    caucus: Caucus | None,
    first: date | None,
    back: date | None,
    *,
    by: Person | None,
    lets: Collection[str] = (),
) -> AuditEntry:
    """Send the person nothing from the day ``first`` (None: now) until letters come again on the day ``back``; but what
    ``lets`` names: "urgent" announcements, "coming": that a meeting is off or moves which they said they come to.

    ``caucus`` None means all of them; ``back`` None means until they say so, for twelve months at the most.

    :raises BadDay: in the past, the wrong way round, or longer than twelve months.
    :raises NothingToPause: no letters come to them anyway.
    """
    places = queries.subscriptions(person, caucus)
    if not places:
        raise NothingToPause(_("There is nothing to pause: no letters come to you from here."))
    begins, ends = span(person.zone, first, back)
    through = {f"lets_{name}": name in lets for name in LETS}
    return _set(person, places, PAUSED, by, paused_from=begins, paused_until=ends, **through)


def resume(person: Person, caucus: Caucus | None, *, by: Person | None) -> AuditEntry | None:
    """Let letters come again now. None: nothing was paused."""
    now = clock.now()
    paused = [place for place in queries.subscriptions(person, caucus) if queries.pause_open(place, now)]
    nothing: dict[str, Any] = {"paused_from": None, "paused_until": None, "lets_urgent": False, "lets_coming": False}
    return _set(person, paused, RESUMED, by, **nothing) if paused else None


def end_at(person: Person, moment: datetime) -> None:
    """Let letters come now by the places whose pause was to end at this ``moment``."""
    for place in queries.subscriptions(person):
        if place.paused_until == moment:
            place.paused_from = place.paused_until = None
    _match(person)


def set_mode(person: Person, group: EmailGroup, mode: Mode, *, by: Person | None) -> AuditEntry | None:
    """Choose how one group serves the person. None: it does so already, or they have no place on it.

    What waits for their digest comes at once, in a last one; who reads on the site from now on finds it there.
    """
    places = [place for place in queries.subscriptions(person) if place.group_id == group.id and place.mode is not mode]
    if not places:
        return None
    if places[0].mode is Mode.DIGEST and mode is not Mode.NONE:
        riding.at_once(person.id, group.id)
    return _set(person, places, SERVED, by, mode=mode)


def restore(person: Person, step: AuditEntry) -> None:
    """Put back what ``step`` changed.

    :raises ChangedAgain: it was changed once more since, or the place is no longer there.
    """
    giving_back.hold(person)
    places = {str(place.group_id): place for place in queries.subscriptions(person)}
    if any(key not in places or _written(places[key]) != now for key, now in step.detail["now"].items()):
        raise ChangedAgain(_("You have changed this again in the meantime, so it was left as it is."))
    for key, (mode, begins, ends, *lets) in step.detail["was"].items():
        for name in LETS:
            setattr(places[key], f"lets_{name}", name in lets)
        places[key].mode = Mode(mode)
        places[key].paused_from = datetime.fromisoformat(begins) if begins else None
        places[key].paused_until = datetime.fromisoformat(ends) if ends else None
    _match(person)


def as_before(person: Person, step: AuditEntry) -> bool:
    """Whether the places that ``step`` changed are as they were before it."""
    places = {str(place.group_id): _written(place) for place in queries.subscriptions(person)}
    return all(places.get(key) == was for key, was in step.detail["was"].items())


def today(zone: str) -> date:
    """The day it is now in ``zone``."""
    return zones.day(clock.now(), zone)


def year_after(day: date) -> date:
    """The same day of the next year; 28 February after a 29th."""
    if (day.month, day.day) == (2, 29) and not isleap(day.year + 1):
        return date(day.year + 1, 2, 28)
    return day.replace(year=day.year + 1)


def span(zone: str, first: date | None, back: date | None) -> tuple[datetime, datetime]:
    """The moments at which a pause begins and ends that reaches from the day ``first`` (None: now) to the day ``back`` (None: a
    year later), days of the calendar in ``zone``.

    :raises BadDay: in the past, the wrong way round, or longer than twelve months.
    """
    now = today(zone)
    begins = first or now
    if begins < now:
        raise BadDay(
            "first",
            _(
                "%(day)s is in the past. It is %(today)s in %(city)s now: choose today or a later day.",
                day=zones.written(begins),
                today=zones.written(now),
                city=zones.city(zone),
            ),
        )
    if begins > year_after(now):
        raise BadDay(
            "first", _("%(day)s is more than a year away. Choose a day before that.", day=zones.written(begins))
        )
    latest = year_after(begins)
    if back is None:
        back = latest
    if back <= begins:
        raise BadDay(
            "back",
            _(
                "Letters would come again on %(back)s, but the pause begins on %(first)s. Choose a day after it.",
                back=zones.written(back),
                first=zones.written(begins),
            ),
        )
    if back > latest:
        raise BadDay(
            "back",
            _(
                "A pause lasts twelve months at the most. %(day)s is too late: choose %(latest)s or a day before it.",
                day=zones.written(back),
                latest=zones.written(latest),
            ),
        )
    return (clock.now() if begins == now else zones.day_begins(begins, zone)), zones.day_begins(back, zone)


def _set(person: Person, places: Sequence[Subscription], verb: str, by: Person | None, **values: object) -> AuditEntry:
    """Give ``places`` these values; what was and what is stands in the entry. Flushes for its id."""
    giving_back.hold(person)
    was = {str(place.group_id): _written(place) for place in places}
    for place in places:
        for name, value in values.items():
            setattr(place, name, value)
    now = {str(place.group_id): _written(place) for place in places}
    _match(person)
    return journal.record(verb, person, by, was=was, now=now)


def _match(person: Person) -> None:
    """What lies ready is what the places ask for now; what came for a seat in place of somebody goes back in a pause."""
    copies.match(person)
    giving_back.give_back(person)


def _written(place: Subscription) -> list[str | None]:
    return [
        place.mode.value,
        *(moment.isoformat() if moment else None for moment in (place.paused_from, place.paused_until)),
        *(name for name in LETS if getattr(place, f"lets_{name}")),
    ]
