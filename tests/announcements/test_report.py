from caucusmail.accounts.models import Person
from caucusmail.announcements import dispatch, personal, report
from caucusmail.announcements.choice import Audience
from caucusmail.announcements.models import LeftOut
from caucusmail.audit.models import AuditEntry
from caucusmail.database import db, transaction
from caucusmail.delivery.models import DeliveryState
from caucusmail.delivery.retry import Fault
from caucusmail.directory import visibility
from tests import make
from tests.announcements.gone import begun, gone
from tests.announcements.rooms import Room, copies, paused, peopled

FAILED = (DeliveryState.FAILED, {"note": Fault.ADDRESS.value, "reply_code": 550, "reply": "5.1.1 no such user"})


def test_the_numbers_hold_everybody_of_the_frozen_list_once():
    sent = gone(peopled(), DeliveryState.ACCEPTED, FAILED, DeliveryState.UNCERTAIN)
    seen = report.of(sent)
    assert seen.frozen == 3 == sum(seen.states.values())
    assert (seen.first_at, seen.last_at) == (copies(sent)[0].settled_at,) * 2
    assert seen.digest == sent.audience_digest


def test_the_difference_to_the_frozen_list_is_who_left_who_was_stopped_and_who_came():
    room = peopled()
    sent = begun(room)
    with transaction():
        leaver = copies(sent)[0]
        leaver.state, leaver.note, leaver.settled_at = DeliveryState.WITHDRAWN, "left", sent.begun_at
        dispatch.stop(sent, room.by)
    make.member(room.caucus, make.person("Dora"), room.group)
    seen = report.of(sent)
    assert seen.withdrawn == {"left": 1, "stopped": 2}
    assert seen.newcomers == 1


def test_who_was_left_out_then_is_no_newcomer_now_and_is_named_with_the_reason():
    room = peopled()
    eve = make.member(room.caucus, make.person("Eve"), room.group)
    paused(room, eve)
    sent = begun(room)
    with transaction():
        make.rows_by(make.Subscription, "id")[-1].paused_from = None
    seen = report.of(sent)
    assert (seen.left_out, seen.newcomers) == ({LeftOut.PAUSED: 1}, 0)
    assert [(one.name, one.reason) for one in report.absent(sent, room.by)] == [("Eve", LeftOut.PAUSED)]


def test_every_copy_is_read_once_however_few_at_a_time(monkeypatch):
    monkeypatch.setattr(report, "AT_ONCE", 2)
    room = peopled()
    sent = gone(room, DeliveryState.ACCEPTED)
    assert [one.name for one in report.every(sent, room.by)] == ["Ada", "Ben", "Chi"]


def test_names_of_another_group_are_not_shown_and_addresses_to_nobody_in_full():
    room, other = Room(), Room()
    make.member(room.caucus, make.person("Ada"), room.group)
    make.member(other.caucus, make.person("Hidden"), other.group)
    staff = visibility.viewer(make.secretary())
    both = Room.drafted(room, audience=Audience(caucus_ids=(room.caucus.id,)))
    with transaction():
        both.audience = Audience(caucus_ids=(room.caucus.id, other.caucus.id)).to_json()
        dispatch.send_test(both, staff)
    with transaction():
        dispatch.confirm(both, "ALL 2", both.revision, staff)
    assert [one.name for one in report.every(both, room.by)] == ["Ada", ""]
    assert [one.name for one in report.every(both, staff)] == ["Ada", "Hidden"]
    assert all("***" in one.address for one in report.every(both, staff))


def test_that_it_was_taken_along_stands_in_the_journal():
    room = peopled()
    sent = gone(room, DeliveryState.ACCEPTED)
    with transaction():
        report.taken_along(sent, room.by)
    entry = make.rows(AuditEntry)[-1]
    assert (entry.verb, entry.subject_id, entry.by_id) == ("announcement.report-taken", sent.id, room.by.id)
    (told,) = personal.export(db.session.get_one(Person, copies(sent)[0].person_id))["reports_taken"]
    assert (told["at"], told["role"]) == (entry.at.isoformat(), "coordinator")
    assert personal.export(make.person())["reports_taken"] == []
