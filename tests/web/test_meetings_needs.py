"""Boxes beside the buttons, what the keepers read of them, and the page of the questions."""

import pytest

from caucusmail import tokens
from caucusmail.database import db, transaction
from caucusmail.meetings import needs, questions
from caucusmail.meetings.models import Answer, MeetingMode, MeetingState
from caucusmail.tokens import Purpose
from tests import make
from tests.announcements.rooms import confirmed, copies, meeting, peopled, ready
from tests.entering import enter

ALL = {"answer": "coming", "filled_in": "1", "wheelchair": "y", "from_afar": "y", "interpretation": "fr"}


@pytest.fixture
def room():
    return peopled()


@pytest.fixture
def held(room):
    draft = meeting(titles={"en": "Strategy"}, mode=MeetingMode.HYBRID, interpretation=("fr",))
    sent = confirmed(room, ready(room, meeting=draft))
    with transaction():
        sent.meeting.state = MeetingState.CONFIRMED
        questions.change(sent.meeting, {1: {"en": "Which topic?"}}, questions.version(sent.meeting), room.by)
    sent.meeting.links = [f"/answer/{tokens.sign(Purpose.MEETING_REPLY, row.id)}" for row in copies(sent)]
    return sent.meeting


@pytest.fixture
def box(held) -> str:
    """The name of the box under the question."""
    return f"said_{questions.of(held)[0].id}"


@pytest.fixture
def keeper(client, room):
    return lambda: enter(client, db.session.get(make.Person, room.by.id))


def kept() -> list[needs.Needs]:
    db.session.expire_all()
    return [needs.kept(one) for one in make.rows(Answer)]


def test_one_press_keeps_answer_and_boxes_and_the_page_shows_them_again(client, held, box):
    page = client.get(held.links[0]).text
    assert "Which topic?" in page
    assert "<details open" not in page
    page = client.post(
        held.links[0], data=ALL | {box: "Reparations", "other_need": "A lamp"}, follow_redirects=True
    ).text
    key = int(box.removeprefix("said_"))
    assert kept() == [needs.Needs("fr", True, True, "A lamp", {key: "Reparations"})]
    assert 'value="Reparations"' in page
    assert "<details open" in page


def test_a_button_pressed_without_the_boxes_leaves_what_was_filled_in(client, held):
    client.post(held.links[0], data=ALL)
    before = kept()
    client.post(held.links[0], data={"answer": "maybe"})
    assert kept() == before
    client.post(held.links[0], data={"answer": "maybe", "filled_in": "1"})
    assert kept() == [needs.Needs()]


@pytest.mark.parametrize("signed_in", [True, False])
def test_what_is_too_long_is_said_beside_its_box_and_nothing_typed_is_lost(client, held, box, signed_in):
    where = held.links[0]
    if signed_in:
        enter(client, db.session.query(make.Person).filter_by(name="Ada").one())
        where = f"/meetings/{held.reference}/answer"
    page = client.post(where, data=ALL | {box: "Reparations", "other_need": "x" * 201})
    assert page.status_code == 422
    assert 'value="Reparations"' in page.text
    assert "x" * 201 in page.text
    assert page.text.count('href="#other_need"') == 1
    assert kept() == []


def test_the_box_of_another_meetings_question_or_person_is_no_way_in(client, held, box):
    client.post(held.links[0], data=ALL | {"said_999999": "x", "said_x": "y", "person_id": "3", "meeting_id": "9"})
    [one] = make.rows(Answer)
    assert (one.said, one.person.name) == ({}, "Ada")
    stranger = client.post(held.links[0][:-2] + "AA", data=ALL)
    assert stranger.status_code == 404


def test_keepers_read_names_of_those_who_agreed_and_of_the_others_nothing(client, held, box, keeper):
    people = {row.name: row for row in db.session.query(make.Person).filter(make.Person.name.in_(["Ada", "Ben"]))}
    client.post(held.links[0], data=ALL | {box: "Reparations", "may_contact": "y"})
    client.post(held.links[1], data=ALL | {box: "Silence", "other_need": "A quiet room"})
    keeper()
    page = client.get(f"/meetings/{held.reference}/answers").text
    assert (people["Ada"].address in page, "Reparations" in page) == (True, True)
    assert [words for words in ("Ben", people["Ben"].address, "Silence", "quiet room") if words in page] == []
    enter(client, people["Ada"])
    assert client.get(f"/meetings/{held.reference}/answers").status_code == 403


def test_a_keeper_asks_rewords_and_is_told_when_another_was_quicker(client, held, keeper):
    keeper()
    where = f"/meetings/{held.reference}/questions"
    assert where in client.get(f"/meetings/{held.reference}/answers").text
    assert "Which topic?" in client.get(where).text
    seen = questions.version(held)
    page = client.post(where, data={"seen": seen, "question_1_en": "Which topics?", "question_2_en": "Diet?"})
    assert (page.status_code, [one.words["en"] for one in questions.of(held)]) == (303, ["Which topics?", "Diet?"])
    page = client.post(where, data={"seen": seen, "question_1_en": "Mine"})
    assert (page.status_code, 'value="Mine"' in page.text, "Which topics?" in page.text) == (409, True, True)
    page = client.post(where, data={"seen": questions.version(held), "question_1_en": "y" * 201})
    assert (page.status_code, "y" * 201 in page.text) == (422, True)


def test_nobody_else_opens_the_page_of_the_questions(client, room, held):
    where = f"/meetings/{held.reference}/questions"
    for who, status in ((make.member(room.caucus), 403), (make.coordinator(make.caucus()), 404)):
        enter(client, who)
        assert client.get(where).status_code == client.post(where, data={}).status_code == status


def test_the_answers_page_stays_small_with_everything_on_it(client, held, room):
    words = {place: {"en": f"{place} " + "long question " * 13} for place in (1, 2, 3)}
    with transaction():
        questions.change(held, words, questions.version(held), room.by)
    assert len(client.get(held.links[0]).data) < 14 * 1024
