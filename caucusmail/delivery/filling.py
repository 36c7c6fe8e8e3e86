"""The values of one copy's slots: a pure function of its ledger row and of its language version's words.

The same row and words always yield the same bytes, so that what was owed can be made again exactly.
"""

from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager
from datetime import datetime
from email.utils import format_datetime
from typing import Any
from urllib.parse import quote

import idna
from babel.lists import format_list

from caucusmail import languages, links, settings, tokens, zones
from caucusmail.delivery.models import Delivery
from caucusmail.languages import _, plural
from caucusmail.mail import addresses, compiled, headers, organizers
from caucusmail.mail.slots import Slot, line
from caucusmail.tokens import Purpose

SHAPES = 256
"""How many combinations of reasons and zones one version keeps ready: each is about as large as the letter."""

_PLAIN = "!$'*+"
"""What a mailto URI leaves as it is beside letters, digits and ``-._~`` (RFC 6068, 2)."""


class Version:
    """One language version of a message. What many rows share is made, and encoded, once."""

    def __init__(self, words: Mapping[str, Any], raw: bytes = b"") -> None:
        self.words = words
        self._template = compiled.Template.of(raw)
        slots = self._template.slots
        self._shared_slots, self._clocks = slots & _SHARED.keys(), Slot.CLOCK in slots
        self._shapes: dict[tuple[str, str], compiled.Template] = {}
        self._date: tuple[datetime | None, str] = None, ""
        self._starts: dict[Callable[[str], str], str] = {}

    def letter(self, row: Delivery, at: datetime) -> bytes:
        """The whole letter of ``row``; ``at`` is the moment of the first attempt (UTC).

        :raises compiled.Injection: a value for a header could end it.
        """
        key = row.why, row.zone if self._clocks else ""
        shape = self._shapes.get(key)
        if shape is None:
            if len(self._shapes) >= SHAPES:
                del self._shapes[next(iter(self._shapes))]
            shape = self._template.with_some({slot: self.shared(slot, row) for slot in self._shared_slots})
            self._shapes[key] = shape
        return shape.fill(_Values(self, row, at))

    def values(self, row: Delivery, at: datetime) -> Mapping[Slot, str]:
        """Every slot's value for ``row``, made when it is asked for; ``at`` as in ``letter``."""
        return _Values(self, row, at)

    def date(self, at: datetime) -> str:
        """The value of Date; many rows are begun at the same moment."""
        if at != self._date[0]:
            self._date = at, format_datetime(at)
        return self._date[1]

    def shared(self, slot: Slot, row: Delivery) -> str:
        """A value that all rows have in common which came for the same reason and live in the same zone."""
        with self._language(row):
            return _SHARED[slot](row, self.words)

    def link(self, to: Callable[[str], str], row: Delivery, token: str) -> str:
        """``to(token)``, of ``links``, in the language of the text around it; every such link ends with its token."""
        start = self._starts.get(to)
        if start is None:
            with self._language(row):
                start = self._starts[to] = to("")
        return start + token

    def _language(self, row: Delivery) -> AbstractContextManager[None]:
        return languages.use(
            str(self.words.get("frame") or row.language)
        )  # an English text may stand in a French frame


class _Values(dict[Slot, str]):
    """The values of one row."""

    def __init__(self, version: Version, row: Delivery, at: datetime) -> None:
        self.version, self.row, self.at = version, row, at
        self._token = ""

    def __missing__(self, slot: Slot) -> str:
        of_row = _OF_A_ROW.get(slot)
        made = self[slot] = of_row(self) if of_row else self.version.shared(slot, self.row)
        return made

    @property
    def one_click(self) -> str:
        """The token that leaves what brought this copy."""
        if not self._token:
            self._token = tokens.sign_at(Purpose.ONE_CLICK, self.row.id, made=self.row.due_at)
        return self._token


def values(row: Delivery, words: Mapping[str, Any], at: datetime) -> Mapping[Slot, str]:
    """Every slot's value for ``row``; ``words`` are its version's, ``at`` the moment of the first attempt (UTC)."""
    return Version(words).values(row, at)


def _shown_name(row: Delivery) -> str:
    """The name beside the address; none for who is protected, whose made-up name would stand beside their real address."""
    return "" if addresses.covered(row.address_key or "") else line(row.name)  # "": a preview is owed to nobody


def on_the_wire(address: str) -> str:
    """The address with its domain as A-labels (RFC 5890), so that only a non-ASCII local part needs SMTPUTF8."""
    local, _at, domain = address.rpartition("@")
    try:
        return f"{local}@{idna.encode(domain, uts46=True).decode('ascii')}" if not domain.isascii() else address
    except idna.IDNAError:
        return address


def message_id(row: Delivery) -> str:
    """Stable for the row, whatever happens to it; two rows never share one (RFC 5322, 3.6.4)."""
    mark = tokens.fingerprint("message-id", f"{row.message_id}.{row.id}")[:16]
    return f"<{row.id}.{row.message_id}.{mark}@{settings.current().mail_domain}>"


def _settings(of: _Values) -> str:
    """The footer link to this person's own page; the home page for somebody who is not a person yet."""
    row = of.row
    if row.person_id is None or row.settings_version is None:
        return of.version.link(_home, row, "")
    token = tokens.sign_at(Purpose.SETTINGS, row.person_id, row.settings_version, made=row.due_at)
    return of.version.link(links.my_page, row, token)


def _answer(of: _Values) -> str:
    """Where this reader says whether they come."""
    token = tokens.sign_at(Purpose.MEETING_REPLY, of.row.id, made=of.row.due_at)
    return of.version.link(links.answer, of.row, token)


