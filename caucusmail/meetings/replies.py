"""What a mail program's calendar replies (RFC 5546, 3.2.3; RFC 6047). Pure: never fails, and costs time in proportion to size.

Read line by line with the ``icalendar`` library's own parser of content lines, since what is needed is five properties of
one component, and what strangers send may be nested, broken or endless.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from urllib.parse import unquote

from icalendar import vDDDTypes, vText
from icalendar.parser import Contentline, Contentlines

from caucusmail.mail.parts import Part
from caucusmail.meetings.models import AnswerState

KINDS = ("text/calendar", "application/ics")
DEEPEST = 6  # components within components
MOST_LINES = 2000
LONGEST_LINE = 4096  # characters, unfolded
MOST_ATTENDEES = 50
LONGEST_COMMENT = 1000  # characters
HIGHEST = 2**31 - 1  # SEQUENCE: RFC 5545, 3.3.8

STATES = {
    "ACCEPTED": AnswerState.COMING,
    "DECLINED": AnswerState.NOT_COMING,
    "TENTATIVE": AnswerState.MAYBE,
}
"""What each PARTSTAT says (RFC 5545, 3.2.12); any other is for people."""


@dataclass(frozen=True)
class Attendee:
    """One ATTENDEE."""

    address: str
    partstat: str  # upper case; "" if nothing is said


@dataclass
class Reply:
    """The first event of a calendar that came by mail. Nothing of it is proven."""

    method: str = ""  # upper case
    uid: str = ""
    sequence: int = 0
    stamp: datetime | None = None  # DTSTAMP
    attendees: list[Attendee] = field(default_factory=list)
    comment: str = ""


def read(message: Part) -> Reply | None:
    """The calendar in ``message``; None if it holds none that says what is to be done with it."""
    for part in message.outside():
        if part.kind in KINDS and not part.children:
            found = parsed(part.text())
            found.method = found.method or part.parameters.get("method", "").upper()
            if found.method:
                return found
    return None


def parsed(text: str) -> Reply:
    """What stands in a calendar object, as far as it can be read."""
    found, path, events = Reply(), [""], 0
    for name, parameters, value in _lines(text):
        if name == "BEGIN":
            path.append(value.upper())
            events += path[-1] == "VEVENT"
            if len(path) > DEEPEST:
                break
        elif name == "END":
            del path[max(1, len(path) - 1) :]
        elif path[-1] == "VCALENDAR" and name == "METHOD":
            found.method = value.strip().upper()[:40]
        elif path[-1] == "VEVENT" and events == 1:
            _take(found, name, parameters, value)
    return found


def _lines(text: str) -> Iterator[tuple[str, dict[str, str], str]]:
    """Each content line that is one, with its name in upper case."""
    lines: list[str] = Contentlines.from_ical(text.lstrip("\ufeff").replace("\0", ""))  # type: ignore[no-untyped-call]  # icalendar ships half its types
    for line in lines[:MOST_LINES]:
        if 0 < len(line) <= LONGEST_LINE:
            try:
                name, parameters, value = Contentline(line).parts()  # type: ignore[no-untyped-call]  # as above
            except ValueError:
                continue
            yield name.upper(), parameters, value


def _take(found: Reply, name: str, parameters: dict[str, str], value: str) -> None:
    if name == "UID":
        found.uid = str(vText.from_ical(value)).strip()
    elif name == "SEQUENCE" and value.strip().isascii() and value.strip().isdigit():
        found.sequence = min(int(value.strip()[:12]), HIGHEST)
    elif name == "DTSTAMP":
        found.stamp = _moment(value)
    elif name == "COMMENT":
        found.comment = str(vText.from_ical(value))[:LONGEST_COMMENT]
    elif name == "ATTENDEE" and len(found.attendees) < MOST_ATTENDEES:
        found.attendees.append(Attendee(_address(parameters, value), str(parameters.get("PARTSTAT", "")).upper()))


def _moment(value: str) -> datetime | None:
    """A DTSTAMP; one without zone is taken for UTC, which it should be (RFC 5545, 3.8.7.2)."""
    try:
        at = vDDDTypes.from_ical(value.strip())  # type: ignore[no-untyped-call]  # as above
    except ValueError:
        return None
    if not isinstance(at, datetime):
        return None
    return at.replace(tzinfo=UTC) if at.tzinfo is None else at


def _address(parameters: dict[str, str], value: str) -> str:
    """The mailbox of a mailto URI (RFC 6068); where there is another kind of name, that of EMAIL (RFC 7986, 6.2)."""
    scheme, _colon, rest = value.strip().partition(":")
    if scheme.lower() == "mailto":
        return unquote(rest.partition("?")[0]).strip()
    named = str(parameters.get("EMAIL", "")) or value
    return named.strip() if "@" in named else ""
