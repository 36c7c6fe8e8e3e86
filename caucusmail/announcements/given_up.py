"""The answers of those who have left: a place that they had is the next person's; of a seat that was handed over, the successor's."""

from collections.abc import Sequence
from datetime import timedelta
from operator import itemgetter

from sqlalchemy import exists, select

from caucusmail import clock
from caucusmail.accounts.models import Person
from caucusmail.announcements import asked
from caucusmail.audit.models import AuditEntry
from caucusmail.database import db
from caucusmail.directory import affiliation
from caucusmail.directory.hand_over_models import HandOver, OfferState
from caucusmail.directory.models import Affiliation, AffiliationState, Representative, Seat
from caucusmail.groups import handing_over
from caucusmail.meetings import answers, guests, needs, remote
from caucusmail.meetings.models import Answer, AnswerState, Meeting, MeetingState
from caucusmail.meetings.needs import Needs

SETTLED = timedelta(minutes=10)
"""What ends within this time ends together: the turn of the job that looks."""


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
    places = db.session.scalars(
        select(Affiliation).where(
            Affiliation.person_id == one.person_id,
            Affiliation.caucus_id.in_(asked.told_through(meeting, one.person) | {meeting.caucus_id}),
        )
    ).all()
    for number in [*_handed_to(one, meeting, places), *_taken_back_by(one, places)]:
        person = db.session.get(Person, number) if number is not None else None
        if person is not None and asked.may_answer(meeting, person) and answers.of(meeting, person) is None:
            return person
    return None


def _handed_to(one: Answer, meeting: Meeting, places: Sequence[Affiliation]) -> list[int | None]:
    """To whom those ``places`` went that were the last to end, the one in the meeting's own caucus first."""
    ended = [place.since for place in places if place.state is AffiliationState.ENDED]
    if not ended:
        return []
    rows = db.session.execute(
        select(HandOver.successor_id, AuditEntry)
        .join(HandOver.representative)
        .join(AuditEntry, AuditEntry.subject_id == HandOver.id)
        .where(
            AuditEntry.subject_kind == HandOver.__tablename__,
            AuditEntry.verb == handing_over.DONE,
            Representative.person_id == one.person_id,
            HandOver.state == OfferState.DONE,
            HandOver.undone_at.is_(None),
            HandOver.done_at > max(ended) - SETTLED,
        )
        .order_by(HandOver.done_at.desc())
    ).tuples()
    ids = {place.id: place.caucus_id for place in places}
    went = [
        (ids[former["affiliation"]] != meeting.caucus_id, successor)
        for successor, step in rows
        for former in step.detail["former"]
        if former["affiliation"] in ids and affiliation.still_ended(former)
    ]
    return [successor for _elsewhere, successor in sorted(went, key=itemgetter(0))]


def _taken_back_by(one: Answer, places: Sequence[Affiliation]) -> list[int | None]:
    """Whose seat it is again in whose place ``one`` was asked, the latest first: what the answering person has left since is not."""
    back = select(Representative.person_id, HandOver.undone_at, HandOver.seat_ids).join(
        HandOver, HandOver.representative_id == Representative.id
    )
    undone = HandOver.undone_at >= one.at
    rows = db.session.execute(
        back.where(HandOver.successor_id == one.person_id, undone).order_by(HandOver.undone_at.desc())
    )
    seats = dict(
        db.session.execute(
            select(Seat.id, Seat.caucus_id).where(Seat.caucus_id.in_([place.caucus_id for place in places]))
        )
        .tuples()
        .all()
    )
    return [
        row.person_id
        for row in rows
        if any(place.caucus_id == seats.get(number) for number in row.seat_ids for place in places)
        and all(place.state is not AffiliationState.ENDED or place.since <= row.undone_at for place in places)
    ]


def _hand_on(one: Answer, meeting: Meeting, successor: Person) -> None:
    """The place is theirs; they have said nothing of what they need, and get the private link if there is one."""
    needs.put(one, Needs())
    one.person_id, one.link_told = successor.id, 0
    db.session.flush()
    db.session.refresh(one)
    remote.follow(meeting, one)
