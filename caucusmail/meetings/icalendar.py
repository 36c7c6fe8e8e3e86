"""Write calendar text (RFC 5545, 5546, 6047). Pure: a meeting and words in, text out.

A letter's invitation names one attendee, its reader, and nobody else. Times carry the city's TZID and a VTIMEZONE whose
rules are taken from our tz-data for the year around the meeting, so that a reader's calendar reckons as we do.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, tzinfo

from icalendar import Calendar, Event, Timezone, TimezoneDaylight, TimezoneStandard, vCalAddress, vDuration, vText
from icalendar.parser import Contentline

from caucusmail import zones
from caucusmail.meetings.models import Meeting, MeetingState

PRODID = "-//CaucusMail//Meetings//EN"
UNNAMED = "-//Calendar//EN"
"""The same for who wants nothing in their calendar that tells what they belong to."""
REFRESH = timedelta(hours=1)
"""How often a calendar that subscribed may ask again."""
AROUND = timedelta(days=366)
"""Each zone's rules are written for a year before the meeting, with both changes; a feed's for a year after it, too. An
invitation's end with the meeting: the library of Ruby reads none that knows of a change to come.
"""
_END = "END:VEVENT\r\nEND:VCALENDAR\r\n"
_STATUS = {
    MeetingState.DRAFT: "CONFIRMED",  # it is when the letter arrives
    MeetingState.CONFIRMED: "CONFIRMED",
    MeetingState.CANCELLED: "CANCELLED",
}


@dataclass(frozen=True)
class Words:
    """What an entry says, in one language."""

    summary: str
    location: str = ""
    description: str = ""
    url: str = ""
    placeless: bool = False  # times in UTC: a TZID would tell in which city
    open: bool = False  # what anybody may read; whatever is for one reader is PRIVATE, however public its meeting


def request(
    meeting: Meeting, words: Words, stamp: datetime, organizer_line: str, attendee_line: str, *, product: str = PRODID
) -> str:
    """The invitation in a letter: METHOD REQUEST (or CANCEL).

    The two lines are put in as they are, without line end: each a whole folded content line, or a slot for it.
    """
    method = "CANCEL" if meeting.state is MeetingState.CANCELLED else "REQUEST"
    calendar = _calendar(meeting, _event(meeting, words, stamp), method, product)
    return _between(calendar, organizer_line, attendee_line)


def farewell(
    meeting: Meeting,
    words: Words,
    stamp: datetime,
    sequence: int,
    organizer_line: str,
    attendee_line: str,
    *,
    product: str = PRODID,
) -> str:
    """The end of the entry of one attendee who is asked no more, of a meeting that takes place: METHOD CANCEL.

    With STATUS, although RFC 5546, 3.2.5 leaves it out for who is uninvited: the object names nobody else, so for the
    calendar that gets it the whole event is cancelled, and some act on both alone.
    """
    event = _event(meeting, words, stamp)
    event["sequence"], event["status"] = sequence, "CANCELLED"
    return _between(_calendar(meeting, event, "CANCEL", product), organizer_line, attendee_line)


def _between(calendar: str, organizer_line: str, attendee_line: str) -> str:
    return f"{calendar.removesuffix(_END)}{organizer_line}\r\n{attendee_line}\r\n{_END}"


def organizer(speaker: str, address: str = "", sent_by: str = "") -> str:
    """An ORGANIZER line, not folded: the caucus by name, ``address``, and who mails for it if that is another address.

    Without ``address`` it ends where that has to follow.
    """
    shown = _organizer(address, speaker)
    if sent_by:
        shown.params["SENT-BY"] = f"mailto:{sent_by}"
    return str(Contentline.from_parts("ORGANIZER", shown.params, shown))


def snapshot(meeting: Meeting, words: Words, stamp: datetime, contact: str) -> str:
    """The entry as a file from the site, with no METHOD, organizer or attendee (docs/decisions/0021): it invites nobody.

    ``contact`` says who calls it and how to reach them (RFC 5545, 3.8.4.2).
    """
    event = _event(meeting, words, stamp)
    event.add("contact", _visible(contact))
    return _calendar(meeting, event)


@dataclass(frozen=True)
class Entry:
    """One meeting of a feed: what it says, who calls it, and the CSS colour of its group."""

    meeting: Meeting
    words: Words
    contact: str = ""  # who calls it and how to reach them, in words; "": not said, as the next two
    speaker: str = ""
    color: str = ""


@dataclass(frozen=True)
class About:
    """What a feed says of itself (RFC 7986, 5): a name, the address it comes from ("": not said), a CSS colour."""

    name: str
    source: str = ""
    color: str = ""


def feed(about: About, entries: Sequence[Entry], product: str = PRODID) -> str:
    """A calendar to subscribe to: each meeting with the UID and SEQUENCE of its letters; METHOD and people as in ``snapshot``.

    Each entry is stamped with the moment its meeting last changed, so that an unchanged feed is the same to the byte.
    """
    calendar = _empty(product=product)
    _say(calendar, about)
    for name, (begins, ends) in sorted(_spans([one.meeting for one in entries if not one.words.placeless]).items()):
        calendar.add_component(_timezone(name, begins - AROUND, ends + AROUND))
    for one in entries:
        event = _event(one.meeting, one.words, one.meeting.changed_at)
        event.add("last-modified", one.meeting.changed_at.astimezone(UTC).replace(microsecond=0))
        if one.contact:
            event.add("contact", _visible(one.contact))
        if one.speaker:
            event.add("categories", [_visible(one.speaker)])
        if one.color:
            event.add("color", one.color)
        calendar.add_component(event)
    return _text(calendar)


def _say(calendar: Calendar, about: About) -> None:
    """Beside the properties of RFC 7986 the older names that some programs know instead."""
    calendar.add("name", _visible(about.name))
    calendar.add("x-wr-calname", _visible(about.name))
    calendar.add("refresh-interval", REFRESH, parameters={"VALUE": "DURATION"})
    calendar.add("x-published-ttl", vDuration(REFRESH))
    if about.source:
        calendar.add("source", about.source, parameters={"VALUE": "URI"})
    if about.color:
        calendar.add("color", about.color)


def _spans(meetings: Sequence[Meeting]) -> dict[str, tuple[datetime, datetime]]:
    """Each zone that these meetings go by, with the first start and the last end there."""
    found: dict[str, tuple[datetime, datetime]] = {}
    for one in meetings:
        if one.zone != "UTC":
            first, last = found.get(one.zone, (one.starts_at, one.ends_at))
            found[one.zone] = min(first, one.starts_at), max(last, one.ends_at)
    return found


def _organizer(address: str, speaker: str) -> vCalAddress:
    organizer = vCalAddress(f"mailto:{address}")
    if speaker:
        organizer.params["CN"] = vText(_visible(speaker).replace('"', "'"))
    return organizer


def _event(meeting: Meeting, words: Words, stamp: datetime) -> Event:
    event = Event()
    event.add("uid", meeting.uid)
    event.add("sequence", meeting.sequence)
    event.add("dtstamp", stamp.astimezone(UTC).replace(microsecond=0))
    for name, at in (("dtstart", meeting.starts_at), ("dtend", meeting.ends_at)):
        event.add(name, at.astimezone(UTC) if words.placeless else _moment(meeting, at))
    event.add("status", _STATUS[meeting.state])
    event.add("summary", _visible(words.summary))
    for name, text in (("location", words.location), ("description", words.description), ("url", words.url)):
        if text:
            event.add(name, _visible(text))
    event.add("class", "PUBLIC" if words.open and meeting.public else "PRIVATE")
    event.add("transp", "OPAQUE")
    return event


def _moment(meeting: Meeting, at: datetime) -> datetime:
    """With its TZID; in UTC if it falls in an hour that comes twice: not every program takes it for the first pass, as it
    should (RFC 5545, 3.3.5).
    """
    local = at.astimezone(zones.zone(meeting.zone))
    twice = local.utcoffset() != local.replace(fold=1 - local.fold).utcoffset()
    return at.astimezone(UTC) if twice or meeting.zone == "UTC" else local


def _calendar(meeting: Meeting, event: Event, method: str = "", product: str = PRODID) -> str:
    calendar = _empty(method, product)
    if any("TZID" in event[name].params for name in ("dtstart", "dtend")):
        calendar.add_component(_timezone(meeting.zone, meeting.starts_at - AROUND, meeting.ends_at))
    calendar.add_component(event)
    return _text(calendar)


def _empty(method: str = "", product: str = PRODID) -> Calendar:
    calendar = Calendar()
    calendar.add("prodid", product)
    calendar.add("version", "2.0")
    calendar.add("calscale", "GREGORIAN")
    if method:
        calendar.add("method", method)
    return calendar


def _text(calendar: Calendar) -> str:
    text: str = calendar.to_ical(sorted=False).decode()
    return text


def _timezone(name: str, begins: datetime, ends: datetime) -> Timezone:
    """The rules of the zone ``name``, from ``begins`` to ``ends``."""
    zone = zones.zone(name)
    block = Timezone()
    block.add("tzid", name)
    block.add_component(_rule(begins, zone, begins))
    for change in _changes(zone, begins, ends):
        block.add_component(_rule(change, zone, change - timedelta(seconds=1)))
    return block


def _rule(at: datetime, zone: tzinfo, before: datetime) -> TimezoneStandard | TimezoneDaylight:
    """From ``at``, clocks are as they are then; the onset is what they showed until that moment."""
    local, was = at.astimezone(zone), before.astimezone(zone)
    rule = TimezoneDaylight() if local.dst() else TimezoneStandard()
    offset = was.utcoffset() or timedelta()
    rule.add("dtstart", (at.astimezone(UTC) + offset).replace(tzinfo=None, microsecond=0))
    rule.add("tzoffsetfrom", offset)
    rule.add("tzoffsetto", local.utcoffset())
    rule.add("tzname", local.tzname() or "")
    return rule


def _changes(zone: tzinfo, begins: datetime, ends: datetime) -> Iterator[datetime]:
    """The instants at which the clocks of ``zone`` change, to the second."""
    day = timedelta(days=1)
    at = begins.replace(microsecond=0)
    while at < ends:
        if at.astimezone(zone).utcoffset() != (at + day).astimezone(zone).utcoffset():
            low, high = at, at + day
            while high - low > timedelta(seconds=1):
                middle = low + timedelta(seconds=int((high - low).total_seconds()) // 2)
                same = middle.astimezone(zone).utcoffset() == at.astimezone(zone).utcoffset()
                low, high = (middle, high) if same else (low, middle)
            if high < ends:
                yield high
        at += day


def _visible(text: str) -> str:
    """Without control characters but line breaks (RFC 5545, 3.1: CONTROL)."""
    return "".join(one for one in text if one in "\n\t" or (ord(one) >= 32 and one not in "\x7f\x85\u2028\u2029"))
