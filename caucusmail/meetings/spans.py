"""From when to when: wall times in a named zone to instants, refused beside the right field. Pure."""

from datetime import datetime

from caucusmail import zones
from caucusmail.errors import Invalid
from caucusmail.languages import _

LONGEST_H = 14 * 24  # a meeting may last two weeks, no longer


def span(starts: datetime, ends: datetime, zone: str, second: bool | None) -> tuple[datetime, datetime]:
    """The two instants.

    :raises Invalid: on ``starts`` or ``ends``: never on the clock, twice on it, or not after the start.
    """
    starts_at = zones.instant(starts, zone, second=second, field="starts")
    ends_at = _end(starts_at, ends, zone, second)
    if ends_at <= starts_at:
        raise Invalid("ends", _("The end must come after the start. What day and time does it end?"))
    if (ends_at - starts_at).total_seconds() > LONGEST_H * 3600:
        raise Invalid("ends", _("The meeting would last longer than two weeks. Please check the date it ends."))
    return starts_at, ends_at


def _end(starts_at: datetime, ends: datetime, zone: str, second: bool | None) -> datetime:
    """An end that the clocks pass twice is the one that can be: after the start."""
    first, again = (zones.instant(ends, zone, second=which, field="ends") for which in (False, True))
    if first == again or again <= starts_at:
        return first
    if first <= starts_at:
        return again
    return zones.instant(ends, zone, second=second, field="ends")


def ambiguous(starts: datetime, ends: datetime, zone: str) -> bool:
    """Whether it must be said which of two hours is meant."""
    try:
        span(starts, ends, zone, None)
    except zones.TwiceOnTheClock:
        return True
    return False


def deadline(wall: datetime, zone: str) -> datetime:
    """The instant of a reply deadline.

    :raises Invalid: on ``reply_by`` or ``reply_zone``.
    """
    try:
        return zones.instant(wall, zone, field="reply_by")
    except zones.NoSuchZone as problem:
        raise Invalid("reply_zone", str(problem)) from None
    except zones.TwiceOnTheClock:
        raise Invalid(
            "reply_by",
            _(
                "This time comes twice in %(city)s: the clocks go back that night. Choose a time an hour earlier or later.",
                city=zones.city(zone),
            ),
        ) from None
