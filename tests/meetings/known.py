"""Everything that meetings may know of one person."""

from caucusmail import clock
from caucusmail.accounts.models import Person
from caucusmail.database import transaction
from caucusmail.directory.visibility import Viewer
from caucusmail.meetings import answers, guests
from caucusmail.meetings.attendance import Attendance, CheckIn, DoorLink, Tap
from caucusmail.meetings.minutes import MinutesEdition
from caucusmail.meetings.models import AnswerState, AnswerWay, Meeting, MeetingChange
from caucusmail.meetings.needs import Needs
from tests import make


def known_at_the_door(one: Meeting, her: Person) -> None:
    """As if she had counted at the door of ``one``, made a link for it, and said that she is there."""
    link = make.keep(DoorLink(meeting_id=one.id, made_at=clock.now(), made_by_id=her.id))
    line = make.keep(Attendance(meeting_id=one.id, key="expert", number=2))
    make.keep(Tap(line_id=line.id, fingerprint="t" * 64, number=1, at=clock.now(), by_id=her.id, link_id=link.id))
    make.keep(CheckIn(meeting_id=one.id, person_id=her.id, line_id=line.id, at=clock.now()))


def known_of(one: Meeting, her: Person) -> None:
    """As if she had changed ``one``, answered, made the list for its door, is on it, counted there, and published minutes."""
    make.keep(
        MeetingChange(meeting_id=one.id, kind="room", was={}, now={}, at=clock.now(), by_id=her.id, note="Door 4")
    )
    with transaction():
        answers.answer(one, her, AnswerState.COMING, AnswerWay.PAGE, filled=Needs(on_door_list=True))
        guests.make(one, Viewer(her, secretariat=True))
    known_at_the_door(one, her)
    make.keep(MinutesEdition(meeting_id=one.id, number=1, texts={"en": "We met."}, at=clock.now(), by_id=her.id))
