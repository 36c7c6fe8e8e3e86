"""What a person was sent in the last twelve months, and what they answered; nothing is known of what they opened."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import and_, func, select
from sqlalchemy.orm import contains_eager, joinedload

from caucusmail import clock, languages
from caucusmail.accounts.models import Person
from caucusmail.announcements import queries
from caucusmail.announcements.models import Announcement
from caucusmail.database import db
from caucusmail.delivery.models import Delivery, DeliveryState
from caucusmail.meetings.models import Answer

REACHES = timedelta(days=365)
A_PAGE = 20


@dataclass(frozen=True)
class Sent:
    """One announcement that a person was to be sent, and what became of their copy."""

    announcement: Announcement
    subject: str  # in the person's own language, if there is one
    at: datetime  # taken over by the next server; else when it was, or is, due
    state: DeliveryState
    came_back: bool
    moved: bool  # it went to the address that they changed to meanwhile
    answer: Answer | None  # what they said of its meeting


def of(person: Person, page: int = 1) -> tuple[Sequence[Sent], int]:
    """One page of them, the newest first, and how many pages there are (at least one). Four statements, however many rows.

    Only announcements that have begun to leave: what is still held or waits for its time is nobody's yet.
    """
    where = (
        Delivery.person_id == person.id,
        Delivery.due_at > clock.now() - REACHES,
        Announcement.begun_at.is_not(None),
    )
    joined = Announcement.message_id == Delivery.message_id
    total = db.session.scalar(select(func.count()).select_from(Delivery).join(Announcement, joined).where(*where)) or 0
    rows = db.session.execute(
        select(Delivery, Announcement, Answer)
        .join(Announcement, joined)
        .join(Announcement.caucus)
        .outerjoin(Answer, and_(Answer.meeting_id == Announcement.meeting_id, Answer.person_id == person.id))
        .options(contains_eager(Announcement.caucus), joinedload(Announcement.meeting))
        .where(*where)
        .order_by(Delivery.due_at.desc(), Delivery.id.desc())
        .limit(A_PAGE)
        .offset((page - 1) * A_PAGE)
    ).all()
    subjects = queries.subjects([row.Announcement for row in rows])
    return [
        _sent(row.Delivery, row.Announcement, row.Answer, subjects[row.Announcement.id], person) for row in rows
    ], max(1, -(-total // A_PAGE))


def _sent(
    copy: Delivery, announcement: Announcement, answer: Answer | None, subjects: dict[str, str], person: Person
) -> Sent:
    return Sent(
        announcement,
        languages.pick(subjects, person.languages),
        copy.settled_at if copy.state is DeliveryState.ACCEPTED and copy.settled_at else copy.due_at,
        copy.state,
        copy.bounced_at is not None,
        copy.moved_at is not None,
        answer,
    )
