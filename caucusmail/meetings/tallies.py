"""How many answered what: as it is, and, where nobody may learn who is in a group, as it was at a moment that singles out nobody.

Whoever looks twice learns what changed between. So what is shown of a hidden group is counted again only when at least
``FEWEST`` people have answered, or changed their answer, since it was counted last; and then it is rounded.
"""

from collections.abc import Mapping
from datetime import UTC, datetime

from sqlalchemy import func, select

from caucusmail import clock
from caucusmail.database import db
from caucusmail.directory.rounding import FEWEST
from caucusmail.meetings import needs
from caucusmail.meetings.models import Answer, AnswerState, AnswerTally, Meeting

NEVER = datetime(1970, 1, 1, tzinfo=UTC)


def now(meeting: Meeting) -> dict[AnswerState, int]:
    """How many answered what, to this moment."""
    rows = db.session.execute(
        select(Answer.state, func.count()).where(Answer.meeting_id == meeting.id).group_by(Answer.state)
    )
    found = {state: count for state, count in rows}
    return {state: found.get(state, 0) for state in AnswerState}


def shown(meeting: Meeting) -> Mapping[AnswerState, int] | None:
    """How many had answered what when it was counted last; None: too few have answered yet."""
    kept = db.session.get(AnswerTally, meeting.id)
    if kept is None:
        return None
    return {
        AnswerState.COMING: kept.coming,
        AnswerState.NOT_COMING: kept.not_coming,
        AnswerState.MAYBE: kept.maybe,
    }


def count_again(meeting: Meeting) -> None:
    """Count again if enough people have answered since. Whoever calls it has the meeting's answers to themselves."""
    kept = db.session.get(AnswerTally, meeting.id)
    since = kept.at if kept is not None else NEVER
    changed = select(func.count()).where(Answer.meeting_id == meeting.id, Answer.at > since)
    if (db.session.scalar(changed) or 0) < FEWEST:
        return
    counted = now(meeting)
    values = {
        "at": clock.now(),
        "coming": counted[AnswerState.COMING],
        "not_coming": counted[AnswerState.NOT_COMING],
        "maybe": counted[AnswerState.MAYBE],
        "needs": needs.counts(meeting),
    }
    db.session.merge(AnswerTally(meeting_id=meeting.id, **values))
    db.session.flush()
