"""What a mail program's calendar replies (RFC 5546, 3.2.3; RFC 6047). Pure: never fails, and costs time in proportion to size.

Read line by line with the ``icalendar`` library's own parser of content lines, since what is needed is a few properties of
one component, and what strangers send may be nested, broken or endless.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from urllib.parse import unquote

from icalendar import vDDDTypes, vDuration, vText
from icalendar.parser import Contentline, Contentlines, Parameters
from icalendar.timezone.windows_to_olson import WINDOWS_TO_OLSON

from caucusmail import zones
from caucusmail.errors import Invalid
from caucusmail.mail import tnef
from caucusmail.mail.parts import Part
from caucusmail.meetings.models import AnswerState

KINDS = ("text/calendar", "text/x-vcalendar", "application/ics", "application/calendar")
ENDS = (".ics", ".vcs")  # of the name of an attachment whose kind says nothing
DEEPEST = 6  # components within components
MOST_LINES = 2000
LONGEST_LINE = 4096  # characters, unfolded
MOST_EVENTS = 20
MOST_ATTENDEES = 50
LONGEST_COMMENT = 1000  # characters
LONGEST_SPAN = timedelta(days=31)  # of a proposed time
HIGHEST = 2**31 - 1  # SEQUENCE: RFC 5545, 3.3.8

STATES = {
    "ACCEPTED": AnswerState.COMING,
    "DECLINED": AnswerState.NOT_COMING,
    "TENTATIVE": AnswerState.MAYBE,
}
"""What each PARTSTAT says (RFC 5545, 3.2.12); any other is for people."""

_PARTSTAT = re.compile(r";PARTSTAT=\"?([A-Za-z-]{1,40})", re.IGNORECASE)
_MAILTO = re.compile(r"mailto:\s*([^\s\";:]{1,320})\"?$", re.IGNORECASE)


@dataclass(frozen=True)
class Attendee:
    """One ATTENDEE."""

    address: str
    partstat: str  # upper case; "" if nothing is said
    comment: str = ""  # X-RESPONSE-COMMENT, as Google writes it
    role: str = ""


@dataclass
class Reply:
    """The event of a calendar that came by mail. Nothing of it is proven."""

    method: str = ""  # upper case
    uid: str = ""  # "": it names none
    sequence: int | None = None  # None: it does not say
    stamp: datetime | None = None  # DTSTAMP
    attendees: list[Attendee] = field(default_factory=list)
    comment: str = ""
    instance: bool = False  # RECURRENCE-ID: one of several
    starts: datetime | None = None  # naive: on whatever clock the meeting has
    ends: datetime | None = None
    lasts: timedelta | None = None

    def proposed(self, zone: str) -> tuple[datetime, datetime] | None:
        """From when to when a COUNTER would have it; times without a zone are meant in ``zone``. None if it makes no sense."""
        begins, ends = (_instant(one, zone) for one in (self.starts, self.ends))
        if begins is not None and ends is None and self.lasts is not None:
            ends = begins + self.lasts if abs(self.lasts) <= LONGEST_SPAN else None
        if begins is None or ends is None or not timedelta() < ends - begins <= LONGEST_SPAN:
            return None
        return begins, ends


def read(message: Part, uid: str = "") -> Reply | None:
    """The calendar in ``message``, of its events the one that is about ``uid``; None if it holds none that says what is to
    be done with it. Of an Outlook's ``winmail.dat`` nothing is known but what it answers.
    """
    leaves = [part for part in message.outside() if not part.children]
    for part in leaves:
        if part.kind in KINDS or _name(part).endswith(ENDS):
            found = parsed(part.text(), uid)
            found.method = found.method or part.parameters.get("method", "").strip().upper()[:40]
            if found.method:
                return found
    for part in leaves:
        if (part.kind in tnef.KINDS or _name(part) == "winmail.dat") and (said := tnef.partstat(part.octets())):
            words = next((one.text() for one in leaves if one.kind == "text/plain"), "")
            return Reply("REPLY", attendees=[Attendee("", said)], comment=words.strip()[:LONGEST_COMMENT])
    return None


def parsed(text: str, uid: str = "") -> Reply:
    """What stands in a calendar object, as far as it can be read: the event about ``uid``, or else the first."""
    method, path, events = "", [""], list[Reply]()
    for name, parameters, value in _lines(text):
        if name == "BEGIN":
            path.append(value.strip().upper())
            if path[-1] == "VEVENT" and len(events) < MOST_EVENTS:
                events.append(Reply())
            if len(path) > DEEPEST:
                break
        elif name == "END":
            del path[max(1, len(path) - 1) :]
        elif path[-1] == "VCALENDAR" and name == "METHOD":
            method = value.strip().upper()[:40]
        elif path[-1] == "VEVENT" and events:
            _take(events[-1], name, parameters, value)
    found = _about(events, uid)
    found.method = method
    return found


def _about(events: Sequence[Reply], uid: str) -> Reply:
    """Of several, the one that is meant: about this meeting, all of it rather than one instance, and the newest."""
    ours = [one for one in events if one.uid == uid] if uid else []
    if not ours:
        return events[0] if events else Reply()
    floor = datetime.min.replace(tzinfo=UTC)
    return max(ours, key=lambda one: (not one.instance, one.sequence or 0, one.stamp or floor))


def _name(part: Part) -> str:
    """What an attachment is called, in lower case."""
    disposition = Part([("content-type", part.get("content-disposition"))])
    return (part.parameters.get("name") or disposition.parameters.get("filename", "")).strip().lower()


def _lines(text: str) -> Iterator[tuple[str, dict[str, str], str]]:
    """Each content line that is one, with its name in upper case."""
    lines: list[str] = Contentlines.from_ical(text.lstrip("\ufeff").replace("\0", ""))  # type: ignore[no-untyped-call]  # icalendar ships half its types
    for line in lines[:MOST_LINES]:
        if 0 < len(line) <= LONGEST_LINE:
            try:
                name, parameters, value = Contentline(line).parts()  # type: ignore[no-untyped-call]  # as above
            except ValueError:
                if not line.upper().startswith("ATTENDEE;"):
                    continue
                name, parameters, value = "ATTENDEE", Parameters(), line
            yield name.upper(), parameters, value


def _take(found: Reply, name: str, parameters: dict[str, str], value: str) -> None:
    if name == "UID":
        found.uid = str(vText.from_ical(value)).strip()
    elif name == "SEQUENCE" and value.strip().isascii() and value.strip().isdigit():
        found.sequence = min(int(value.strip()[:12]), HIGHEST)
    elif name == "DTSTAMP" or (name == "X-MICROSOFT-CDO-REPLYTIME" and found.stamp is None):
        found.stamp = _moment(value) or found.stamp
    elif name == "COMMENT":
        found.comment = str(vText.from_ical(value)).strip()[:LONGEST_COMMENT]
    elif name == "ATTENDEE" and len(found.attendees) < MOST_ATTENDEES:
        found.attendees.append(_attendee(parameters, value))
    elif name == "RECURRENCE-ID":
        found.instance = True
    elif name == "DTSTART":
        found.starts = _when(parameters, value)
    elif name == "DTEND":
        found.ends = _when(parameters, value)
    elif name == "DURATION":
        found.lasts = _lasting(value)


def _moment(value: str) -> datetime | None:
    """A DTSTAMP; one without zone is taken for UTC, which it should be (RFC 5545, 3.8.7.2)."""
    at = _read(value)
    return at.replace(tzinfo=UTC) if at is not None and at.tzinfo is None else at


def _read(value: str) -> datetime | None:
    try:
        at = vDDDTypes.from_ical(value.strip())  # type: ignore[no-untyped-call]  # as above
    except ValueError:
        return None
    return at if isinstance(at, datetime) else None


def _lasting(value: str) -> timedelta | None:
    try:
        lasts = vDuration.from_ical(value.strip())  # type: ignore[no-untyped-call]  # as above
    except (ValueError, OverflowError):
        return None
    return lasts if isinstance(lasts, timedelta) else None


def _when(parameters: dict[str, str], value: str) -> datetime | None:
    """A DTSTART or DTEND. Zones are called as IANA calls them, as Windows does, or by a path that ends in the former."""
    named = str(parameters.get("TZID", "")).strip()
    if named == "tzone":  # Exchange's tzone://Microsoft/Utc stands without quotes
        rest, _colon, value = value.rpartition(":")
        named += f":{rest}"
    at = _read(value)
    if at is None or at.tzinfo is not None or not named:
        return at
    if named.lower() in ("tzone://microsoft/utc", "utc", "gmt", "etc/utc"):
        return at.replace(tzinfo=UTC)
    for name in (WINDOWS_TO_OLSON.get(named, named), "/".join(named.split("/")[-2:])):
        try:
            return zones.instant(at, name, second=False)
        except Invalid:
            continue
    return None


def _instant(at: datetime | None, zone: str) -> datetime | None:
    if at is None or at.tzinfo is not None:
        return at and at.astimezone(UTC)
    try:
        return zones.instant(at, zone, second=False)
    except Invalid:
        return None


def _attendee(parameters: dict[str, str], value: str) -> Attendee:
    if "PARTSTAT" not in parameters and (said := _PARTSTAT.search(value)):
        # A name that is not quoted as it should be has broken the line: what matters still stands in it.
        mailbox = _MAILTO.search(value)
        return Attendee(unquote(mailbox[1].partition("?")[0]) if mailbox else "", said[1].upper())
    comment, role = (str(parameters.get(name, "")) for name in ("X-RESPONSE-COMMENT", "ROLE"))
    partstat = str(parameters.get("PARTSTAT", "")).strip().upper()
    return Attendee(_address(parameters, value), partstat, comment.strip()[:LONGEST_COMMENT], role.upper())


def _address(parameters: dict[str, str], value: str) -> str:
    """The mailbox of a mailto URI (RFC 6068); where there is another kind of name, that of EMAIL (RFC 7986, 6.2)."""
    scheme, _colon, rest = value.strip().strip('"').partition(":")
    if scheme.lower() == "mailto":
        return unquote(rest.partition("?")[0]).strip().strip("<>")
    named = str(parameters.get("EMAIL", "")) or value
    return named.strip() if "@" in named else ""
