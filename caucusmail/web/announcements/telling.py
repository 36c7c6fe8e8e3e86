"""What the numbers of an announcement mean, in sentences that are always true."""

from collections.abc import Mapping

from caucusmail import clock, languages, zones
from caucusmail.announcements import dispatch
from caucusmail.announcements.again import Paused
from caucusmail.announcements.audience import Estimate
from caucusmail.announcements.choice import Role
from caucusmail.announcements.models import Announcement, AnnouncementKind, AnnouncementState
from caucusmail.announcements.naming import Named
from caucusmail.announcements.progress import Numbers
from caucusmail.delivery import waves
from caucusmail.delivery.again import Pending
from caucusmail.delivery.models import Pause, Step
from caucusmail.delivery.waves import Standing
from caucusmail.languages import _, later, plural

ROLES = {
    Role.REPRESENTATIVE: later("Representatives of organisations"),
    Role.ALTERNATE: later("Alternates"),
    Role.INDIVIDUAL: later("Individual experts"),
    Role.KEEPER: later("Those who keep a group"),
    Role.ADMINISTRATOR: later("Administrators of their organisation"),
}


def people(number: int) -> str:
    """``594 people``."""
    return plural("%(number)s person", "%(number)s people", number)


def who(estimate: Estimate) -> str:
    """``298 organisations in 84 countries and 57 individual experts``; "" if nobody is there. Experts have no country."""
    parts = []
    if estimate.organisations:
        who = plural("%(number)s organisation", "%(number)s organisations", estimate.organisations)
        parts.append(
            plural("%(who)s in %(number)s country", "%(who)s in %(number)s countries", estimate.countries, who=who)
            if estimate.countries
            else who
        )
    if estimate.experts:
        parts.append(plural("%(number)s individual expert", "%(number)s individual experts", estimate.experts))
    return languages.in_a_row(parts)


def audience(estimate: Estimate, *, frozen: bool = False) -> str:
    """Who gets it, as one sentence."""
    if not estimate.total:
        return _("Nobody would get this now.") if not frozen else _("Nobody gets this.")
    counted = people(estimate.total)
    described = who(estimate)
    if frozen:
        return _("%(people)s on the list: %(who)s.", people=counted, who=described) if described else f"{counted}."
    if not described:
        return plural("%(number)s person gets this now.", "%(number)s people get this now.", estimate.total)
    return plural(
        "%(number)s person gets this now: %(who)s.",
        "%(number)s people get this now: %(who)s.",
        estimate.total,
        who=described,
    )


def chosen(named: Named) -> list[tuple[str, str]]:
    """Whom it is meant for: what a line is about, and who."""
    groups = languages.in_a_row(named.groups) or _("nobody yet")
    lines = [
        (_("To everybody in"), _("any group: the whole membership") if named.everybody else groups),
        (_("Only in these regions"), languages.in_a_row(named.regions)),
        (_("Only those who read"), languages.in_a_row([languages.name(code) for code in named.languages])),
        (_("Only these roles"), languages.in_a_row([str(ROLES[role]) for role in named.roles])),
        (_("Not those who are also in"), languages.in_a_row(named.not_in)),
        (_("Not those who are also on"), languages.in_a_row(named.not_on)),
        (_("Only those who were sent"), languages.in_a_row(named.sent)),
        (_("Not those who were sent"), languages.in_a_row(named.not_sent)),
    ]
    return [(label, who) for label, who in lines if who]


def overlap(number: int, first: str, second: str) -> str:
    """Who is in two of the chosen groups."""
    return plural(
        "%(number)s person is in both %(first)s and %(second)s, and gets one copy.",
        "%(number)s people are in both %(first)s and %(second)s; each gets one copy.",
        number,
        first=first,
        second=second,
    )


def version(own: int, instead: Mapping[str, int]) -> str:
    """Who reads one language version: by choice, and because theirs does not exist."""
    chosen = plural("%(number)s person asked for it", "%(number)s people asked for it", own)
    if not instead:
        return chosen + "."
    others = languages.in_a_row([f"{languages.name(code)} {number:,}" for code, number in instead.items()])
    return _(
        "%(chosen)s; %(count)s get it because their language is missing (%(others)s).",
        chosen=chosen,
        count=people(sum(instead.values())),
        others=others,
    )


def title(announcement: Announcement, subjects: Mapping[str, str]) -> str:
    """What an announcement is called on its author's pages."""
    return languages.pick({code: text for code, text in subjects.items() if text}) or (
        _("Meeting without a title yet")
        if announcement.kind is AnnouncementKind.MEETING
        else _("Notice without a subject yet")
    )


def state(announcement: Announcement) -> tuple[str, str]:
    """Where it stands, and how that word is coloured."""
    waits = dispatch.undo_left_s(announcement) or dispatch.is_late(announcement)
    if announcement.state is AnnouncementState.CONFIRMED and not waits:
        return _("Being sent"), "warn"
    if announcement.state is AnnouncementState.CONFIRMED and announcement.scheduled_for is not None:
        return _("Scheduled"), ""
    words = {
        AnnouncementState.DRAFT: (_("Draft"), ""),
        AnnouncementState.CONFIRMED: (_("Held"), "warn"),
        AnnouncementState.SENDING: (_("Being sent"), "warn"),
        AnnouncementState.SENT: (_("Sent"), "ok"),
        AnnouncementState.STOPPED: (_("Stopped"), "stop"),
        AnnouncementState.CANCELLED: (_("Taken off the list"), ""),
    }
    return words[announcement.state]


