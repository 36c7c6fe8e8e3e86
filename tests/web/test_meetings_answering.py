"""The page behind a letter's "I will come", and the same question on the meeting's page."""

from datetime import timedelta

import pytest

from caucusmail import clock, tokens
from caucusmail.accounts import revoking
from caucusmail.accounts.models import Person
from caucusmail.database import db, transaction
from caucusmail.directory import affiliation, queries
from caucusmail.meetings import answers, personal
from caucusmail.meetings.models import Answer, AnswerState, AnswerWay, MeetingState
from caucusmail.tokens import Purpose
from tests import make
from tests.announcements.rooms import confirmed, copies, meeting, peopled, ready
from tests.entering import enter
from tests.house.test_routes import digest


@pytest.fixture
def room():
    return peopled()


@pytest.fixture
def sent(room):
    return confirmed(room, ready(room, meeting=meeting(titles={"en": "Strategy"}, places=2)))


@pytest.fixture
def links(sent) -> list[str]:
    """One for each of the three who got it."""
    with transaction():
        sent.meeting.state = MeetingState.CONFIRMED
    return [f"/answer/{tokens.sign(Purpose.MEETING_REPLY, row.id)}" for row in copies(sent)]


def said() -> list[tuple[str, str]]:
    db.session.expire_all()
    return [(one.state.value, one.way.value) for one in make.rows(Answer)]


def test_the_link_shows_the_meeting_and_buttons_and_stores_nothing(client, links):
    before = digest()
    for language, words in (("", "Will you come?"), ("/fr", "Viendrez-vous")):
        page = client.get(f"{language}{links[0]}?answer=not-coming")
        assert page.status_code == 200
        assert words in page.text
        assert "Strategy" in page.text
    client.head(links[0])
    assert digest() == before
    assert page.text.index('value="not-coming"') < page.text.index('value="coming"')


def test_after_links_were_made_invalid_an_old_letter_neither_answers_nor_shows_the_meeting(client, links, sent):
    person = db.session.get_one(Person, copies(sent)[0].person_id)
    with transaction():
        revoking.revoke_links(person, by=person)
        copies(sent)[0].settings_version = person.settings_version - 1  # it had left before
    assert client.get(links[0]).status_code == 404
    assert client.post(links[0], data={"answer": "coming"}).status_code == 404
    assert said() == []
    assert client.get(links[1]).status_code == 200


def test_the_button_stores_the_answer_and_it_can_be_changed(client, links):
    page = client.post(links[0], data={"answer": "coming"}, follow_redirects=True)
    assert "Thank you. Your answer is kept." in page.text
    assert "You said that you will come." in page.text
    client.post(links[0], data={"answer": "maybe"})
    assert said() == [("maybe", "link")]


def test_who_comes_too_late_for_a_place_reads_their_number(client, links):
    for link in links:
        page = client.post(link, data={"answer": "coming"}, follow_redirects=True)
    assert "You are number 1 on the waiting list." in page.text
    assert "waiting list" not in client.get(links[0]).text


@pytest.mark.parametrize("answer", ["", "perhaps", "COMING"])
def test_what_is_no_answer_is_refused_in_words(client, links, answer):
    page = client.post(links[0], data={"answer": answer})
    assert page.status_code == 422
    assert "Please press one of the buttons." in page.text
    assert said() == []


def test_after_the_deadline_it_is_taken_and_told_so(client, sent, links):
    with transaction():
        sent.meeting.reply_by_at, sent.meeting.reply_zone = clock.now() - timedelta(days=1), "UTC"
    assert "You can still answer" in client.get(links[0]).text
    page = client.post(links[0], data={"answer": "coming"}, follow_redirects=True)
    assert "marked as late" in page.text


@pytest.mark.parametrize("state", [MeetingState.CANCELLED, MeetingState.DRAFT])
def test_what_takes_no_answer_says_why_and_stores_none(client, sent, links, state):
    with transaction():
        sent.meeting.state = state
    page = client.get(links[0])
    assert "This meeting is" in page.text
    assert "<button" not in page.text.partition("<main")[2]
    assert client.post(links[0], data={"answer": "coming"}).status_code == 409
    assert said() == []


def test_who_has_left_reads_that_nothing_is_needed(client, room, sent, links):
    person = db.session.get(make.Person, copies(sent)[0].person_id)
    with transaction():
        affiliation.end(queries.affiliation(person, room.caucus), by=person)
    assert "You are no longer in the group" in client.get(links[0]).text
    assert client.post(links[0], data={"answer": "coming"}).status_code == 409
    assert said() == []


def test_a_broken_link_is_answered_kindly(client, links):
    for link in (links[0][:-1], links[0] + "A", "/answer/x"):
        page = client.get(link)
        assert page.status_code == 404
        assert "This link does not work any more" in page.text


def test_the_page_is_kept_nowhere_and_shows_no_room(client, sent, links):
    with transaction():
        sent.meeting.room = "K-12"
    page = client.get(links[0])
    assert page.headers["Cache-Control"] == "no-store"
    assert "K-12" not in page.text


def test_a_member_answers_on_the_meetings_page(client, room, sent, links):
    address = f"/meetings/{sent.meeting.reference}"
    assert "Will you come?" not in client.get(address).text
    enter(client, make.member(room.caucus))
    assert "Will you come?" in client.get(address).text
    answer = client.post(f"{address}/answer", data={"answer": "coming"}, follow_redirects=True)
    assert "You said that you will come." in answer.text
    assert said() == [("coming", AnswerWay.PAGE.value)]
    answer = client.post(f"{address}/answer", data={"answer": "?"}, follow_redirects=True)
    assert "Please press one of the buttons." in answer.text
    enter(client, make.person())
    assert "Will you come?" not in client.get(address).text
    assert client.post(f"{address}/answer", data={"answer": "coming"}).status_code == 403


def test_link_and_page_make_one_answer(client, sent, links):
    client.post(links[0], data={"answer": "coming"})
    enter(client, db.session.get(make.Person, copies(sent)[0].person_id))
    client.post(f"/meetings/{sent.meeting.reference}/answer", data={"answer": "not-coming"})
    assert said() == [(AnswerState.NOT_COMING.value, AnswerWay.PAGE.value)]


def test_an_answer_that_a_calendar_gave_says_so_and_from_which_other_address(client, sent, links):
    person = db.session.get(make.Person, copies(sent)[0].person_id)
    for address, words in (
        ("", "It came from your calendar."),
        ("a***@elsewhere.example", "by another address than yours: \u2068a***@elsewhere.example\u2069"),
    ):
        with transaction():
            answers.answer(sent.meeting, person, AnswerState.COMING, AnswerWay.CALENDAR, from_address=address)
        assert words in client.get(links[0]).text
    assert personal.export(person)["answers"][0]["from_address"] == "a***@elsewhere.example"
    client.post(links[0], data={"answer": "coming"})
    assert "calendar" not in client.get(links[0]).text.partition("<main")[2]
