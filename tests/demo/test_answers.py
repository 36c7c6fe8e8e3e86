from collections import Counter

from caucusmail.demo.answers import ANSWERED, QUESTIONS
from caucusmail.demo.calendar import GATHERING
from caucusmail.directory import visibility
from caucusmail.meetings import needs, questions, remote
from caucusmail.meetings.models import Answer, AnswerState, AnswerTally, Meeting
from tests import make


def test_the_next_meeting_was_answered_and_has_a_link_questions_and_needs_to_look_at(demo_world):
    [one] = [meeting for meeting in make.rows(Meeting) if meeting.titles["en"] == GATHERING]
    rows = make.rows(Answer)
    assert Counter(row.meeting_id for row in rows) == {one.id: ANSWERED}
    assert {row.state for row in rows} == set(AnswerState)
    by = visibility.viewer(make.secretary())
    assert remote.promised(one)
    assert [question.words for question in questions.of(one)] == list(QUESTIONS)
    assert len(needs.named(one, by)) > 2
    assert needs.totals(one, by).interpretation
    assert len(make.rows_by(AnswerTally, AnswerTally.meeting_id)) == 1


def test_of_who_cannot_come_nothing_is_known(demo_world):
    for row in make.rows(Answer):
        assert (row.state is AnswerState.NOT_COMING) <= (needs.kept(row) == needs.Needs())
        assert row.link_told == int(row.has_place) == int(row.state is AnswerState.COMING)
