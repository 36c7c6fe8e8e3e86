"""A meeting that some people of a random world have answered."""

from datetime import datetime, timedelta

from caucusmail.database import db
from caucusmail.meetings.models import Answer, AnswerState, AnswerWay, Meeting, MeetingKind, MeetingState


def answered(luck, caucus, people, now: datetime) -> Meeting:
    meeting = Meeting(
        reference=f"m{now.timestamp()}",
        uid=f"m{now.timestamp()}@mail.example",
        state=MeetingState.CONFIRMED,
        caucus_id=caucus.id,
        kind=MeetingKind.STRATEGY,
        titles={"en": "Strategy"},
        city="The Hague",
        zone="Europe/Amsterdam",
        starts=now.replace(tzinfo=None),
        ends=(now + timedelta(hours=1)).replace(tzinfo=None),
        starts_at=now,
        ends_at=now + timedelta(hours=1),
        tzdata="2026a",
        made_at=now,
    )
    db.session.add(meeting)
    db.session.flush()
    for person in people:
        state = luck.choice((None, AnswerState.NOT_COMING, AnswerState.MAYBE, AnswerState.COMING))
        if state is not None:
            since = now if state is AnswerState.COMING else None
            told = {"at": now, "stamp": now, "way": AnswerWay.PAGE, "coming_since": since}
            db.session.add(Answer(meeting_id=meeting.id, person_id=person.id, state=state, **told))
    return meeting
