"""When an announcement may leave: now, after the hold, or at a time that somebody chose on a clock on the wall."""

from datetime import datetime, timedelta

from caucusmail import zones
from caucusmail.announcements.models import Announcement
from caucusmail.directory.visibility import Viewer
from caucusmail.errors import Invalid
from caucusmail.languages import _

HOLD = timedelta(minutes=2)
"""Between the confirmation and the first copy: time to take it back."""

FURTHEST = timedelta(days=366)


def at(wall: datetime, zone_name: str, second: bool | None = None) -> datetime:
    """The instant at which to send, from what a clock in ``zone_name`` will show.

    :raises Invalid: on ``scheduled_for``: never on the clock, or twice.
    """
    try:
        return zones.instant(wall, zone_name, second=second, field="scheduled_for")
    except zones.NoSuchZone as problem:
        raise Invalid("scheduled_zone", str(problem)) from None


def release(announcement: Announcement, at: datetime | None, now: datetime, by: Viewer) -> datetime:
    """When the first copy may leave: after the hold, or at the time that was chosen.

    :raises Invalid: on ``scheduled_for``: too soon, a year away, or after the meeting has begun.
    """
    if at is None:
        return now + HOLD
    meeting = announcement.meeting
    zone = meeting.zone if meeting else by.person.zone if by.person else "UTC"
    if at < now + HOLD:
        raise Invalid("scheduled_for", _too_soon(zones.spoken(at, zone)))
    if at > now + FURTHEST:
        raise Invalid("scheduled_for", _("That is more than a year away. Please check the year."))
    if meeting is not None and at >= meeting.starts_at:
        starts = zones.spoken(meeting.starts_at, meeting.zone)
        raise Invalid("scheduled_for", _("The meeting starts on %(time)s, before this would leave.", time=starts))
    return at


def allow_last(announcement: Announcement, last: datetime) -> None:
    """The last wave leaves at ``last``.

    :raises Invalid: on ``per_hour``: that is after the meeting has begun.
    """
    meeting = announcement.meeting
    if meeting is not None and last >= meeting.starts_at:
        starts, leaves = zones.spoken(meeting.starts_at, meeting.zone), zones.spoken(last, meeting.zone)
        raise Invalid(
            "per_hour",
            _("The last wave would leave on %(time)s, but the meeting starts on %(start)s.", time=leaves, start=starts),
        )


def _too_soon(time: str) -> str:
    return _("%(time)s is too soon. Choose a time at least two minutes from now, or send it now.", time=time)
