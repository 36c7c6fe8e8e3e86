"""check_in(): somebody who was told of a meeting says on its page that they are there. It counts one for their organisation."""

from sqlalchemy import delete, select

from caucusmail import clock
from caucusmail.accounts.models import Person
from caucusmail.database import db
from caucusmail.errors import Conflict
from caucusmail.languages import _
from caucusmail.meetings import answers, door, headcount, quotas
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
    ngo_id = quotas.organisations(meeting, [person.id]).get(person.id)
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
