from datetime import timedelta

import pytest
import time_machine

from caucusmail import clock
from caucusmail.announcements import history, leaving
from caucusmail.announcements.composition import Text
from caucusmail.database import db, transaction
from caucusmail.delivery.models import Delivery, DeliveryState
from caucusmail.meetings import answers
from caucusmail.meetings.models import AnswerState, AnswerWay
from tests import make
from tests.announcements.rooms import Room, confirmed, copies, ready, released
from tests.hostile.world import meeting


@pytest.fixture
def room():
    return Room()


@pytest.fixture
def ada(room):
    return make.member(room.caucus, make.person("Ada"), room.group)


def gone(room, **more):
    """An announcement that has begun to leave."""
    sent = confirmed(room, ready(room, **more))
    released(sent)
    with transaction():
        leaving.send_due()
    return sent


def taken(sent):
    """The next server has taken its first copy over."""
    row = copies(sent)[0]
    row.settled_at = clock.now()
    row.state = DeliveryState.ACCEPTED


def test_what_one_was_sent_stands_there_newest_first_with_what_became_of_it(room, ada):
    first, second = gone(room), gone(room)
    with transaction():
        copies(first)[0].due_at -= timedelta(hours=1)
        taken(second)
    rows, pages = history.of(ada)
    assert [one.announcement for one in rows] == [second, first]
    assert ([one.state for one in rows], pages) == ([DeliveryState.ACCEPTED, DeliveryState.QUEUED], 1)
    assert rows[0].subject == "News"


def test_what_is_still_held_is_nobodys_yet(room, ada):
    confirmed(room, ready(room))
    assert history.of(ada) == ([], 1)


def test_others_copies_letters_and_what_is_older_than_a_year_do_not_stand_there(room, ada):
    gone(room)
    assert history.of(make.person())[0] == []
    assert len(make.rows(Delivery)) > 1  # the test letter of its author is no announcement to anybody
    assert len(history.of(ada)[0]) == 1
    with time_machine.travel(clock.now() + timedelta(days=366)):
        assert history.of(ada)[0] == []


def test_the_subject_is_in_the_readers_language(room, ada):
    with transaction():
        ada.languages = ["fr", "en"]
    gone(room, texts={"en": Text("News", "Some."), "fr": Text("Nouvelles", "Des.")})
    assert history.of(ada)[0][0].subject == "Nouvelles"


def test_what_one_answered_stands_beside_it(room, ada):
    sent = gone(room, meeting=meeting())
    assert history.of(ada)[0][0].answer is None
    with transaction():
        answers.answer(sent.meeting, ada, AnswerState.MAYBE, AnswerWay.PAGE)
        answers.answer(sent.meeting, make.person(), AnswerState.COMING, AnswerWay.PAGE)
    assert history.of(ada)[0][0].answer.state is AnswerState.MAYBE


def test_a_page_holds_twenty(room, ada, monkeypatch):
    monkeypatch.setattr(history, "A_PAGE", 2)
    for _ in range(3):
        gone(room)
    found = [history.of(ada, number) for number in (1, 2, 3)]
    assert ([len(rows) for rows, _pages in found], {pages for _rows, pages in found}) == ([2, 1, 0], {2})
    assert len({one.announcement.id for rows, _pages in found for one in rows}) == 3
    db.session.rollback()
