"""Whom or what a form is about that waits for a fresh proof, and what was filled in, in words.

Somebody else may have sent it at a desk that was left open: whoever proves who they are reads what they are about to do. A name is
shown as far as the reader may see it today; of what they may not see nothing stands there, and the form itself is refused.
"""

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from flask import current_app, request
from werkzeug.exceptions import HTTPException

from caucusmail.accounts import queries as accounts
from caucusmail.accounts.stopped import Stopped
from caucusmail.announcements import queries as announcements
from caucusmail.directory import acquaintances, hand_overs, joining, organisations, roster, seat_requests, vouching
from caucusmail.directory import queries as directory
from caucusmail.directory.visibility import Viewer
from caucusmail.errors import DomainError
from caucusmail.groups import deputies, terms
from caucusmail.languages import _, later, pick
from caucusmail.mail.addresses import masked
from caucusmail.meetings import queries as meetings
from caucusmail.web import reader
from caucusmail.web.audit import wording
from caucusmail.web.typed import OURS, SECRET

Shown = tuple[str, str]  # a label, and what it is

LABELS: Mapping[str, Any] = {
    "about_en": later("Who it is for, in English"),
    "about_fr": later("Who it is for, in French"),
    "address": later("Address"),
    "addresses": later("With email addresses"),
    "admin": later("Administrator"),
    "alone": later("Stay in as an individual expert"),
    "back": later("First day back"),
    "caucuses": later("For"),
    "day": later("Day"),
    "deputy": later("Who stands in"),
    "first": later("First day away"),
    "how": later("How you know that it is they"),
    "language": later("Write to them in"),
    "name": later("Name"),
    "name_en": later("Name in English"),
    "name_fr": later("Name in French"),
    "reason": later("Why"),
    "representative": later("Who is to take it"),
    "roster": later("Who may see who is in"),
    "seats": later("Which seats"),
    "title": later("What they do"),
    "to": later("Name of your new organisation"),
    "until": later("The day from which all is as before"),
    "words": later("A line to them"),
}
"""What the fields of dangerous forms are called."""


def concerned(form: Stopped) -> list[Shown]:
    """Whom or what ``form`` is about."""
    viewer, found = reader.viewer(), _arguments(form)
    shown: list[Shown] = []
    for name, naming in NAMING.items():
        if name in found:
            try:
                shown += [(label, words) for label, words in naming(viewer, found) if words]
            except DomainError:  # gone, or no longer theirs to see
                continue
    return list(dict.fromkeys(shown)) or [(_("Account"), viewer.person.name if viewer.person else "")]


def filled(form: Stopped) -> list[Shown]:
    """What was filled in there, without secrets."""
    found = _arguments(form)
    return [
        (str(LABELS.get(name, "")), words)
        for name, value in form.fields
        if name not in SECRET | OURS and value.strip() and (words := _said(name, value.strip(), found))
    ]


def _arguments(form: Stopped) -> Mapping[str, Any]:
    adapter = current_app.create_url_adapter(request)
    try:
        return adapter.match(form.path.partition("?")[0], method="POST")[1] if adapter else {}
    except HTTPException:
        return {}


def _said(name: str, value: str, found: Mapping[str, Any]) -> str:
    """One value in words: a choice of our own by its name, what was typed as it is."""
    if name in _CHOSEN and value.isdigit():
        try:
            return _CHOSEN[name](reader.viewer(), found, int(value))
        except DomainError:
            return ""
    plain = {"yes": _("Yes"), "y": _("Yes"), "on": _("Yes"), "no": _("No")}
    return plain.get(value, value) if name in LABELS or not value.isdigit() else ""


def _representative(by: Viewer, of: Mapping[str, Any]) -> Iterator[Shown]:
    person = by.person
    if "ngo_id" in of:
        one = hand_overs.representative(by, of["ngo_id"], of["representative_id"])
    elif person is not None:
        one = hand_overs.own_term(person, of["representative_id"])
    yield _("Person"), one.person.name
    yield _("Organisation"), one.ngo.name


def _seat(by: Viewer, of: Mapping[str, Any]) -> Iterator[Shown]:
    seated = organisations.seated(by, of["ngo_id"], of["seat_id"])
    yield _("Seat"), pick(seated.seat.caucus.names)
    yield _("Who holds it"), seated.name


def _step(by: Viewer, of: Mapping[str, Any]) -> Iterator[Shown]:
    if "ngo_id" in of:
        change = terms.step(by, of["ngo_id"], of["entry_id"])
        about = accounts.person(change.detail["person"]) if change.detail.get("person") else None
        yield _("What is taken back"), wording.named(change.verb)
        yield _("Person"), about.name if about else ""


