"""The answers of those who have left: a place that they had is the next person's."""

from sqlalchemy import exists, select

from caucusmail import clock
from caucusmail.accounts.models import Person
from caucusmail.announcements import asked
from caucusmail.database import db
from caucusmail.directory.models import Affiliation, AffiliationState
from caucusmail.meetings import answers, guests, remote
from caucusmail.meetings.models import Answer, AnswerState, Meeting, MeetingState


def give_up() -> int:
    """Delete the answers of those who would come to a meeting ahead and are asked no more; how many. Who waits moves up.

    So does who waited for a place of their organisation, when somebody who has one sits for it no longer.
    """
    inside = exists().where(
        Affiliation.person_id == Answer.person_id,
        Affiliation.caucus_id == Meeting.caucus_id,
        Affiliation.state == AffiliationState.ACTIVE,
    )
    outside = db.session.execute(
        select(Answer, Meeting, Person)
        .join(Meeting, Meeting.id == Answer.meeting_id)
        .join(Person, Person.id == Answer.person_id)
        .where(
            Meeting.starts_at > clock.now(),
            Meeting.state == MeetingState.CONFIRMED,
            Answer.state == AnswerState.COMING,
            ~inside,
        )
    ).all()
    gone = [(one, meeting) for one, meeting, person in outside if not asked.may_answer(meeting, person)]
    for one, _meeting in gone:
        remote.hold_back(one)
        guests.strike(one)
        db.session.delete(one)
    db.session.flush()
    answers.move_up_in({meeting.id for _one, meeting in gone} | _with_quotas())
    return len(gone)


def _with_quotas() -> set[int]:
    """The meetings ahead at which each organisation has so many places, and somebody waits."""
    found = (
        select(Answer.meeting_id)
        .join(Meeting, Meeting.id == Answer.meeting_id)
        .where(
            Meeting.starts_at > clock.now(),
            Meeting.state == MeetingState.CONFIRMED,
            Meeting.places_each.is_not(None),
            Answer.state == AnswerState.COMING,
            ~Answer.has_place,
        )
    )
    return set(db.session.scalars(found))
