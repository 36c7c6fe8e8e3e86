"""What the page of mail says of lanes, parts of the house, and courses, in words."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from caucusmail import settings, zones
from caucusmail.announcements.course import Course
from caucusmail.audit import heartbeats
from caucusmail.audit.heartbeats import Seen
from caucusmail.delivery.limits import Standing
from caucusmail.delivery.models import DeliveryState, Lane
from caucusmail.hosts import OTHERS
from caucusmail.languages import _, later, plural
from caucusmail.web.announcements import telling

LANES = {
    Lane.TRANSACTIONAL: later("Letters that somebody waits for"),
    Lane.URGENT: later("Urgent announcements"),
    Lane.ANNOUNCE: later("Announcements"),
    Lane.BULK: later("Everything that has time"),
    Lane.DIGEST: later("What waits for its reader’s digest"),
}
PARTS = {"relay": later("The mail relay"), "jobs": later("The part of the house that sends")}


def parts() -> dict[str, str]:
    """The parts of the house as they are called here, by the name of their heartbeat; of several relays each."""
    relays = settings.current().relays
    each = {heartbeats.of_relay(name): _("The relay %(name)s", name=name) for name in relays if len(relays) > 1}
    return {"relay": str(PARTS["relay"]), **each, "jobs": str(PARTS["jobs"])}


@dataclass(frozen=True)
class Limit:
    """One limit that the operator has set."""

    what: str  # in words; or the name of a domain
    is_name: bool
    per_minute: int
    begun: int | None  # letters that count in this minute; None: each domain has its own number
    following: str  # when the next may leave


def limits(overall: tuple[int, int, bool] | None, each: Sequence[Standing], now: datetime) -> Sequence[Limit]:
    """All limits, that of all letters first, then those of relays and of recipient domains."""
    found = []
    if overall is not None:
        per_minute, begun, free = overall
        found.append(Limit(_("All letters"), False, per_minute, begun, _("now") if free else _("within a minute")))
    for one in each:
        if one.name == OTHERS:
            found.append(Limit(_("Each domain that is not named"), False, one.per_minute, None, ""))
            continue
        what = _("The relay %(name)s", name=one.name) if one.is_relay else one.name
        found.append(Limit(what, not one.is_relay, one.per_minute, one.begun, _following(one.next_at, now)))
    return found


def _following(at: datetime | None, now: datetime) -> str:
    seconds = math.ceil((at - now).total_seconds()) if at is not None else 0
    return plural("in %(number)s second", "in %(number)s seconds", seconds) if seconds > 0 else _("now")


def age(since: datetime | None, now: datetime) -> str:
    """How long something has waited: ``about 4 minutes``; "" if nothing has."""
    return telling.lasting(max(0.0, (now - since).total_seconds())) if since is not None else ""


def part(seen: Seen | None, zone: str) -> tuple[str, str]:
    """How a part of the house is, and how that word is coloured."""
    if seen is None:
        return _("It has never been seen at work."), "warn"
    at = zones.spoken(seen.at, zone)
    if seen.late:
        return _("Nothing was heard of it since %(time)s.", time=at), "stop"
    since = zones.spoken(seen.since, zone)
    if seen.detail:
        return _("Since %(since)s; last heard of on %(time)s.", since=since, time=at), "stop"
    return _("Since %(since)s; last answer on %(time)s.", since=since, time=at), "ok"


def numbers(course: Course) -> str:
    """What a chart shows, in words: ``588 accepted, 2 failed, 4 waiting``."""
    states = course.states
    parts = [
        plural("%(number)s accepted", "%(number)s accepted", states.get(DeliveryState.ACCEPTED, 0)),
        plural("%(number)s failed", "%(number)s failed", states.get(DeliveryState.FAILED, 0)),
    ]
    uncertain, deferred = states.get(DeliveryState.UNCERTAIN, 0), states.get(DeliveryState.DEFERRED, 0)
    waiting, withdrawn = course.waiting - deferred, states.get(DeliveryState.WITHDRAWN, 0)
    if uncertain:
        parts.append(plural("%(number)s uncertain", "%(number)s uncertain", uncertain))
    if deferred:
        parts.append(plural("%(number)s deferred", "%(number)s deferred", deferred))
    if waiting:
        parts.append(plural("%(number)s still to send", "%(number)s still to send", waiting))
    if withdrawn:
        parts.append(plural("%(number)s withdrawn", "%(number)s withdrawn", withdrawn))
    return ", ".join(parts)


def span(course: Course, zone: str) -> str:
    """Over what time a chart goes, and how long one of its bars is; "" if nothing is drawn."""
    if not course.bars:
        return ""
    minutes = round(course.width.total_seconds() / 60)
    bar = (
        plural("each bar %(number)s hour", "each bar %(number)s hours", round(minutes / 60))
        if minutes >= 120
        else plural("each bar %(number)s minute", "each bar %(number)s minutes", minutes)
    )
    begins, ends = zones.spoken(course.begins, zone), zones.spoken(course.ends, zone)
    return _("From %(begins)s to %(ends)s, %(bar)s.", begins=begins, ends=ends, bar=bar)