def _read(of: _Values) -> str:
    """Where this reader finds what the letter holds back, as long as their old links are good."""
    row = of.row
    token = tokens.sign_at(Purpose.READ, row.id, row.settings_version or 0, made=row.due_at)
    return of.version.link(links.read, row, token)


def _home(_token: str) -> str:
    return links.home()


def why(row: Delivery, words: Mapping[str, Any]) -> str:
    """The sentence part that tells which groups brought this copy, or why else it came."""
    named, reasons = words.get("groups") or {}, words.get("why") or {}
    groups = [_("“%(name)s”", name=languages.apart(named[key])) for key in row.why.split() if key in named]
    others = [reasons[key] for key in row.why.split() if key in reasons]
    if groups:
        listed = format_list(groups, locale=languages.locale())
        on = plural(
            "you are on the email group %(groups)s",
            "you are on the email groups %(groups)s",
            len(groups),
            groups=listed,
        )
        others.insert(0, on)
    return ", ".join(others)


def groups(row: Delivery, words: Mapping[str, Any]) -> str:
    """The groups that brought this copy, by name; the one in whose name it was written, if none did."""
    named = words.get("groups") or {}
    found = [languages.apart(named[key]) for key in row.why.split() if key in named]
    return format_list(found or [languages.apart(words.get("group", ""))], locale=languages.locale())


def list_id(row: Delivery, words: Mapping[str, Any]) -> str:
    """The List-Id of the first group that brought this copy (RFC 2919); of the sender's own, if none did."""
    lists = words.get("lists") or {}
    return str(next((lists[key] for key in row.why.split() if key in lists), words.get("list", "")))


def clock(row: Delivery, words: Mapping[str, Any]) -> str:
    """The meeting's time on the reader's own clock, or which of the clocks that are shown is theirs."""
    given = words.get("clock")
    if not given or row.zone == "UTC":
        return ""
    if row.zone in given["shown"]:
        return _("Your time is that of %(city)s.", city=given["shown"][row.zone])
    own = zones.clock(datetime.fromisoformat(given["starts"]), given["zone"])
    there = zones.clock(datetime.fromisoformat(given["starts"]), row.zone, own_day=own.local)
    ends = zones.clock(datetime.fromisoformat(given["ends"]), row.zone)
    span = zones.span(there, ends)
    return _("%(span)s in %(city)s (your time), %(date)s", span=span, city=there.city, date=there.short_date)


def own_line(text: str) -> str:
    """``text`` as a line of its own after another one; nothing at all where it is empty."""
    return f"\n  {text}" if text else ""


def attendee(row: Delivery) -> str:
    """The one ATTENDEE line of a calendar object, its address a URI (RFC 6068, 2), folded at 75 octets (RFC 5545, 3.1)."""
    local, _at, domain = on_the_wire(row.address).rpartition("@")
    line = (
        "ATTENDEE;CUTYPE=INDIVIDUAL;ROLE=REQ-PARTICIPANT;PARTSTAT=NEEDS-ACTION;RSVP=TRUE:mailto:"
        f"{quote(local, safe=_PLAIN)}@{quote(domain, safe='')}"
    )
    return folded(line)


def organizer(row: Delivery, words: Mapping[str, Any]) -> str:
    """The ORGANIZER line of a calendar object, whose mailbox knows who replies; "" where the words tell of no meeting."""
    given = words.get("organizer")
    if not given:
        return ""
    own = "meeting" in given  # else the line names its address
    return folded(
        given["line"] + (organizers.mailbox(given["sender"], given["meeting"], row.person_id or 0) if own else "")
    )


def folded(line: str) -> str:
    """A content line in pieces of 75 octets (RFC 5545, 3.1)."""
    if line.isascii():
        return "\r\n ".join([line[:75], *(line[at : at + 74] for at in range(75, len(line), 74))])
    pieces, width = "", 0
    for character in line:
        octets = len(character.encode())
        if width + octets > 75:
            pieces, width = pieces + "\r\n ", 1
        pieces, width = pieces + character, width + octets
    return pieces


_SHARED: dict[Slot, Callable[[Delivery, Mapping[str, Any]], str]] = {
    Slot.WHY: why,
    Slot.CLOCK: lambda row, words: own_line(clock(row, words)),
    Slot.GROUPS: groups,
    Slot.LIST_ID: list_id,
    Slot.LINK_WEB: lambda _row, words: str(words.get("web", "")),
    Slot.FEEDBACK_ID: lambda row, _words: f"{row.message_id}:{settings.current().mail_domain}",
}
_OF_A_ROW: dict[Slot, Callable[[_Values], str]] = {
    Slot.NAME: lambda of: line(of.row.name),
    Slot.ADDRESS: lambda of: addresses.masked(of.row.address),
    Slot.TO: lambda of: compiled.mailbox(_shown_name(of.row), on_the_wire(of.row.address)),
    Slot.DATE: lambda of: of.version.date(of.at),
    Slot.MESSAGE_ID: lambda of: message_id(of.row),
    Slot.ORGANIZER: lambda of: organizer(of.row, of.version.words),
    Slot.ATTENDEE: lambda of: attendee(of.row),
    Slot.LINK_LEAVE: lambda of: of.version.link(links.one_click, of.row, of.one_click),
    Slot.LEAVE_BY_MAIL: lambda of: headers.leave_by_mail(of.one_click),
    Slot.LINK_LEAVE_PAGE: lambda of: of.version.link(links.leave, of.row, of.one_click),
    Slot.LINK_SETTINGS: _settings,
    Slot.LINK_ANSWER: _answer,
    Slot.LINK_READ: _read,
}
