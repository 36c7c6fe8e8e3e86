"""What the codes in an export mean, for those who read it on the page; the file keeps the codes."""

from collections.abc import Callable
from typing import Any

from caucusmail import languages, zones
from caucusmail.accounts import hours
from caucusmail.languages import later
from caucusmail.privacy.models import RequestState, Right

ROLES = {"representative": later("representative"), "alternate": later("alternate")}
KEEPS = {"coordinator": later("coordinator"), "moderator": later("moderator")}
MEMBERSHIPS = {
    "waiting": later("waits"),
    "interest": later("interest noted"),
    "active": later("member"),
    "declined": later("not let in"),
    "ended": later("left, or ended"),
    "name-and-organisation": later("name and organisation"),
    "organisation": later("the organisation alone"),
    "region": later("the region alone"),
    "pseudonym": later("a made-up name"),
    "nothing": later("nothing"),
}
HAND_OVERS = {
    "open": later("offered, not answered"),
    "accepted": later("said yes, waits for its day"),
    "done": later("handed over"),
    "declined": later("declined"),
    "withdrawn": later("withdrawn"),
    "lapsed": later("not answered in time, or something stood in the way"),
}
ABSENCES = {
    "offered": later("asked, not answered"),
    "accepted": later("agreed"),
    "declined": later("declined"),
    "ended": later("ended before its time"),
    "lapsed": later("not answered in time"),
    "holder": later("who is away"),
    "deputy": later("who stands in"),
}
LETTERS = {
    "queued": later("waits to leave"),
    "in-flight": later("leaving"),
    "accepted": later("taken by the mail server"),
    "deferred": later("is tried again"),
    "failed": later("not taken"),
    "uncertain": later("not known whether it arrived"),
    "withdrawn": later("not sent"),
}

REQUESTS = HAND_OVERS | {"open": later("asked, not answered"), "given": later("given")}
YEARLY = {"confirmed": later("all still true"), "changed": later("with changes"), "waiting": later("taken back")}

LOOKED = {"secretariat": later("secretariat"), "coordinator": later("coordinator")}
RIGHTS: dict[str, Any] = {
    Right.ACCESS: later("to be told what we know (Article 15)"),
    Right.RECTIFICATION: later("to have something put right (Article 16)"),
    Right.ERASURE: later("to be erased (Article 17)"),
    Right.RESTRICTION: later("that we keep and do not use it (Article 18)"),
    Right.OBJECTION: later("an objection (Article 21)"),
}
REQUEST_STATES: dict[str, Any] = {
    RequestState.OPEN: later("open"),
    RequestState.IDENTITY: later("waiting to know who asks"),
    RequestState.DONE: later("answered"),
    RequestState.REFUSED: later("refused"),
}

CODES: dict[str, dict[str, Any]] = {
    "": {"member": later("member"), "secretariat": later("secretariat")},
    "seats": ROLES,
    "keeps": KEEPS,
    "memberships": MEMBERSHIPS,
    "hand_overs": HAND_OVERS,
    "absences": ABSENCES,
    "letters": LETTERS,
    "protections_asked": REQUESTS | {"done": later("agreed")},
    "seat_requests": REQUESTS,
    "yearly": YEARLY,
    "looked_at": LOOKED,
    "reports_taken": LOOKED,
    "data_requests": RIGHTS | REQUEST_STATES,
}
"""For each kind, its codes; one that has no words here stands for itself."""

SPOKEN: dict[str, Callable[[Any], str]] = {
    "languages": languages.own_name,
    "reading_days": hours.weekdays,
    "reading_from": "{:02d}:00".format,
    "zone": zones.city,
}
"""The parts whose values are codes of their own, and how each is said."""

CODED = ("role", "state", "shown", "right")
"""The parts that hold codes; in others somebody may have typed the same word."""


def until(alone: dict[str, Any]) -> str:
    """When the reading hours of who is told ``alone`` end; "" where there are none."""
    begins, ends = alone.get("reading_from"), alone.get("reading_until")
    return hours.until(hours.Hours("", begins, ends, ""))


def named(kind: str, part: str, value: str) -> str:
    """What ``value`` means as this part of an entry of this kind."""
    return str(CODES.get(kind, {}).get(value, value)) if part in CODED else value
