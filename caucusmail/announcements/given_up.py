"""The answers of those who have left: a place that they had is the next person's; of a seat that was handed over, the successor's."""

from sqlalchemy import exists, select

from caucusmail import clock
from caucusmail.accounts.models import Person
from caucusmail.announcements import asked
from caucusmail.database import db
from caucusmail.directory.hand_over_models import HandOver, OfferState
from caucusmail.directory.models import Affiliation, AffiliationState, Representative
from caucusmail.meetings import answers, guests, needs, remote
from caucusmail.meetings.models import Answer, AnswerState, Meeting, MeetingState
from caucusmail.meetings.needs import Needs


def give_up() -> int:
    """Delete the answers of those who would come to a meeting ahead and are asked no more; how many. Who waits moves up, unless
    the seat was handed over: then its place goes along, without what its holder had said they need.

    Who waited for a place of their organisation moves up too, when somebody who has one sits for it no longer.
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
    for one, meeting in gone:
        remote.hold_back(one)
        guests.strike(one)
        successor = _successor(one, meeting)
        if successor is None:
            db.session.delete(one)
        else:
            _hand_on(one, meeting, successor)
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


def _successor(one: Answer, meeting: Meeting) -> Person | None:
    """Who has the seat by which ``one`` was asked, if they are asked now and have not answered themselves.

    Taken back, it is the holder's again.
    """
    to = select(HandOver.successor_id).join(HandOver.representative)
    to = to.where(
        Representative.person_id == one.person_id, HandOver.state == OfferState.DONE, HandOver.undone_at.is_(None)
    )
    back = select(Representative.person_id).join(HandOver, HandOver.representative_id == Representative.id)
    back = back.where(HandOver.successor_id == one.person_id, HandOver.undone_at.is_not(None))
    newest = to.order_by(HandOver.done_at.desc()).limit(1), back.order_by(HandOver.undone_at.desc()).limit(1)
    for question in newest:
        number = db.session.scalar(question)
        person = db.session.get(Person, number) if number is not None else None
        if person is not None and asked.may_answer(meeting, person) and answers.of(meeting, person) is None:
            return person
    return None


def _hand_on(one: Answer, meeting: Meeting, successor: Person) -> None:
    """The place is theirs; they have said nothing of what they need, and get the private link if there is one."""
    needs.put(one, Needs())
    one.person_id, one.link_told = successor.id, 0
    db.session.flush()
    db.session.refresh(one)
    remote.follow(meeting, one)
