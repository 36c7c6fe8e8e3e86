from caucusmail import clock
from caucusmail.database import transaction
from caucusmail.meetings import personal, queries
from caucusmail.meetings.models import MeetingChange
from tests import make
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


def test_nobody_is_told_of_what_others_changed_and_forgetting_one_leaves_the_other():
    one, ada, ben = meeting(make.caucus()), make.person(), make.person()
    for who in (ada, ben):
        make.keep(MeetingChange(meeting_id=one.id, at=clock.now(), by_id=who.id, kind="room", was={}, now={}))
    with transaction():
        personal.erase(ada)
    assert len(personal.export(ben)["changes"]) == 1
