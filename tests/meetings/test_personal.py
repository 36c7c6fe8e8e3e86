from caucusmail import clock
from caucusmail.database import transaction
from caucusmail.directory import visibility
from caucusmail.meetings import personal, queries, questions
from caucusmail.meetings.attendance import CheckIn, DoorLink, Tap
from caucusmail.meetings.models import Answer, MeetingChange
from caucusmail.meetings.needs import Needs
from tests import make
from tests.meetings.doors import kept
from tests.meetings.known import known_at_the_door
from tests.meetings.test_answers import COMING, say
from tests.meetings.test_queries import meeting


def test_a_person_is_told_of_their_changes_and_can_be_forgotten():
    caucus = make.caucus()
    one, who = meeting(caucus), make.person()
    make.keep(MeetingChange(meeting_id=one.id, at=clock.now(), by_id=who.id, kind="room", was={}, now={"room": "K"}))
    assert [change["meeting"] for change in personal.export(who)["changes"]] == [one.reference]
    with transaction():
        personal.erase(who)
    assert not any(personal.export(who).values())
    assert [change.by_id for change in queries.changes(one)] == [None]


def test_a_person_is_shown_what_they_need_and_said_and_nothing_is_left_of_it():
    one, who = meeting(make.caucus()), make.person()
    with transaction():
        by = visibility.viewer(make.coordinator(one.caucus))
        questions.change(one, {1: {"en": "Which topic?"}}, questions.version(one), by)
    number = questions.of(one)[0].id
    say(one, who, COMING, filled=Needs("fr", wheelchair=True, other="A lamp", said={number: "Peace"}, may_contact=True))
    [told] = personal.export(who)["answers"]
    assert told["needs"] == {"interpretation": "fr", "wheelchair": True, "online": False, "other": "A lamp"}
    assert (told["said"], told["may_be_contacted"]) == ([{"question": "Which topic?", "answer": "Peace"}], True)
    with transaction():
        personal.erase(who)
    assert make.rows(Answer) == []


def test_nobody_is_told_of_what_others_changed_and_forgetting_one_leaves_the_other():
    one, ada, ben = meeting(make.caucus()), make.person(), make.person()
    for who in (ada, ben):
        make.keep(MeetingChange(meeting_id=one.id, at=clock.now(), by_id=who.id, kind="room", was={}, now={}))
    with transaction():
        personal.erase(ada)
    assert len(personal.export(ben)["changes"]) == 1


def test_that_somebody_was_there_or_counted_is_told_to_them_and_forgotten_and_the_numbers_stay():
    one, her = meeting(make.caucus()), make.person()
    known_at_the_door(one, her)
    told = personal.export(her)
    assert [told[word][0]["meeting"] for word in ("said_to_be_there", "counted", "door_links")] == [one.reference] * 3
    with transaction():
        personal.erase(her)
    assert not any(personal.export(her).values())
    assert (make.rows(CheckIn), len(make.rows(Tap)), len(make.rows(DoorLink))) == ([], 1, 1)
    assert kept() == [("expert", "", 2)]
