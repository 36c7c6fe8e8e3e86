from caucusmail import clock
from caucusmail.database import transaction
from caucusmail.directory import visibility
from caucusmail.meetings import personal, queries, questions
from caucusmail.meetings.models import Answer, MeetingChange
from caucusmail.meetings.needs import Needs
from tests import make
from tests.meetings.test_answers import COMING, say
from tests.meetings.test_queries import meeting


def test_a_person_is_told_of_their_changes_and_can_be_forgotten():
    caucus = make.caucus()
    one, who = meeting(caucus), make.person()
    make.keep(MeetingChange(meeting_id=one.id, at=clock.now(), by_id=who.id, kind="room", was={}, now={"room": "K"}))
    assert [change["meeting"] for change in personal.export(who)["changes"]] == [one.reference]
    with transaction():
        personal.erase(who)
    assert personal.export(who) == {"answers": [], "changes": []}
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
