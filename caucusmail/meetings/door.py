"""tap(), take_back(): count at the door who comes, by organisation. When the door is open; ``meetings.at_the_door`` shows it.

Nobody is named here. Where a group's roster is hidden, a door lists no organisation: what is typed is taken as it is, whether
it is a member or not, and each door sees only what was counted at it. Otherwise a keeper finds every organisation, and who
was given a link those that members may see of each other.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from sqlalchemy import ColumnElement, func, select

from caucusmail import clock, tokens
from caucusmail.accounts.models import Person
from caucusmail.database import db, moved
from caucusmail.directory import lookalikes, roster, visibility
from caucusmail.directory.models import RosterPolicy
from caucusmail.directory.visibility import Viewer
from caucusmail.errors import Conflict, Invalid, NotFound
from caucusmail.languages import _
from caucusmail.meetings import answers, headcount, wording
from caucusmail.meetings.attendance import EXPERT, LONGEST_NAME, Attendance, DoorLink, Tap
from caucusmail.meetings.forgetting import KEPT
from caucusmail.meetings.models import Meeting, MeetingState

OPENS = timedelta(hours=2)  # before the meeting
CLOSES = timedelta(hours=6)  # after it; for its keepers, who may have counted on paper, when answers are forgotten
MOST_AT_ONCE = 99
SHORTEST_SUBMISSION = 16


class Standing(StrEnum):
    """Whether one can count at a door now."""

    EARLY = "early"
    OPEN = "open"
    CLOSED = "closed"
    OFF = "off"  # the meeting is cancelled, or announced to nobody yet


class DoorShut(Conflict):
    """Nobody is counted now: it is too early, too late, or the meeting is off."""


class NothingToTakeBack(Conflict):
    """It was taken back before, or nobody is left to be taken off."""


@dataclass(frozen=True)
class Hand:
    """Who counts: a keeper, or whoever holds a link that a keeper made."""

    by: Viewer
    link: DoorLink | None = None

    @property
    def person(self) -> Person | None:
        """The keeper; None for the holder of a link."""
        return self.by.person if self.link is None else None


@dataclass(frozen=True)
class Who:
    """Of whom somebody came: a chosen organisation, one that was typed, or neither: an individual expert."""

    ngo_id: int | None = None
    name: str = ""


def opens_at(meeting: Meeting) -> datetime:
    """When one can begin to count."""
    return meeting.starts_at - OPENS


def closes_at(meeting: Meeting, *, keeper: bool) -> datetime:
    """Until when one can."""
    return meeting.ends_at + (KEPT if keeper else CLOSES)


def standing(meeting: Meeting, *, keeper: bool) -> Standing:
    """How the door of ``meeting`` stands now."""
    if meeting.state is not MeetingState.CONFIRMED:
        return Standing.OFF
    if clock.now() < opens_at(meeting):
        return Standing.EARLY
    return Standing.OPEN if clock.now() < closes_at(meeting, keeper=keeper) else Standing.CLOSED


def tap(meeting: Meeting, who: Who, number: int, submission: str, hand: Hand) -> tuple[Tap, bool]:
    """Count ``number`` more (or fewer) of ``who``; what was noted, and whether it is new. Flushes.

    The same button of the same form counts once, however often it is pressed (``submission``: the form's own number).

    :raises DoorShut: nobody is counted now.
    :raises Invalid: on ``name`` or ``number``.
    :raises NotFound: this door does not offer that organisation.
    :raises NothingToTakeBack: there would be fewer than nobody.
    """
    _allow(meeting, hand)
    if len(submission) < SHORTEST_SUBMISSION:
        raise Invalid("submission", _("Part of the form is missing. Load the page again and fill it in once more."))
    if not 0 < abs(number) <= MOST_AT_ONCE:
        raise Invalid("number", _("Write a number from 1 to %(most)s.", most=MOST_AT_ONCE))
    key, name, ngo_id = _named(meeting, who, hand)
    answers.one_by_one(meeting)
    fingerprint = tokens.fingerprint("tap", f"{meeting.id}:{submission}:{number}:{key}")
    before = db.session.scalar(select(Tap).where(Tap.fingerprint == fingerprint))
    if before is not None:
        return before, False
    line = counted_on(meeting, key, name, ngo_id)
    if number < 0:
        _own(line, number, meeting, hand)
    add(line.id, number)
    made = Tap(
        line_id=line.id,
        fingerprint=fingerprint,
        number=number,
        at=clock.now(),
        by_id=hand.person.id if hand.person is not None else None,
        link_id=hand.link.id if hand.link is not None else None,
    )
    db.session.add(made)
    db.session.flush()
    headcount.count_again(meeting)
    return made, True


def take_back(meeting: Meeting, tap_id: int, hand: Hand) -> Tap:
    """Let a press of this hand's not have been.

    :raises DoorShut: nobody is counted now.
    :raises NotFound: this hand pressed nothing like it.
    :raises NothingToTakeBack: it was taken back before, or those people were taken off already.
    """
    _allow(meeting, hand)
    answers.one_by_one(meeting)
    found = db.session.scalar(
        select(Tap)
        .join(Attendance, Attendance.id == Tap.line_id)
        .where(Tap.id == tap_id, Attendance.meeting_id == meeting.id, pressed_by(hand))
    )
    if found is None:
        raise NotFound
    if not moved(Tap, Tap.id == found.id, Tap.undone_at.is_(None), undone_at=clock.now()):
        raise NothingToTakeBack(_("This was taken back before. Nothing was changed now."))
    add(found.line_id, -found.number)
    headcount.count_again(meeting)
    return found


def counted_on(meeting: Meeting, key: str, name: str, ngo_id: int | None) -> Attendance:
    """The line that ``key`` is counted on. Whoever calls it has the meeting's answers to themselves. Flushes."""
    line = db.session.scalar(select(Attendance).where(Attendance.meeting_id == meeting.id, Attendance.key == key))
    if line is None:
        line = Attendance(meeting_id=meeting.id, key=key, name=name, ngo_id=ngo_id, number=0)
        db.session.add(line)
        db.session.flush()
    return line


def eyes(meeting: Meeting, hand: Hand) -> Viewer:
    """Through whose eyes a door looks at the roster: a link is a member's, whoever holds it."""
    return hand.by if hand.link is None else visibility.fellow(meeting.caucus_id)


def _named(meeting: Meeting, who: Who, hand: Hand) -> tuple[str, str, int | None]:
    """The key of the line, the name on it and the organisation, if it is one we know."""
    if who.ngo_id is not None:
        hidden = meeting.caucus.roster is RosterPolicy.HIDDEN
        found = [] if hidden else roster.organisations(meeting.caucus, eyes(meeting, hand), limit=5000)
        if who.ngo_id not in {ngo.id for ngo in found}:
            raise NotFound(_("This organisation is not on the list here. Write its name instead."))
        return f"ngo:{who.ngo_id}", "", who.ngo_id
    name = wording.one_line("name", who.name, LONGEST_NAME)
    if not name:
        return EXPERT, "", None
    if not lookalikes.can_be_read(name):
        raise Invalid("name", _("Write the name of the organisation."))
    return f"name:{lookalikes.name_key(name)}", name, roster.organisation_named(meeting.caucus, name)


def _allow(meeting: Meeting, hand: Hand) -> None:
    if hand.link is None and not hand.by.keeps_caucus(meeting.caucus_id):
        raise NotFound
    stands = standing(meeting, keeper=hand.link is None)
    if stands is not Standing.OPEN:
        raise DoorShut(said(stands))


def said(stands: Standing) -> str:
    """Why nobody is counted, as a sentence; "" where one can."""
    return {
        Standing.EARLY: _("It is too early to count: this page opens two hours before the meeting."),
        Standing.CLOSED: _("The meeting is long over: nobody is counted any more."),
        Standing.OFF: _("This meeting is cancelled or not announced yet, so there is nobody to count."),
    }.get(stands, "")


def pressed_by(hand: Hand) -> ColumnElement[bool]:
    """SQL: what this hand pressed."""
    if hand.link is not None:
        return Tap.link_id == hand.link.id
    return Tap.by_id == (hand.person.id if hand.person is not None else 0)


def _own(line: Attendance, number: int, meeting: Meeting, hand: Hand) -> None:
    """Where this hand cannot see what others counted, it takes off its own only: a refusal would tell of theirs."""
    if meeting.caucus.roster is RosterPolicy.HIDDEN or (hand.link is not None and line.key.startswith("name:")):
        mine = select(func.sum(Tap.number)).where(Tap.line_id == line.id, Tap.undone_at.is_(None), pressed_by(hand))
        if (db.session.scalar(mine) or 0) + number < 0:
            raise NothingToTakeBack(_("Nobody is left on this line who could be taken off."))


def add(line_id: int, number: int) -> None:
    """Count ``number`` more, in one statement, so that no other's is lost.

    :raises NothingToTakeBack: there would be fewer than nobody.
    """
    now = Attendance.number + number
    if not moved(Attendance, Attendance.id == line_id, now >= 0, number=now):
        raise NothingToTakeBack(_("Nobody is left on this line who could be taken off."))
