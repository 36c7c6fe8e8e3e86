"""What meetings knows of a person: to be shown to them, and to be forgotten."""

from typing import Any

from sqlalchemy import delete, select, update

from caucusmail import languages
from caucusmail.accounts.models import Person
from caucusmail.database import db
from caucusmail.delivery import forgetting
from caucusmail.meetings import answers
from caucusmail.meetings.models import Answer, Meeting, MeetingChange, MeetingQuestion


def export(person: Person) -> dict[str, Any]:
    """The changes of meetings that ``person`` made, and what they answered."""
    rows = db.session.execute(
        select(MeetingChange.at, MeetingChange.kind, MeetingChange.note, Meeting.reference)
        .join(Meeting, Meeting.id == MeetingChange.meeting_id)
        .where(MeetingChange.by_id == person.id)
        .order_by(MeetingChange.id)
    )
    given = db.session.execute(
        select(Answer, Meeting.reference)
        .join(Meeting, Meeting.id == Answer.meeting_id)
        .where(Answer.person_id == person.id)
        .order_by(Answer.id)
    ).all()
    asked = select(MeetingQuestion).where(MeetingQuestion.meeting_id.in_([one.meeting_id for one, _reference in given]))
    words = {str(one.id): one.words for one in db.session.scalars(asked)}
    return {
        "answers": [
            {
                "meeting": reference,
                "answer": one.state.value,
                "at": one.at.isoformat(),
                "way": one.way.value,
                "has_place": one.has_place,
                "proposed": [at.isoformat() for at in (one.proposed_starts_at, one.proposed_ends_at) if at],
                "needs": _needs(one),
                "said": [
                    {"question": languages.pick(words.get(key, {})), "answer": text} for key, text in one.said.items()
                ],
                "may_be_contacted": one.may_contact,
            }
            for one, reference in given
        ],
        "changes": [
            {"at": at.isoformat(), "kind": kind, "note": note, "meeting": reference}
            for at, kind, note, reference in rows
        ],
    }


def _needs(one: Answer) -> dict[str, Any]:
    return {
        "interpretation": one.interpretation,
        "wheelchair": one.wheelchair,
        "online": one.from_afar,
        "other": one.other_need,
    }


def erase(person: Person) -> None:
    """Forget what ``person`` answered, which may leave their place to another, and that they made a change; the change stays."""
    places = db.session.scalars(select(Answer.meeting_id).where(Answer.person_id == person.id, Answer.has_place)).all()
    forgetting.forget_about(Answer.__tablename__, select(Answer.id).where(Answer.person_id == person.id))
    db.session.execute(delete(Answer).where(Answer.person_id == person.id))
    answers.move_up_in(places)
    db.session.execute(update(MeetingChange).where(MeetingChange.by_id == person.id).values(by_id=None))
