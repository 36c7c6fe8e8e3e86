from datetime import timedelta

import pytest

from caucusmail import clock
from caucusmail.announcements import again, course, leaving, progress, report
from caucusmail.audit import heartbeats
from caucusmail.database import db, transaction
from caucusmail.delivery import queues
from caucusmail.delivery.models import DeliveryState, Pause, Step
from caucusmail.delivery.retry import Fault
from tests import another, make, services, settings_for
from tests.announcements.gone import begun, gone, paused
from tests.announcements.rooms import Room, confirmed, copies, peopled, ready
from tests.statements import counted


def test_bars_hold_every_settled_copy_in_its_stretch():
    sent = gone(peopled(), DeliveryState.ACCEPTED, DeliveryState.ACCEPTED, DeliveryState.FAILED)
    start = clock.now().replace(second=30) - timedelta(hours=4)
    with transaction():
        for row, minutes in zip(copies(sent), (0, 1, 239), strict=True):
            row.settled_at = start + timedelta(minutes=minutes)
    [seen] = course.lately()
    assert (len(seen.bars), seen.width) == (course.BARS, timedelta(minutes=10))
    assert seen.bars[0] == {DeliveryState.ACCEPTED: 2}
    assert seen.bars[-1] == {DeliveryState.FAILED: 1}
    assert not any(seen.bars[1:-1])
    assert seen.begins == start.replace(second=0, microsecond=0)


def test_what_waits_is_counted_and_not_drawn():
    gone(peopled(), DeliveryState.DEFERRED)
    [seen] = course.lately()
    assert (seen.bars, seen.waiting) == ([], 3)


def test_an_announcement_older_than_thirty_days_is_not_shown():
    sent = gone(peopled(), DeliveryState.ACCEPTED)
    with transaction():
        sent.begun_at = clock.now() - timedelta(days=31)
    assert course.lately() == []


def test_the_number_of_statements_does_not_grow_with_announcements():
    gone(peopled(), DeliveryState.ACCEPTED)
    with counted() as one:
        course.lately()
    for _ in range(3):
        gone(peopled(), DeliveryState.ACCEPTED)
    with counted() as four:
        course.lately()
    assert len(one) == len(four)


def test_one_whose_time_passed_long_ago_and_one_that_is_refused_for_our_faults_need_a_person():
    room = Room()
    make.member(room.caucus, group=room.group)
    late, refused, _well = confirmed(room, ready(room)), begun(room), begun(room)
    with transaction():
        late.release_at = clock.now() - leaving.LATE - timedelta(minutes=1)
        [row] = copies(refused)
        row.state, row.note = DeliveryState.DEFERRED, Fault.POLICY.value
    assert [(one.announcement.id, one.late, one.blamed) for one in course.for_a_person(room.by)] == [
        (late.id, True, 0),
        (refused.id, False, 1),
    ]


def test_what_is_paused_stands_first_with_its_reason_and_no_address():
    room = peopled()
    late, stuck = confirmed(room, ready(room)), begun(room)
    with transaction():
        late.release_at = clock.now() - leaving.LATE - timedelta(minutes=1)
        paused(stuck, "policy 550 5.7.1 <ada@mail.example> refused")
    first, second = course.for_a_person(room.by)
    assert (first.announcement.id, second.announcement.id) == (stuck.id, late.id)
    assert (first.paused.why, first.paused.words) == (Pause.POLICY, "550 5.7.1 <***> refused")


@pytest.mark.journey
def test_what_is_asked_about_mail_is_answered_by_postgresql_as_by_sqlite(tmp_path):
    url = services.fresh_postgresql("caucusmail_course")
    with another.house(settings_for.testing(url, tmp_path)) as house, house.app_context():
        room = peopled()
        later = (DeliveryState.DEFERRED, {"reply_code": 451, "reply": "4.7.1 later"})
        sent = gone(room, DeliveryState.ACCEPTED, DeliveryState.UNCERTAIN, later)
        with transaction():
            heartbeats.beat("relay")
        with transaction():
            heartbeats.beat("relay", "cannot be reached")
        [seen] = course.lately()
        assert (len(seen.bars), seen.waiting) == (1, 1)
        assert [(one.domain, one.copies) for one in queues.deferred()] == [("mail.example", 1)]
        assert [one.deferred for one in queues.lanes()] == [0, 0, 1, 0, 0]
        assert heartbeats.seen("relay").detail == "cannot be reached"
        assert report.of(sent).frozen == 3
        assert progress.numbers(sent).open == 1
        with transaction():
            assert again.take(sent, Step.SEND_AGAIN, "They asked", room.by) == 1
        [(pending, _name)] = again.pending(sent)
        with transaction():
            assert again.undo(sent, pending.entry_id, room.by) == 1
        assert again.offered(sent, Step.SEND_AGAIN) == 1
        db.session.remove()
    services.drop_postgresql(url)
