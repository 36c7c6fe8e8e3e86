"""Where a meeting is, in the reader's words: city, venue, room. Pure functions of one row."""

import re
from datetime import date

from babel.dates import format_date

from caucusmail import languages, zones
from caucusmail.languages import _
from caucusmail.meetings.models import Meeting, MeetingMode

_WORD = re.compile(r"[^\W\d_]{3}")


def city(meeting: Meeting) -> str:
    """The meeting's city in the current language where it is one we know by several names, else as it was typed."""
    if meeting.venue is not None and meeting.city in meeting.venue.city.values():
        return languages.pick(meeting.venue.city, (languages.current(),))
    known = set()
    for language in languages.OFFERED:
        with languages.use(language):
            known.add(zones.city(meeting.zone).casefold())
    if not meeting.city or meeting.city.casefold() in known:
        return zones.city(meeting.zone)
    return meeting.city


def venue(meeting: Meeting) -> str:
    """The venue's name in the current language where it is a preset, else as it was typed."""
    if meeting.venue is not None and meeting.venue_name in meeting.venue.names.values():
        return languages.pick(meeting.venue.names, (languages.current(),))
    return meeting.venue_name


def on_site(meeting: Meeting) -> bool:
    """Whether one can be there in person, so that a room matters."""
    return meeting.mode in (MeetingMode.IN_PERSON, MeetingMode.HYBRID)


def by_line(meeting: Meeting) -> bool:
    """Whether one can take part from afar."""
    return meeting.mode is not MeetingMode.IN_PERSON


def mode(meeting: Meeting) -> str:
    """How people take part, in words."""
    return {
        MeetingMode.IN_PERSON: _("In person"),
        MeetingMode.HYBRID: _("In person and online"),
        MeetingMode.ONLINE: _("Online only"),
        MeetingMode.STREAM: _("By video stream only"),
    }[meeting.mode]


def room(meeting: Meeting) -> str:
    """The room; or that it is to be confirmed, and by when; "" where there is none. A bare number is called a room."""
    if meeting.room and not _WORD.search(meeting.room):
        return _("room %(room)s", room=meeting.room)
    if meeting.room or not on_site(meeting):
        return meeting.room
    if meeting.room_by:
        by = format_date(date.fromisoformat(meeting.room_by), "EEE d MMM y", locale=languages.locale())
        return _("room to be confirmed by %(day)s", day=by)
    return _("room to be confirmed")


def where(meeting: Meeting) -> str:
    """Room, venue, street and city on one line; *online* where that is the place."""
    if meeting.mode is MeetingMode.ONLINE:
        return _("online")
    parts = [room(meeting), venue(meeting), meeting.street, city(meeting)]
    named = [part for index, part in enumerate(parts) if part and part not in parts[:index]]
    if meeting.mode is MeetingMode.STREAM:
        return _("by video stream only (the meeting itself: %(place)s)", place=", ".join(named))
    return ", ".join(named)


def title(meeting: Meeting) -> str:
    """What the meeting is called, in the current language if it has a name in it."""
    return languages.pick(meeting.titles, (languages.current(),)) or kind(meeting)


def kind(meeting: Meeting) -> str:
    """What kind of meeting it is, in words."""
    words = {
        "strategy": _("Strategy meeting"),
        "briefing": _("Briefing"),
        "side-event": _("Side event"),
        "working-group": _("Working group meeting"),
        "call": _("Briefing call"),
    }
    return words[meeting.kind.value]
