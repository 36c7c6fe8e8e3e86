"""What the page of mail says of lanes, parts of the house, and courses, in words."""

from datetime import datetime

from caucusmail import settings, zones
from caucusmail.announcements.course import Course
from caucusmail.audit import heartbeats
from caucusmail.audit.heartbeats import Seen
from caucusmail.delivery.models import DeliveryState, Lane
from caucusmail.languages import _, later, plural
from caucusmail.web.announcements import telling

LANES = {
    Lane.TRANSACTIONAL: later("Letters that somebody waits for"),
    Lane.URGENT: later("Urgent announcements"),
    Lane.ANNOUNCE: later("Announcements"),
    Lane.BULK: later("Everything that has time"),
}
PARTS = {"relay": later("The mail relay"), "jobs": later("The part of the house that sends")}


def parts() -> dict[str, str]:
    """The parts of the house as they are called here, by the name of their heartbeat; of several relays each."""
    relays = settings.current().relays
    each = {heartbeats.of_relay(name): _("The relay %(name)s", name=name) for name in relays if len(relays) > 1}
    return {"relay": str(PARTS["relay"]), **each, "jobs": str(PARTS["jobs"])}


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
