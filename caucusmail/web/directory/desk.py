"""Words and small helpers of the secretariat's pages."""

from typing import Any

from flask import request

from caucusmail import clock
from caucusmail.accounts.models import Person
from caucusmail.directory import standing as standings
from caucusmail.directory.applications import Application, ApplicationState
from caucusmail.directory.joining import UNDECIDED
from caucusmail.directory.models import AffiliationState, KeeperRole, Ngo, RosterPolicy
from caucusmail.directory.resemblance import Trace
from caucusmail.directory.standing import Standing
from caucusmail.directory.waiting import Group, Line
from caucusmail.languages import _, later
from caucusmail.web import asked, reader

GROUPS: dict[Group, Any] = {
    Group.READY: later("Ready"),
    Group.NEEDS_EVIDENCE: later("Needs evidence"),
    Group.DUPLICATE: later("Possible duplicate"),
    Group.IMPERSONATION: later("Possible impersonation"),
    Group.ASKED: later("Asked, waiting for their answer"),
    Group.HELD: later("Put aside"),
}
TONES = {Group.READY: "ok", Group.DUPLICATE: "warn", Group.IMPERSONATION: "stop"}
TRACES: dict[Trace, Any] = {
    Trace.SAME_NAME: later("same name"),
    Trace.SAME_DOMAIN: later("same domain"),
    Trace.NEAR_DOMAIN: later("domain looks alike but is another"),
    Trace.SAME_ACRONYM: later("same acronym"),
    Trace.SAME_ADDRESS: later("same person’s address"),
}
STATES: dict[ApplicationState, Any] = {
    ApplicationState.UNCONFIRMED: later("not confirmed yet"),
    ApplicationState.TO_REVIEW: later("waits for you"),
    ApplicationState.ASKED: later("asked"),
    ApplicationState.HELD: later("put aside"),
    ApplicationState.APPROVED: later("approved"),
    ApplicationState.DECLINED: later("declined"),
    ApplicationState.WITHDRAWN: later("withdrawn by them"),
    ApplicationState.EXPIRED: later("expired"),
}
PAST: dict[str, Any] = {
    "application.received": later("Received"),
    "application.approved": later("Approved"),
    "application.asked": later("Asked"),
    "application.held": later("Put aside"),
    "application.released": later("Taken back into the queue"),
    "application.declined": later("Declined"),
    "application.reopened": later("Decision taken back"),
    "application.answered": later("Answered"),
}
ROLES: dict[KeeperRole, Any] = {
    KeeperRole.COORDINATOR: later("Coordinator"),
    KeeperRole.MODERATOR: later("Moderator"),
}
ROSTERS: dict[RosterPolicy, Any] = {
    RosterPolicy.HIDDEN: later("Only its coordinators and the secretariat"),
    RosterPolicy.MEMBERS: later("Members see each other, as far as each allows; never addresses"),
}


MEMBERSHIPS: dict[AffiliationState, Any] = {
    AffiliationState.ACTIVE: later("member"),
    AffiliationState.WAITING: later("waiting"),
    AffiliationState.INTEREST: later("interest noted"),
}
STANDINGS: dict[Standing, Any] = {
    Standing.NEW: later("provisional"),
    Standing.CURRENT: later("verified"),
    Standing.GRACE: later("has run out, goes on for 60 days"),
    Standing.LAPSED: later("lapsed"),
}


def standing(ngo: Ngo) -> str:
    """Where an organisation's membership stands now, in a word or two."""
    return str(STANDINGS[standings.of(ngo, clock.now())])


def chosen(tried: Any) -> int:
    """The organisation that somebody chose to link to, in the address or in the form that was sent; 0: none."""
    if tried is None:
        return asked.number("into") or 0
    return asked.posted_number("into")


def me() -> Person:
    """The person at the desk; the guard has looked."""
    person = reader.viewer().person
    assert person is not None
    return person


def links_revoked(person: Person) -> str:
    """That somebody's old links were made invalid, as it is said at the top of the next page."""
    return _(
        "The links in the old letters to %(name)s no longer work. The next letter brings a new one.", name=person.name
    )


def asked_group() -> Group | None:
    """The group of the queue that the address names; None: all."""
    named = request.args.get("group")
    return next((group for group in Group if group.value == named), None)


def neighbours(line: Line, application: Application) -> dict[str, Any]:
    """Where an application stands in the line: its group, its number, who comes before and after."""
    ids = [one.application_id for one in line.standings]
    if application.state not in UNDECIDED or application.id not in ids:
        return {"group": None, "number": 0, "before": None, "after": ids[0] if ids else None, "total": len(ids)}
    at = ids.index(application.id)
    return {
        "group": line.standings[at].group,
        "number": at + 1,
        "before": ids[at - 1] if at else None,
        "after": ids[at + 1] if at + 1 < len(ids) else None,
        "total": len(ids),
    }


def next_after(line: Line, application_id: int) -> int | None:
    """What to look at once this is decided: the next in line; after the last one the first that was passed over."""
    ids = [one.application_id for one in line.standings]
    at = ids.index(application_id) + 1 if application_id in ids else 0
    return next((one for one in (*ids[at:], *ids[:at]) if one != application_id), None)
