"""Calendar feeds: the public meetings, those of one caucus, and one person's own with rooms and ways in.

A meeting stays in its feed for ``KEPT`` after its time, a cancelled one as cancelled: a calendar that subscribed shows
what the feed holds, and what is gone from it is gone there too, as if it had never been.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from caucusmail import clock, languages, links, zones
from caucusmail.directory.models import Caucus
from caucusmail.directory.visibility import Viewer
from caucusmail.errors import NotFound
from caucusmail.languages import _
from caucusmail.meetings import agenda, icalendar, places, queries, times
from caucusmail.meetings.icalendar import About, Entry, Words
from caucusmail.meetings.models import Meeting

KEPT = timedelta(days=30)
MOST = 500  # meetings of one feed, the soonest first

COLORS = (
    "slategray",
    "royalblue",
    "saddlebrown",
    "palevioletred",
    "mediumpurple",
    "seagreen",
    "teal",
    "orange",
    "orangered",
    "olivedrab",
    "deepskyblue",
    "firebrick",
)
"""The hues of caucuses by the nearest name of CSS Color 3: RFC 7986, 5.9 takes names alone."""


@dataclass(frozen=True)
class Feed:
    """A calendar as text, and when anything in it changed last (None: it has never held anything).

    The moment tells of meetings and of who is in which group; the words around them (the name of a group) may change
    without it.
    """

    text: str
    changed_at: datetime | None


def public() -> Feed:
    """All public meetings, without rooms."""
    which = queries.in_public()
    about = About(_("CaucusMail: public meetings"), links.calendar())
    return _feed(about, which, None)


def of_caucus(caucus: Caucus) -> Feed:
    """The public meetings of one caucus, without rooms.

    :raises NotFound: it has never announced one.
    """
    which = queries.in_public(caucus)
    if not queries.any_of(which):
        raise NotFound(_("This group has no public meetings, so there is no calendar of them."))
    name = _("%(caucus)s: public meetings", caucus=languages.pick(caucus.names))
    return _feed(About(name, links.caucus_calendar(caucus.slug), _color(caucus)), which, None)


def own(by: Viewer) -> Feed:
    """The meetings of the groups that ``by`` is in or keeps, with rooms and ways in.

    It does not say where it comes from: the address is its reader's key, and a file may be passed on.
    """
    name = _("My calendar") if _discreet(by) else _("My meetings (CaucusMail)")
    return _feed(About(name), queries.of_own_groups(by), by)


def _discreet(by: Viewer | None) -> bool:
    """Whether their calendar is to show when they are busy, and nothing else."""
    return by is not None and by.person is not None and by.person.discreet


def _feed(about: About, which: queries.Which, by: Viewer | None) -> Feed:
    edge = clock.now() - KEPT
    meetings = queries.listed_since(which, edge, MOST)
    moments = [one.changed_at for one in meetings]
    fell_out = queries.last_end_before(which, edge)
    if fell_out is not None:
        moments.append(fell_out + KEPT)
    came_and_went = queries.places_changed_at(by) if by is not None else None
    if came_and_went is not None:
        moments.append(came_and_went)
    product = icalendar.UNNAMED if _discreet(by) else icalendar.PRODID
    return Feed(icalendar.feed(about, _entries(meetings, by), product), max(moments, default=None))


def _entries(meetings: Sequence[Meeting], by: Viewer | None) -> list[Entry]:
    if _discreet(by):
        return [Entry(one, Words(_("Busy"), placeless=True)) for one in meetings]
    return [
        Entry(
            one,
            _words(one, by),
            contact(one.caucus),
            languages.pick(one.caucus.names),
            _color(one.caucus),
        )
        for one in meetings
    ]


def contact(caucus: Caucus) -> str:
    """Who calls a meeting, and the page that reaches them."""
    return f"{languages.pick(caucus.names)}, {links.contact(caucus.slug)}"


def _words(meeting: Meeting, by: Viewer | None) -> Words:
    """What an entry says: of a public feed when and in which city, of one's own also where and how to get in."""
    link = links.meeting(meeting.reference)
    zone = by.person.zone if by is not None and by.person is not None else None
    lines = [times.day(meeting), *(one.sentence for one in times.hours(meeting, zone)[1:])]
    lines.append(zones.apart(meeting.starts_at))
    lines.append(places.mode(meeting))
    inside = by is not None and queries.may_see_place(meeting, by)
    if inside:
        lines += _ways_in(meeting)
    else:
        lines.append(_("The room and how to get in are told to members."))
    return Words(
        summary=f"[{meeting.caucus.tag}] {places.title(meeting)}",
        location=places.where(meeting) if inside else places.city(meeting),
        description="\n".join([*(one for one in lines if one), "", link]),
        url=link,
        open=by is None,
    )


def _ways_in(meeting: Meeting) -> list[str]:
    reply = times.deadline(meeting)
    access = languages.pick(meeting.access)
    return [
        _("Reply by %(time)s", time=reply) if reply else "",
        _("May I come? %(words)s", words=access) if access else "",
        _("Access needs: %(contact)s", contact=meeting.access_contact) if meeting.access_contact else "",
        *agenda.told(meeting),
    ]


def _color(caucus: Caucus) -> str:
    return COLORS[caucus.hue % len(COLORS)]
