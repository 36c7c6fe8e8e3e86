"""check_in(): somebody who was told of a meeting says on its page that they are there. It counts one for their organisation."""

from typing import Any

from sqlalchemy import delete, select

from caucusmail import clock
from caucusmail.accounts.models import Person
from caucusmail.database import db
from caucusmail.directory.models import Affiliation, AffiliationState, Representative, Seat
from caucusmail.errors import Conflict
from caucusmail.languages import _
from caucusmail.meetings import answers, door, headcount
from caucusmail.meetings.attendance import EXPERT, CheckIn
from caucusmail.meetings.door import NothingToTakeBack
from caucusmail.meetings.models import Meeting, MeetingState


class NotOn(Conflict):
    """The meeting is not on now: it has not begun, is over, or is off."""


def is_on(meeting: Meeting) -> bool:
    """Whether ``meeting`` takes place at this moment."""
    return meeting.state is MeetingState.CONFIRMED and meeting.starts_at <= clock.now() < meeting.ends_at


def of(meeting: Meeting, person: Person) -> CheckIn | None:
    """That ``person`` said that they are there; None if they did not."""
    return db.session.scalar(select(CheckIn).where(CheckIn.meeting_id == meeting.id, CheckIn.person_id == person.id))


def check_in(meeting: Meeting, person: Person) -> bool:
    """Count ``person`` once; False if they were counted before. Flushes.

    :raises NotOn: the meeting does not take place now.
    """
    _allow(meeting)
    answers.one_by_one(meeting)
    if of(meeting, person) is not None:
        return False
    ngo_id = _organisation(meeting, person)
    line = door.counted_on(meeting, f"ngo:{ngo_id}" if ngo_id is not None else EXPERT, "", ngo_id)
    door.add(line.id, 1)
    db.session.add(CheckIn(meeting_id=meeting.id, person_id=person.id, line_id=line.id, at=clock.now()))
    db.session.flush()
    headcount.count_again(meeting)
    return True


def take_back(meeting: Meeting, person: Person) -> None:
    """Let them not have said so. Twice changes nothing. Flushes.

    :raises NotOn: the meeting does not take place now.
    """
    _allow(meeting)
    answers.one_by_one(meeting)
    found = of(meeting, person)
    if found is None:
        return
    line_id = found.line_id
    db.session.execute(delete(CheckIn).where(CheckIn.id == found.id))
    try:
        door.add(line_id, -1)
    except NothingToTakeBack:
        return  # those who count at the door took them off already
    headcount.count_again(meeting)


def _allow(meeting: Meeting) -> None:
    if not is_on(meeting):
        raise NotOn(_("You can say that you are there only while the meeting takes place."))


def _organisation(meeting: Meeting, person: Person) -> int | None:
    """For whom ``person`` is there: by their seat in the meeting's caucus; by what they speak for, if they are in it for
    nobody and speak for one. None: as an individual."""
    inside: Any = db.session.execute(
        select(Affiliation.id, Seat.ngo_id)
        .outerjoin(Seat, Seat.id == Affiliation.seat_id)
        .where(
            Affiliation.person_id == person.id,
            Affiliation.caucus_id == meeting.caucus_id,
            Affiliation.state == AffiliationState.ACTIVE,
        )
    ).first()
    if inside is not None:
        return int(inside.ngo_id) if inside.ngo_id is not None else None
    now = clock.now()
    speaking = Representative.until.is_(None) | (Representative.until > now)
    found = db.session.scalars(
        select(Representative.ngo_id).where(
            Representative.person_id == person.id, Representative.since <= now, speaking
        )
    ).all()
    return found[0] if len(found) == 1 else None