def when(announcement: Announcement, zone: str) -> str:
    """The moment that matters now, on the reader's clock."""
    at = announcement.ended_at or announcement.begun_at or announcement.release_at or announcement.revised_at
    return zones.spoken(at, zone)


def lasting(seconds: float, at_most: float = 0) -> str:
    """A length of time in words: ``about 4 minutes``, or ``4 to 6 minutes`` where that is all that can be said."""
    longest = max(seconds, at_most)
    if longest < 90:
        return plural("about %(number)s second", "about %(number)s seconds", max(1, round(longest)))
    hours = longest >= 2 * 3600
    low, high = (max(1, round(one / (3600 if hours else 60))) for one in (seconds, longest))
    if low == high and hours:
        return plural("about %(number)s hour", "about %(number)s hours", high)
    if low == high:
        return plural("about %(number)s minute", "about %(number)s minutes", high)
    if hours:
        return plural("%(low)s to %(number)s hours", "%(low)s to %(number)s hours", high, low=low)
    return plural("%(low)s to %(number)s minutes", "%(low)s to %(number)s minutes", high, low=low)


def time_left(numbers: Numbers, zone: str) -> str:
    """When the rest will be settled, as honestly as it can be told; "" if nothing can be."""
    if numbers.waits_until is not None:
        there = zones.clock(numbers.waits_until, zone)
        if zones.day(clock.now(), zone) == there.local.date():
            at = _("%(time)s, %(city)s time", time=there.time, city=there.city)
        else:
            at = zones.spoken(numbers.waits_until, zone)
        return _("waiting for other servers; next try: %(time)s", time=at)
    return _("%(time)s left", time=lasting(*numbers.left_s)) if numbers.left_s else ""


def waves_planned(copies: int, size: int) -> str:
    """One choice of how fast it leaves: so many an hour, and how long that takes."""
    length = lasting((-(-copies // size) - 1) * waves.WAVE.total_seconds())
    return _("In waves of %(size)s an hour, which takes %(time)s", size=f"{size:,}", time=length)


def waves_stand(standing: Standing, zone: str) -> str:
    """How far an announcement that leaves in waves has come."""
    size = f"{standing.wave.size:,}"
    if standing.next_at is None or standing.last_at is None:
        return _("It leaves in waves of %(size)s an hour; this is the last one.", size=size)
    return plural(
        "It leaves in waves of %(size)s an hour. %(number)s copy waits for a later one: the next on %(next)s, the last on %(last)s.",
        "It leaves in waves of %(size)s an hour. %(number)s copies wait for a later one: the next on %(next)s, the last on %(last)s.",
        standing.later,
        size=size,
        next=zones.spoken(standing.next_at, zone),
        last=zones.spoken(standing.last_at, zone),
    )


def waves_against(standing: Standing) -> str:
    """What came in against the last wave, and from where on it pauses by itself."""
    wave = standing.wave
    refused = plural("%(number)s wrong address", "%(number)s wrong addresses", wave.refused)
    complained = plural("%(number)s complaint", "%(number)s complaints", wave.complained)
    return _(
        "In the last hour: %(refused)s (it pauses by itself after %(most)s), %(complained)s (after %(few)s).",
        refused=refused,
        most=int(wave.size * waves.REFUSED_SHARE),
        complained=complained,
        few=int(wave.size * waves.COMPLAINED_SHARE),
    )


def asked(pending: Pending, name: str) -> str:
    """What somebody asked for copies that still wait, and why."""
    values = {"name": name or _("Somebody"), "reason": pending.reason}
    if pending.step is Step.TRY_NOW:
        return plural(
            "%(name)s asked to try %(number)s copy now: “%(reason)s”.",
            "%(name)s asked to try %(number)s copies now: “%(reason)s”.",
            pending.copies,
            **values,
        )
    if pending.step is Step.SEND_AGAIN:
        return plural(
            "%(name)s asked to send %(number)s copy again: “%(reason)s”.",
            "%(name)s asked to send %(number)s copies again: “%(reason)s”.",
            pending.copies,
            **values,
        )
    if pending.step is Step.ARRIVED:
        return plural(
            "%(name)s said of %(number)s copy that it arrived: “%(reason)s”.",
            "%(name)s said of %(number)s copies that they arrived: “%(reason)s”.",
            pending.copies,
            **values,
        )
    return plural(
        "%(name)s said of %(number)s copy that it did not arrive: “%(reason)s”.",
        "%(name)s said of %(number)s copies that they did not arrive: “%(reason)s”.",
        pending.copies,
        **values,
    )


def paused(pause: Paused) -> str:
    """Why nothing leaves until somebody lets it go on."""
    words = {
        Pause.POLICY: _("Other servers refuse it for reasons that are ours, so it paused by itself."),
        Pause.REFUSED: _("Too many addresses of the last copies do not exist, so it paused by itself."),
        Pause.COMPLAINED: _("Too many people reported the last copies as unwanted, so it paused by itself."),
        Pause.ASKED: _("Somebody paused it, and said why:"),
    }
    return words[pause.why]
