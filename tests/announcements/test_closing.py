from sqlalchemy import select

from caucusmail import clock
from caucusmail.accounts.models import Person
from caucusmail.announcements import closing
from caucusmail.announcements.choice import Audience
from caucusmail.announcements.models import LeftOut
from caucusmail.announcements.standing import RANKS
from caucusmail.database import db
from caucusmail.meetings.models import AnswerState
from tests.announcements.rooms import Room, seated
from tests.announcements.test_turnout import asked
from tests.meetings.test_answers import COMING, say


def test_each_reason_has_its_condition_and_its_rank():
    assert set(closing.closed(Audience(), clock.now(), ())) == set(LeftOut) == set(RANKS)


def test_only_who_said_no_to_that_meeting_has_declined_it():
    room = Room()
    ada, ben, chi = (seated(room, name) for name in ("Ada", "Ben", "Chi"))
    held, other = asked(room), asked(room)
    say(held, ada, AnswerState.NOT_COMING)
    say(other, ben, AnswerState.NOT_COMING)
    say(held, chi, COMING)

    def declined(*meetings) -> set[int]:
        chosen = Audience(exclude_declined_ids=tuple(one.id for one in meetings))
        closed = closing.closed(chosen, clock.now(), ())[LeftOut.DECLINED]
        return set(db.session.scalars(select(Person.id).where(closed)))

    assert declined(held) == {ada.id}
    assert declined(held, other) == {ada.id, ben.id}
    assert declined() == set()
