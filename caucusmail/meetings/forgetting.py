"""forget(): what people answered is needed no more once the meeting, or the session it belongs to, is long over."""

from datetime import timedelta
from typing import Any

from sqlalchemy import delete, exists, select

from caucusmail import clock
from caucusmail.database import db
from caucusmail.delivery import forgetting
from caucusmail.meetings.attendance import Attendance, CheckIn, DoorLink, Tap
from caucusmail.meetings.filed import Paper
from caucusmail.meetings.models import Answer, AnswerTally, DoorList, Meeting, RemoteLink, SessionPart

KEPT = timedelta(days=30)


def forget() -> int:
    """Delete the answers about what ended more than ``KEPT`` ago, how many they were, whom letters about them went to, and the
    private way into it; that there was a list for its door; who said that they are there, and what was pressed at the door.
    How many came of each organisation stays; papers that were taken off as long ago go. How many rows."""
    since = clock.now() - KEPT
    going_on = exists().where(
        SessionPart.session_id == Meeting.session_id, SessionPart.ends_on >= since.date().isoformat()
    )
    ended = select(Meeting.id).where(Meeting.ends_at < since, ~going_on)
    forgetting.forget_about(Answer.__tablename__, select(Answer.id).where(Answer.meeting_id.in_(ended)))
    forgetting.forget_about(DoorList.__tablename__, select(DoorList.id).where(DoorList.meeting_id.in_(ended)))
    lines = select(Attendance.id).where(Attendance.meeting_id.in_(ended))
    number = 0
    for gone in (
        delete(Paper).where(Paper.removed_at < since),
        delete(Tap).where(Tap.line_id.in_(lines)),
        *(
            delete(table).where(table.meeting_id.in_(ended))
            for table in (Answer, AnswerTally, RemoteLink, DoorList, CheckIn, DoorLink)
        ),
    ):
        result: Any = db.session.execute(gone.execution_options(synchronize_session=False))
        number += result.rowcount
    return number
