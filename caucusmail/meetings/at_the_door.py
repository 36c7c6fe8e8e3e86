"""What a door page shows to whom: whom it counted, which organisations it offers, what can be taken back."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.orm import joinedload, selectinload

from caucusmail.database import db
from caucusmail.directory import roster
from caucusmail.directory.models import Ngo, RosterPolicy
from caucusmail.meetings import door, headcount
from caucusmail.meetings.attendance import EXPERT, Attendance, Tap
from caucusmail.meetings.door import Hand, Who
from caucusmail.meetings.models import Meeting

SHORTEST_SEARCH = 3  # characters, for who was given a link
FOUND, FOUND_BY_LINK = 20, 8


@dataclass(frozen=True)
class Line:
    """One line of the door page."""

    who: Who
    name: str  # "" for experts
    number: int


@dataclass(frozen=True)
class Door:
    """What a door shows to one hand."""

    hidden: bool  # the roster: nothing but what was typed at this door
    total: int  # all who were counted; of a hidden group, at this door
    full: bool
    counted: Sequence[Line]
    offered: Sequence[Line]  # organisations nobody has come of yet
    more: bool  # there are further ones, to be found by their names
    last: Tap | None  # what can be taken back first


def seen(meeting: Meeting, hand: Hand, search: str = "") -> Door:
    """What the door shows."""
    hidden = meeting.caucus.roster is RosterPolicy.HIDDEN
    lines, total = _counted(meeting, hand, hidden=hidden), headcount.total(meeting)
    known = {line.who.ngo_id for line in lines}
    offered, more = ([], False) if hidden else _offered(meeting, hand, search)
    last = db.session.scalar(
        select(Tap)
        .options(joinedload(Tap.line).joinedload(Attendance.ngo))
        .join(Attendance, Attendance.id == Tap.line_id)
        .where(Attendance.meeting_id == meeting.id, Tap.undone_at.is_(None), door.pressed_by(hand))
        .order_by(Tap.id.desc())
        .limit(1)
    )
    return Door(
        hidden,
        sum(line.number for line in lines) if hidden else total,
        meeting.places is not None and total >= meeting.places,
        lines,
        [Line(Who(ngo.id), ngo.name, 0) for ngo in offered if ngo.id not in known],
        more,
        last,
    )


def _counted(meeting: Meeting, hand: Hand, *, hidden: bool) -> list[Line]:
    """The lines this hand may see: of a hidden group its own; else a keeper all, a link its own and the organisations that
    it could find."""
    net = func.sum(Tap.number) if hidden else func.max(Attendance.number)
    there = ~Attendance.key.startswith("ngo:") | Attendance.ngo_id.is_not(None)
    asked = (
        select(Attendance, net)
        .options(selectinload(Attendance.ngo))
        .outerjoin(Tap, (Tap.line_id == Attendance.id) & Tap.undone_at.is_(None) & door.pressed_by(hand))
        .where(Attendance.meeting_id == meeting.id, there)
        .group_by(Attendance.id)
    )
    if hidden:
        asked = asked.having(func.count(Tap.id) > 0)
    elif hand.link is not None:
        inside = [ngo.id for ngo in roster.organisations(meeting.caucus, door.eyes(meeting, hand), limit=5000)]
        chosen = Attendance.key.startswith("ngo:") & Attendance.ngo_id.in_(inside)
        asked = asked.having((func.count(Tap.id) > 0) | chosen | (Attendance.key == EXPERT))
    lines = [_line(row, number) for row, number in db.session.execute(asked)]
    return sorted((one for one in lines if one.number > 0), key=lambda one: (not one.name, one.name.casefold()))


def _line(row: Attendance, number: int) -> Line:
    if row.key.startswith("ngo:") and row.ngo is not None:
        return Line(Who(row.ngo_id), row.ngo.name, number)
    return Line(Who(name=row.name), row.name, number)


def _offered(meeting: Meeting, hand: Hand, search: str) -> tuple[Sequence[Ngo], bool]:
    if hand.link is not None and len(search.strip()) < SHORTEST_SEARCH:
        return [], False
    most = FOUND if hand.link is None else FOUND_BY_LINK
    found = roster.organisations(meeting.caucus, door.eyes(meeting, hand), search, most + 1)
    return found[:most], len(found) > most
