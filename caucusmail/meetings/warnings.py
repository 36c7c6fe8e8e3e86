"""What a careful colleague would ask about a meeting before it is announced. Pure: one row and the present in, doubts out."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from caucusmail import languages, zones
from caucusmail.languages import _, plural
from caucusmail.meetings import agenda, cities, holidays, places, programme
from caucusmail.meetings.models import Meeting, MeetingMode

SHORT_REPLY = timedelta(hours=24)
EARLY, LATE = 6, 22  # hours of the city's day in which people meet


class Doubt(StrEnum):
    """What may be wrong with a meeting."""

    PAST = "past"
    OTHER_CLOCK = "other-clock"
    BEFORE_DESK = "before-desk"
    CLOCK_GAP = "clock-gap"
    REPLY_AFTER_START = "reply-after-start"
    REPLY_PAST = "reply-past"
    REPLY_SHORT = "reply-short"
    REPLY_DAYS = "reply-days"
    WEEKEND = "weekend"
    NIGHT = "night"
    HOLIDAY = "holiday"
    OUTSIDE = "outside"
    ROOM_OPEN = "room-open"
    ROOM_BY_LATE = "room-by-late"
    ITEM_OUTSIDE = "item-outside"
    ALL_FOR_ONE = "all-for-one"


@dataclass(frozen=True)
class Warned:
    """One doubt, with what its sentence needs."""

    doubt: Doubt
    values: dict[str, Any] = field(default_factory=dict)

    @property
    def blocks(self) -> bool:
        """Whether the meeting cannot be announced like this."""
        return self.doubt in (Doubt.PAST, Doubt.OTHER_CLOCK, Doubt.REPLY_PAST, Doubt.REPLY_AFTER_START)


def about(meeting: Meeting, now: datetime) -> list[Warned]:
    """Every doubt about ``meeting``, the gravest first."""
    return [*_time(meeting, now), *_reply(meeting, now), *_room(meeting), *_places(meeting), *_agenda(meeting)]


def _time(meeting: Meeting, now: datetime) -> list[Warned]:
    found = []
    if meeting.starts_at <= now:
        found.append(Warned(Doubt.PAST, {"time": zones.spoken(meeting.starts_at, meeting.zone)}))
    if not _clock_of_the_city(meeting):
        values = {"city": meeting.city, "clock": zones.city(meeting.zone)}
        found.append(Warned(Doubt.OTHER_CLOCK, values))
    desk = meeting.venue.desk_opens if meeting.venue is not None else ""
    if desk and places.on_site(meeting) and f"{meeting.starts:%H:%M}" < desk:
        found.append(Warned(Doubt.BEFORE_DESK, {"time": desk}))
    if zones.clocks_disagree(meeting.starts_at):
        found.append(Warned(Doubt.CLOCK_GAP, {"starts": meeting.starts_at}))
    if meeting.starts.weekday() >= 5:
        found.append(Warned(Doubt.WEEKEND, {"day": zones.clock(meeting.starts_at, meeting.zone).date}))
    found += [Warned(Doubt.HOLIDAY, {"holiday": one}) for one in holidays.on(meeting.starts.date(), meeting.zone)]
    session = meeting.session
    if session is not None and session.parts and not programme.within(session, meeting.starts_at):
        found.append(Warned(Doubt.OUTSIDE, {"names": session.names, "days": programme.told(session)}))
    if meeting.mode is not MeetingMode.STREAM and not EARLY <= meeting.starts.hour < LATE:
        found.append(Warned(Doubt.NIGHT, {"time": f"{meeting.starts:%H:%M}"}))
    return found


def _clock_of_the_city(meeting: Meeting) -> bool:
    """Whether the meeting goes by the clock of the city it names, as far as that is known."""
    named = cities.zone_of(meeting.city) if meeting.city else None
    at = meeting.starts_at
    return named is None or at.astimezone(zones.zone(named)).utcoffset() == (
        at.astimezone(zones.zone(meeting.zone)).utcoffset()
    )


def _reply(meeting: Meeting, now: datetime) -> list[Warned]:
    if meeting.reply_by_at is None:
        return []
    if meeting.reply_by_at > meeting.starts_at:
        return [Warned(Doubt.REPLY_AFTER_START)]
    if meeting.reply_by_at <= now:
        return [Warned(Doubt.REPLY_PAST)]
    found = []
    if meeting.reply_by_at - now < SHORT_REPLY:
        found.append(Warned(Doubt.REPLY_SHORT, {"hours": int((meeting.reply_by_at - now).total_seconds() // 3600)}))
    days = (
        (meeting.starts_at.astimezone(zones.zone(meeting.zone)).date() - meeting.reply_by.date()).days
        if meeting.reply_by
        else 0
    )
    if days:
        found.append(Warned(Doubt.REPLY_DAYS, {"days": days}))
    return found


def _room(meeting: Meeting) -> list[Warned]:
    if not places.on_site(meeting) or meeting.room:
        return []
    if meeting.room_by and meeting.room_by > f"{meeting.starts:%Y-%m-%d}":
        return [Warned(Doubt.ROOM_BY_LATE)]
    return [Warned(Doubt.ROOM_OPEN, {"dated": bool(meeting.room_by), "room": places.room(meeting)})]


def _places(meeting: Meeting) -> list[Warned]:
    """What each organisation may have holds nobody back where one may have all."""
    if meeting.places is None or meeting.places == 1 or meeting.places_each != meeting.places:
        return []
    return [Warned(Doubt.ALL_FOR_ONE, {"number": meeting.places})]


def _agenda(meeting: Meeting) -> list[Warned]:
    """Items at an hour at which there is no meeting, where it begins and ends on one day."""
    if meeting.starts.date() != meeting.ends.date():
        return []
    items = agenda.from_json(meeting.agenda)
    begins, ends = f"{meeting.starts:%H:%M}", f"{meeting.ends:%H:%M}"
    return [
        Warned(Doubt.ITEM_OUTSIDE, {"number": number, "time": item.starts, "begins": begins, "ends": ends})
        for number, item in enumerate(items, start=1)
        if item.starts and not begins <= item.starts < ends
    ]


def say(warned: Warned) -> str:
    """One doubt as a sentence in the current language."""
    values = warned.values
    if warned.doubt is Doubt.REPLY_DAYS:
        return plural(
            "The reply deadline is %(number)s day before the meeting.",
            "The reply deadline is %(number)s days before the meeting.",
            values["days"],
        )
    if warned.doubt is Doubt.REPLY_SHORT:
        return plural(
            "People have less than %(number)s hour to reply.",
            "People have less than %(number)s hours to reply.",
            values["hours"] + 1,
        )
    if warned.doubt is Doubt.HOLIDAY:
        return holidays.say(values["holiday"])
    if warned.doubt is Doubt.OUTSIDE:
        session = languages.pick(values["names"])
        return _("The meeting is on none of the days of %(session)s: %(days)s.", session=session, days=values["days"])
    return _sentence(warned.doubt, values)


def _sentence(doubt: Doubt, values: dict[str, Any]) -> str:
    if doubt is Doubt.CLOCK_GAP:
        return zones.apart(values["starts"])
    if doubt is Doubt.ROOM_OPEN and not values["dated"]:
        return _("The room is still to be confirmed, and no day is given by which it will be known.")
    texts = {
        Doubt.PAST: _("The meeting is in the past: %(time)s. Please check the date and the year."),
        Doubt.OTHER_CLOCK: _(
            "The city is %(city)s, but the times are on the clock of %(clock)s. Change one of them; if another place of that name is meant, write its country behind it."
        ),
        Doubt.BEFORE_DESK: _(
            "The meeting starts before the badge desk opens, at %(time)s as far as we know. Ask people to collect their badge the day before."
        ),
        Doubt.REPLY_AFTER_START: _("The reply deadline is after the start of the meeting."),
        Doubt.REPLY_PAST: _("The reply deadline has passed already."),
        Doubt.WEEKEND: _("The meeting is on a weekend: %(day)s."),
        Doubt.NIGHT: _("The meeting starts at %(time)s, when most people sleep. Is that the time you mean?"),
        Doubt.ROOM_OPEN: _("The letter will say: %(room)s."),
        Doubt.ITEM_OUTSIDE: _(
            "Item %(number)s of the agenda starts at %(time)s, but the meeting is from %(begins)s to %(ends)s."
        ),
        Doubt.ALL_FOR_ONE: _("One organisation alone can take all %(number)s places. Is that what you mean?"),
        Doubt.ROOM_BY_LATE: _("The day by which the room will be known is after the meeting."),
    }
    text = texts[doubt]
    return text % values if values else text
