"""What somebody was sent, on their own page."""

import pytest

from caucusmail import clock
from caucusmail.announcements.history import Sent
from caucusmail.database import transaction
from caucusmail.delivery.models import DeliveryState
from caucusmail.meetings import answers
from caucusmail.meetings.models import AnswerState, AnswerWay
from caucusmail.web.announcements import history
from tests import make
from tests.announcements.rooms import Room
from tests.announcements.test_history import gone, taken
from tests.door import let_in
from tests.hostile.world import meeting

PAGE = "/en/me/history"


@pytest.fixture
def room():
    return Room()


def test_a_member_reads_what_they_were_sent_and_what_they_answered(client, room):
    ada = make.member(room.caucus, make.person("Ada"), room.group)
    sent = gone(room, meeting=meeting())
    with transaction():
        taken(sent)
        answers.answer(sent.meeting, ada, AnswerState.COMING, AnswerWay.PAGE)
    page = let_in(client, ada)
    assert PAGE in page.get("/en/me").text
    shown = page.get(PAGE).text
    assert all(words in shown for words in ("News", "Sent.", "You said that you will come.", sent.reference))
    assert "There is nothing on this page." in page.get(f"{PAGE}?page=7").text


def test_who_was_sent_nothing_reads_that(client):
    assert "Nothing was sent to you in this time." in let_in(client, make.person()).get(PAGE).text


def test_nobody_reads_it_without_signing_in(client):
    assert client.get(PAGE).status_code == 303


@pytest.mark.parametrize(
    ("state", "more", "said"),
    [
        (DeliveryState.ACCEPTED, {}, "Sent."),
        (DeliveryState.ACCEPTED, {"moved": True}, "new address"),
        (DeliveryState.ACCEPTED, {"came_back": True, "moved": True}, "came back"),
        (DeliveryState.QUEUED, {}, "On its way"),
        (DeliveryState.DEFERRED, {}, "On its way"),
        (DeliveryState.IN_FLIGHT, {}, "On its way"),
        (DeliveryState.FAILED, {}, "could not be delivered"),
        (DeliveryState.UNCERTAIN, {}, "may not have arrived"),
        (DeliveryState.WITHDRAWN, {}, "Not sent"),
    ],
)
def test_each_state_has_its_words(app, room, state, more, said):
    values = {"came_back": False, "moved": False, "answer": None} | more
    with app.test_request_context():
        assert said in history.became(Sent(room.drafted(), "News", clock.now(), state, **values))
