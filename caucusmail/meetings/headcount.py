"""How many came: for those who keep the group, and for an organisation its own.

Of a group whose roster is hidden its keepers see one rounded number, and it is counted again only when it has moved by at
least ``FEWEST``: two numbers that differ are always several people apart, as with answers (``meetings.tallies``).
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import exists, func, select

from caucusmail import clock
from caucusmail.audit import journal
from caucusmail.database import db
from caucusmail.directory.models import Ngo, Representative, RosterPolicy, Seat
from caucusmail.directory.rounding import FEWEST, rounded
from caucusmail.directory.visibility import Viewer
from caucusmail.errors import NotFound
from caucusmail.meetings.attendance import EXPERT, Attendance, AttendanceTally
from caucusmail.meetings.models import Meeting

MOST = 200  # meetings on an organisation's page


@dataclass(frozen=True)
class Headcount:
    """Who came to one meeting, in numbers; None: fewer than five, and how many exactly is nobody's business."""

    hidden: bool
    total: int | None
    organisations: Sequence[tuple[str, int]] = field(default_factory=list)  # by name
    experts: int = 0
    others: int = 0  # of organisations that are none of this group's


def total(meeting: Meeting) -> int:
    """How many were counted, to this moment."""
    return db.session.scalar(select(func.sum(Attendance.number)).where(Attendance.meeting_id == meeting.id)) or 0


def count_again(meeting: Meeting) -> None:
    """Count again if it has moved enough. Whoever calls it has the meeting's answers to themselves. Flushes."""
    kept, now = db.session.get(AttendanceTally, meeting.id), total(meeting)
    if abs(now - (kept.number if kept is not None else 0)) >= FEWEST:
        db.session.merge(AttendanceTally(meeting_id=meeting.id, number=now))
        db.session.flush()


def of_meeting(meeting: Meeting, by: Viewer) -> Headcount:
    """How many came.

    :raises NotFound: ``by`` does not keep the meeting's caucus.
    """
    if not by.keeps_caucus(meeting.caucus_id):
        raise NotFound
    if meeting.caucus.roster is RosterPolicy.HIDDEN:
        kept = db.session.get(AttendanceTally, meeting.id)
        return Headcount(True, rounded(kept.number if kept is not None else 0))
    return _in_full(meeting)


def _in_full(meeting: Meeting) -> Headcount:
    names: dict[str, int] = {}
    experts = others = 0
    for key, typed, ngo, number in _lines(meeting):
        if key == EXPERT:
            experts += number
        elif ngo or typed:
            names[ngo or typed] = names.get(ngo or typed, 0) + number
        else:
            others += number
    ordered = sorted(names.items(), key=lambda line: line[0].casefold())
    return Headcount(False, experts + others + sum(names.values()), ordered, experts, others)


def _lines(meeting: Meeting) -> Sequence[Any]:
    """Key, what was typed, the organisation if it had a seat here, number; one statement."""
    seated = select(Seat.ngo_id).where(Seat.caucus_id == meeting.caucus_id)
    return db.session.execute(
        select(Attendance.key, Attendance.name, Ngo.name, Attendance.number)
        .outerjoin(Ngo, (Ngo.id == Attendance.ngo_id) & Ngo.id.in_(seated))
        .where(Attendance.meeting_id == meeting.id, Attendance.number > 0)
    ).all()


def taken_along(meeting: Meeting, by: Viewer) -> None:
    """Note that the numbers left the house as a file."""
    journal.record("meeting.attendance-taken", meeting, by.person)


@dataclass(frozen=True)
class Came:
    """How many of one organisation came to one meeting."""

    meeting: Meeting
    number: int


def organisation(ngo_id: int, by: Viewer) -> Ngo:
    """The organisation, for its administrators, those who speak for it or hold one of its seats now, and the secretariat.

    :raises NotFound: there is none, or it is none of the viewer's business.
    """
    allowed = by.secretariat or ngo_id in by.administers or _speaks(ngo_id, by)
    ngo = db.session.get(Ngo, ngo_id) if allowed else None
    if ngo is None:
        raise NotFound
    return ngo


def _speaks(ngo_id: int, by: Viewer) -> bool:
    now = clock.now()
    speaking = Representative.until.is_(None) | (Representative.until > now)
    speaks = exists().where(
        Representative.ngo_id == ngo_id, Representative.person_id == by.id, Representative.since <= now, speaking
    )
    sits = exists().where(Seat.ngo_id == ngo_id, Seat.holder_id == by.id, Seat.until.is_(None))
    return by.id is not None and bool(db.session.scalar(select(speaks | sits)))


def of_organisation(ngo: Ngo, by: Viewer) -> Sequence[Came]:
    """The meetings that people of ``ngo`` came to, the latest first. Whoever does not speak for it (the secretariat) sees
    those of groups whose roster is not hidden."""
    own = ngo.id in by.administers or _speaks(ngo.id, by)
    rows = db.session.execute(
        select(Meeting, func.sum(Attendance.number))
        .join(Attendance, Attendance.meeting_id == Meeting.id)
        .where(Attendance.ngo_id == ngo.id, Attendance.number > 0)
        .group_by(Meeting.id)
        .order_by(Meeting.starts_at.desc(), Meeting.id.desc())
        .limit(MOST)
    ).all()
    found = [Came(meeting, number) for meeting, number in rows]
    return [one for one in found if own or one.meeting.caucus.roster is not RosterPolicy.HIDDEN]
