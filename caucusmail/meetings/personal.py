"""What meetings knows of a person: to be shown to them, and to be forgotten."""

from typing import Any

from sqlalchemy import ColumnElement, Select, delete, select, update

from caucusmail import languages
from caucusmail.accounts.models import Person
from caucusmail.audit.models import AuditEntry
from caucusmail.database import Words, db
from caucusmail.delivery import forgetting
from caucusmail.meetings import answers
from caucusmail.meetings.attendance import Attendance, CheckIn, DoorLink, Tap
from caucusmail.meetings.minutes import MinutesEdition
from caucusmail.meetings.models import Answer, DoorList, DoorName, Meeting, MeetingChange, MeetingQuestion


def export(person: Person) -> dict[str, Any]:
    """The changes of meetings that ``person`` made, what they answered, where they said that they are there, whom they counted
    at which door, the links they made for it, and the minutes they published."""
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
        **_at_doors(person),
        "answers": [_answer(one, reference, words) for one, reference in given],
        "door_lists": _door_lists(DoorName, DoorName.person_id == person.id),
        "door_lists_made": _door_lists(DoorList, DoorList.by_id == person.id),
        "changes": [
            {"at": at.isoformat(), "kind": kind, "note": note, "meeting": reference}
            for at, kind, note, reference in rows
        ],
    }


def _answer(one: Answer, reference: str, words: dict[str, Words]) -> dict[str, Any]:
    """One answer, in plain values; ``words`` are those of questions, by their id."""
    return {
        "meeting": reference,
        "answer": one.state.value,
        "at": one.at.isoformat(),
        "way": one.way.value,
        "from_address": one.from_address,
        "has_place": one.has_place,
        "proposed": [at.isoformat() for at in (one.proposed_starts_at, one.proposed_ends_at) if at],
        "needs": _needs(one),
        "said": [{"question": languages.pick(words.get(key, {})), "answer": text} for key, text in one.said.items()],
        "may_be_contacted": one.may_contact,
        "may_be_told_at_the_door": one.on_door_list,
    }


def _door_lists(table: type[DoorList] | type[DoorName], where: ColumnElement[bool]) -> list[dict[str, Any]]:
    """The lists for doors that a person is on, or made: of which meeting, since when."""
    rows = select(Meeting.reference, DoorList.made_at).join(DoorList, DoorList.meeting_id == Meeting.id)
    rows = rows.join(DoorName, DoorName.list_id == DoorList.id) if table is DoorName else rows
    return [{"meeting": reference, "at": at.isoformat()} for reference, at in db.session.execute(rows.where(where))]


def _touched(person: Person) -> Select[int]:
    """SQL: the ids of the lists for doors that ``person`` made or opened, by the journal."""
    return (
        select(DoorList.id)
        .join(AuditEntry, AuditEntry.subject_id == DoorList.meeting_id)
        .where(
            AuditEntry.subject_kind == Meeting.__tablename__,
            AuditEntry.verb.startswith("meeting.door-list-"),
            AuditEntry.by_id == person.id,
        )
    )


def _needs(one: Answer) -> dict[str, Any]:
    return {
        "interpretation": one.interpretation,
        "wheelchair": one.wheelchair,
        "online": one.from_afar,
        "other": one.other_need,
    }


def _at_doors(person: Person) -> dict[str, Any]:
    there = db.session.execute(
        select(CheckIn.at, Meeting.reference)
        .join(Meeting, Meeting.id == CheckIn.meeting_id)
        .where(CheckIn.person_id == person.id)
        .order_by(CheckIn.id)
    )
    counted = db.session.execute(
        select(Tap.at, Tap.number, Meeting.reference)
        .join(Attendance, Attendance.id == Tap.line_id)
        .join(Meeting, Meeting.id == Attendance.meeting_id)
        .where(Tap.by_id == person.id)
        .order_by(Tap.id)
    )
    made = db.session.execute(
        select(DoorLink.made_at, Meeting.reference)
        .join(Meeting, Meeting.id == DoorLink.meeting_id)
        .where(DoorLink.made_by_id == person.id)
        .order_by(DoorLink.id)
    )
    published = db.session.execute(
        select(MinutesEdition.at, Meeting.reference)
        .join(Meeting, Meeting.id == MinutesEdition.meeting_id)
        .where(MinutesEdition.by_id == person.id)
        .order_by(MinutesEdition.id)
    )
    return {
        "said_to_be_there": [{"meeting": reference, "at": at.isoformat()} for at, reference in there],
        "counted": [{"meeting": meeting, "at": at.isoformat(), "number": number} for at, number, meeting in counted],
        "door_links": [{"meeting": reference, "at": at.isoformat()} for at, reference in made],
        "minutes": [{"meeting": reference, "at": at.isoformat()} for at, reference in published],
    }


def erase(person: Person) -> None:
    """Forget what ``person`` answered, which may leave their place to another, and that they were there; and that they made a
    change, counted others or published minutes: those stay."""
    places = db.session.scalars(select(Answer.meeting_id).where(Answer.person_id == person.id, Answer.has_place)).all()
    forgetting.forget_about(Answer.__tablename__, select(Answer.id).where(Answer.person_id == person.id))
    forgetting.forget_about(DoorList.__tablename__, _touched(person))  # these letters say who made or opened it
    for table in (Answer, CheckIn, DoorName):
        db.session.execute(delete(table).where(table.person_id == person.id))
    answers.move_up_in(places)
    made = (Tap.by_id, DoorLink.made_by_id, DoorList.by_id, MinutesEdition.by_id)
    for column in (MeetingChange.by_id, *made):
        db.session.execute(update(column.class_).where(column == person.id).values({column: None}))