def _hand_over(by: Viewer, of: Mapping[str, Any]) -> Iterator[Shown]:
    offered = hand_overs.own(by, of["ngo_id"], of["hand_over_id"])
    yield _("Person"), offered.representative.person.name
    yield _("Who follows"), offered.name
    yield _("Organisation"), offered.representative.ngo.name


def _caucus(by: Viewer, of: Mapping[str, Any]) -> Iterator[Shown]:
    caucus = directory.caucus(of["slug"])
    if by.keeps_caucus(caucus.id) or caucus.id in by.member_of:
        yield _("Group"), pick(caucus.names)


def _keeper(by: Viewer, of: Mapping[str, Any]) -> Iterator[Shown]:
    if by.secretariat:
        yield _("Person"), directory.keeper(of["keeper_id"], directory.caucus(of["slug"])).person.name


def _member(by: Viewer, of: Mapping[str, Any]) -> Iterator[Shown]:
    yield _("Person"), roster.member(of["affiliation_id"], directory.caucus(of["slug"]), by).name


def _recovery(by: Viewer, of: Mapping[str, Any]) -> Iterator[Shown]:
    asked = vouching.one(by, of["recovery_id"])
    yield _("Person"), asked.person.name if asked.person else ""
    yield _("New address"), masked(asked.address)


def _announcement(by: Viewer, of: Mapping[str, Any]) -> Iterator[Shown]:
    found = announcements.announcement(of["announcement_id"], by)
    if found is not None:
        yield _("Announcement"), pick(announcements.subjects([found]).get(found.id, {}) or found.caucus.names)


def _meeting(by: Viewer, of: Mapping[str, Any]) -> Iterator[Shown]:
    found = meetings.by_reference(of["reference"], by)
    yield _("Meeting"), pick(found.titles) if found else ""


def _address(by: Viewer, of: Mapping[str, Any]) -> Iterator[Shown]:
    own = accounts.further_addresses(by.person) if by.person else ()
    for one in own:
        if one.id == of["address_id"]:
            yield _("Address"), one.address


NAMING: Mapping[str, Callable[[Viewer, Mapping[str, Any]], Iterator[Shown]]] = {
    "representative_id": _representative,
    "seat_id": _seat,
    "seat_request_id": lambda by, of: iter(
        [(_("Person"), seat_requests.own(by, of["ngo_id"], of["seat_request_id"]).person.name)]
    ),
    "entry_id": _step,
    "hand_over_id": _hand_over,
    "keeper_id": _keeper,
    "affiliation_id": _member,
    "person_id": lambda by, of: iter([(_("Person"), acquaintances.one(by, of["person_id"]).person.name)]),
    "recovery_id": _recovery,
    "address_id": _address,
    "announcement_id": _announcement,
    "reference": _meeting,
    "ngo_id": lambda by, of: iter([(_("Organisation"), organisations.own(by, of["ngo_id"]).name)]),
    "slug": _caucus,
}
"""By the name of an argument in the address of a form: what it stands for."""

OWN = frozenset({"asked_id", "change_id", "credential_id", "token", "step"})
"""Arguments that stand for something of the reader's own account."""


def _speaker(by: Viewer, of: Mapping[str, Any], number: int) -> str:
    return hand_overs.representative(by, of["ngo_id"], number).person.name


def _colleague(by: Viewer, of: Mapping[str, Any], number: int) -> str:
    holder = hand_overs.representative(by, of["ngo_id"], of["representative_id"])
    return next((one.person.name for one in deputies.choices(holder) if one.person_id == number), "")


def _seat_of(by: Viewer, of: Mapping[str, Any], number: int) -> str:
    holder = hand_overs.representative(by, of["ngo_id"], of["representative_id"])
    return next((pick(one.caucus.names) for one in hand_overs.seats(holder) if one.id == number), "")


def _place(by: Viewer, of: Mapping[str, Any], number: int) -> str:
    """A caucus in which the organisation has a seat, or the reader is."""
    own = joining.seated(organisations.own(by, of["ngo_id"])) if "ngo_id" in of else ()
    known = {one.id for one in own} | by.member_of
    return next((pick(one.names) for one in joining.by_ids([number]) if one.id in known), "")


_CHOSEN: Mapping[str, Callable[[Viewer, Mapping[str, Any], int], str]] = {
    "representative": _speaker,
    "deputy": _colleague,
    "seats": _seat_of,
    "caucuses": _place,
    "alone": _place,
}
"""Fields whose value is the number of something, and what that is called."""
