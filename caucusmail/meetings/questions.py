"""A meeting's own questions to whoever answers: at most three, short, in the languages of the house."""

from collections.abc import Mapping, Sequence
from zlib import crc32

from sqlalchemy import select

from caucusmail import clock, database
from caucusmail.audit import journal
from caucusmail.database import Words, db
from caucusmail.directory.visibility import Viewer
from caucusmail.errors import Conflict, Invalid, NotAllowed
from caucusmail.languages import _
from caucusmail.meetings import wording
from caucusmail.meetings.models import Answer, Meeting, MeetingQuestion, MeetingState

MOST = 3
LONGEST = 200  # characters


class NoQuestionsNow(Conflict):
    """The meeting is cancelled or over: nobody answers any more."""


class QuestionsChanged(Conflict):
    """Somebody else changed them since their author looked."""


class SameQuestions(Invalid):
    """They are as they were."""


def of(meeting: Meeting) -> Sequence[MeetingQuestion]:
    """The questions of ``meeting``, in their order."""
    return db.session.scalars(
        select(MeetingQuestion).where(MeetingQuestion.meeting_id == meeting.id).order_by(MeetingQuestion.place)
    ).all()


def version(meeting: Meeting) -> int:
    """A number that is another one when the questions are others: what a form has seen. Below 10⁹."""
    told = repr([(one.place, sorted(one.words.items())) for one in of(meeting)])
    return crc32(told.encode()) % 10**9


def change(meeting: Meeting, asked: Mapping[int, Words], seen: int, by: Viewer) -> None:
    """Ask this: words in each language by place, 1 to 3. A question that is reworded keeps its answers; of one that is
    emptied they are deleted. ``seen`` is the ``version`` their author looked at.

    :raises NotAllowed: ``by`` does not keep the caucus.
    :raises NoQuestionsNow, QuestionsChanged: as they say.
    :raises Invalid: one of them cannot be taken.
    """
    if not by.keeps_caucus(meeting.caucus_id):
        raise NotAllowed(_("Only those who keep this group can ask questions about its meetings."))
    database.lock(meeting)
    if meeting.state is MeetingState.CANCELLED or meeting.ends_at <= clock.now():
        raise NoQuestionsNow(_("This meeting is cancelled or over: nobody answers any more."))
    if version(meeting) != seen:
        raise QuestionsChanged(_("Somebody changed the questions a moment ago. This is how they stand now."))
    before = {one.place: one for one in of(meeting)}
    places = range(1, MOST + 1)
    tidy = {place: wording.in_each(f"question_{place}", asked.get(place, {}), LONGEST) for place in places}
    if all(tidy[place] == (before[place].words if place in before else {}) for place in places):
        raise SameQuestions("question_1", _("These are the questions already. Nothing was changed."))
    for place in places:
        _put(meeting, place, tidy[place], before.get(place))
    db.session.flush()
    journal.record("meeting.questions-changed", meeting, by.person)


def _put(meeting: Meeting, place: int, words: Words, found: MeetingQuestion | None) -> None:
    if found is None and words:
        db.session.add(MeetingQuestion(meeting_id=meeting.id, place=place, words=words))
    elif found is not None and words:
        found.words = words
    elif found is not None:
        _forget(found)
        db.session.delete(found)


def _forget(question: MeetingQuestion) -> None:
    """Delete what was said to a question."""
    key = str(question.id)
    for one in db.session.scalars(select(Answer).where(Answer.meeting_id == question.meeting_id)):
        if key in one.said:
            one.said = {other: words for other, words in one.said.items() if other != key}
