"""A meeting's hours on every clock that matters: its city's, the other seat's, UTC, the reader's own. Pure."""

from dataclasses import dataclass
from datetime import datetime

from babel.dates import format_date

from caucusmail import languages, zones
from caucusmail.languages import _
from caucusmail.meetings import places
from caucusmail.meetings.models import Meeting
from caucusmail.zones import Clock


@dataclass(frozen=True)
class Hours:
    """From when to when, as the clock of one city shows it."""

    city: str
    zone: str
    begins: Clock
    ends: Clock
    yours: bool = False  # the reader's own

    @property
    def span(self) -> str:
        """``08:15–09:15``, as ``zones.span`` says it."""
        return zones.span(self.begins, self.ends)

    @property
    def shift(self) -> str:
        """*next day*, *day before*, or "": where the day is not that of the meeting's own city."""
        if self.begins.day_shift == 0:
            return ""
        return _("next day") if self.begins.day_shift > 0 else _("day before")

    @property
    def sentence(self) -> str:
        """``02:15–03:15 in New York (Tue, day before)``: one line of a list of clocks. Each weekday is said once."""
        spans_days = self.begins.local.date() != self.ends.local.date()
        day = ", ".join(part for part in ("" if spans_days else self.begins.weekday, self.shift) if part)
        where = "UTC" if self.zone == "UTC" else _("in %(city)s", city=self.city)
        if self.yours:
            where = _("%(where)s, your time", where=where)
        if not day:
            return _("%(span)s %(where)s", span=self.span, where=where)
        return _("%(span)s %(where)s (%(day)s)", span=self.span, where=where, day=day)


def hours(meeting: Meeting, reader_zone: str | None = None) -> list[Hours]:
    """The meeting's own city first, then the other seat or seats, the reader's own, UTC; each zone once."""
    own = zones.clock(meeting.starts_at, meeting.zone, city_name=places.city(meeting))
    begin = zones.clocks(meeting.starts_at, meeting.zone, reader_zone, own_city=own.city)
    return [
        Hours(one.city, one.zone, one, zones.clock(meeting.ends_at, one.zone), one.zone == reader_zone) for one in begin
    ]


def day(meeting: Meeting) -> str:
    """``Tuesday 30 November 2027, 08:15–09:15 in The Hague``: the meeting's own clock, in full; both days of two."""
    return between(meeting, meeting.starts_at, meeting.ends_at)


def between(meeting: Meeting, starts_at: datetime, ends_at: datetime) -> str:
    """The same of any other time, on the clock of the meeting's city."""
    first = zones.clock(starts_at, meeting.zone, city_name=places.city(meeting))
    own = Hours(first.city, first.zone, first, zones.clock(ends_at, meeting.zone))
    where = "UTC" if own.zone == "UTC" else _("in %(city)s", city=own.city)
    if own.begins.local.date() == own.ends.local.date():
        return _("%(date)s, %(span)s %(where)s", date=own.begins.date, span=own.span, where=where)
    begins, ends = (_("%(date)s, %(time)s", date=one.date, time=one.time) for one in (own.begins, own.ends))
    return _("%(begins)s – %(ends)s %(where)s", begins=begins, ends=ends, where=where)


def short(meeting: Meeting, language: str) -> str:
    """``Tue 30 Nov 08:15``: for a subject line, in any ``language``."""
    wall = meeting.starts
    return f"{format_date(wall.date(), 'EEE d MMM', locale=languages.locale(language))} {wall:%H:%M}"


def deadline(meeting: Meeting) -> str:
    """``Thu 25 Nov 2027, 18:00 in The Hague (17:00 UTC)``; "" without one."""
    if meeting.reply_by_at is None:
        return ""
    spoken = zones.spoken(meeting.reply_by_at, meeting.reply_zone)
    if meeting.reply_zone == "UTC":
        return spoken
    return _("%(time)s (%(utc)s UTC)", time=spoken, utc=f"{meeting.reply_by_at:%H:%M}")
