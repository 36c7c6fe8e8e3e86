from datetime import timedelta

import pytest

from caucusmail import clock
from caucusmail.accounts.models import Person
from caucusmail.announcements import again, dispatch
from caucusmail.announcements.again import NothingToRepeat, Stopped, TooLateToTakeBack, Which
from caucusmail.announcements.models import Announcement, AnnouncementState
from caucusmail.audit.models import AuditEntry
from caucusmail.database import db, transaction
from caucusmail.delivery import filling
from caucusmail.delivery.models import Delivery, DeliveryState, Pause, Step, Suppression
from caucusmail.delivery.retry import Fault
from caucusmail.directory import visibility
from caucusmail.errors import Invalid, NotAllowed
from caucusmail.groups.models import Subscription
from tests import make
from tests.announcements.gone import gone, paused
from tests.announcements.rooms import Room, copies, peopled
from tests.announcements.worlds import mark


def take(sent: Announcement, step: Step, room: Room, rows: list[int] | None = None) -> int:
    with transaction():
        return again.take(sent, step, "She asked", room.by, Which(rows=rows))


def offered(sent: Announcement) -> list[int]:
    """How many copies can be tried now, and sent again."""
    return [again.offered(sent, step) for step in (Step.TRY_NOW, Step.SEND_AGAIN)]


def states(sent: Announcement) -> set[str]:
    db.session.expire_all()
    return {row.state.value for row in copies(sent)}


def test_deferred_copies_are_due_now_with_the_reason_in_the_journal():
    room = peopled()
    sent = gone(room, DeliveryState.DEFERRED)
    assert offered(sent) == [3, 0]
    assert take(sent, Step.TRY_NOW, room) == 3
    assert states(sent) == {"queued"}
    assert all(row.due_at <= clock.now() and row.answered_at is None for row in copies(sent))
    entry = make.rows(AuditEntry)[-1]
    assert (entry.verb, entry.reason, entry.detail) == ("announcement.copies-tried-now", "She asked", {"copies": 3})


@pytest.mark.parametrize("fault", [Fault.RELAY, Fault.POLICY, Fault.GAVE_UP])
def test_a_failure_that_is_not_the_address_s_is_tried_again_and_the_announcement_is_open_again(fault):
    room = peopled()
    sent = gone(room, (DeliveryState.FAILED, {"note": fault.value}))
    assert sent.state is AnnouncementState.SENT
    take(sent, Step.TRY_NOW, room)
    db.session.expire_all()
    assert (sent.state, sent.ended_at) == (AnnouncementState.SENDING, None)


def test_all_that_are_deferred_are_none_that_failed():
    room = peopled()
    sent = gone(room, DeliveryState.DEFERRED)
    with transaction():
        row = copies(sent)[0]
        row.state, row.note, row.settled_at = DeliveryState.FAILED, Fault.POLICY.value, clock.now()
    with transaction():
        assert again.take(sent, Step.TRY_NOW, "now", room.by, Which(DeliveryState.DEFERRED)) == 2


def test_an_address_that_was_refused_is_not_tried_again():
    room = peopled()
    sent = gone(room, (DeliveryState.FAILED, {"note": Fault.ADDRESS.value}))
    assert offered(sent)[0] == 0
    with pytest.raises(NothingToRepeat, match="no such copy"):
        take(sent, Step.TRY_NOW, room)


def test_an_uncertain_copy_is_sent_again_with_its_own_message_id_and_says_by_whom():
    room = peopled()
    sent = gone(room, (DeliveryState.UNCERTAIN, {"note": Fault.LOST_ANSWER.value}))
    row = copies(sent)[0]
    before = filling.message_id(row)
    assert take(sent, Step.SEND_AGAIN, room, [row.id]) == 1
    db.session.expire_all()
    assert [one.state.value for one in copies(sent)] == ["queued", "uncertain", "uncertain"]
    assert filling.message_id(copies(sent)[0]) == before
    said = again.said([row.id])[row.id]
    assert (said.step, said.name, said.reason) == (Step.SEND_AGAIN, room.by.person.name, "She asked")


def test_of_two_clicks_one_wins():
    room = peopled()
    sent = gone(room, DeliveryState.UNCERTAIN)
    assert take(sent, Step.SEND_AGAIN, room) == 3
    with pytest.raises(NothingToRepeat):
        take(sent, Step.SEND_AGAIN, room)


def test_a_stopped_announcement_stays_stopped():
    room = peopled()
    sent = gone(room, DeliveryState.DEFERRED)
    with transaction():
        copies(sent)[0].state = DeliveryState.UNCERTAIN
        dispatch.stop(sent, room.by)
    assert offered(sent) == [0, 0]
    for step in (Step.SEND_AGAIN, Step.TRY_NOW):
        with pytest.raises(Stopped):
            take(sent, step, room)
    assert take(sent, Step.NOT_ARRIVED, room) == 1
    assert sent.state is AnnouncementState.STOPPED


def test_who_left_is_suppressed_or_paused_is_not_offered():
    room = peopled()
    sent = gone(room, DeliveryState.UNCERTAIN)
    ada, ben, chi = (db.session.get_one(Person, row.person_id) for row in copies(sent))
    with transaction():
        ada.left_at = clock.now()
        db.session.add(Suppression(address_fingerprint=mark(ben.address), reason="bounced", since=clock.now()))
        place = db.session.query(Subscription).filter_by(person_id=chi.id).one()
        place.paused_from = clock.now() - timedelta(minutes=1)
    assert offered(sent)[1] == 0
    assert again.open_rows(sent, Step.SEND_AGAIN) == set()
    with pytest.raises(NothingToRepeat):
        take(sent, Step.SEND_AGAIN, room)


def test_who_has_another_address_now_is_not_written_to_at_the_old_one():
    room = peopled()
    sent = gone(room, DeliveryState.UNCERTAIN)
    with transaction():
        ada = db.session.get_one(Person, copies(sent)[0].person_id)
        ada.address = ada.address_key = "new@mail.example"
    assert take(sent, Step.SEND_AGAIN, room) == 2


def test_taking_it_back_leaves_every_row_as_it_stood():
    room = peopled()
    sent = gone(room, (DeliveryState.UNCERTAIN, {"note": Fault.WORKER_DIED.value}))
    columns = [one for one in Delivery.__table__.columns if one.name not in ("lease_by", "lease_until")]
    before = db.session.execute(db.select(*columns)).all()
    take(sent, Step.SEND_AGAIN, room)
    [(pending, name)] = again.pending(sent)
    assert (pending.copies, name) == (3, room.by.person.name)
    with transaction():
        assert again.undo(sent, pending.entry_id, room.by) == 3
    assert db.session.execute(db.select(*columns)).all() == before
    assert again.pending(sent) == []
    assert again.said([row.id for row in copies(sent)]) == {}


def test_what_is_in_flight_is_not_taken_back():
    room = peopled()
    sent = gone(room, DeliveryState.UNCERTAIN)
    take(sent, Step.SEND_AGAIN, room)
    [(pending, _name)] = again.pending(sent)
    with transaction():
        for row, state in zip(copies(sent), (DeliveryState.IN_FLIGHT, DeliveryState.ACCEPTED), strict=False):
            row.state, row.settled_at = state, clock.now()
    with transaction():
        assert again.undo(sent, pending.entry_id, room.by) == 1
    with pytest.raises(TooLateToTakeBack), transaction():
        again.undo(sent, pending.entry_id, room.by)


def test_a_claimed_copy_is_left_to_its_worker():
    room = peopled()
    sent = gone(room, DeliveryState.DEFERRED)
    with transaction():
        copies(sent)[0].lease_until = clock.now() + timedelta(minutes=1)
    assert take(sent, Step.TRY_NOW, room) == 2


def test_a_copy_whose_worker_may_have_died_is_left_to_whoever_finds_out():
    room = peopled()
    sent = gone(room, DeliveryState.DEFERRED)
    with transaction():
        copies(sent)[0].lease_until = clock.now() - timedelta(minutes=1)
    assert take(sent, Step.TRY_NOW, room) == 2
    [(pending, _name)] = again.pending(sent)
    with transaction():
        copies(sent)[1].lease_until = clock.now() - timedelta(minutes=1)
    with transaction():
        assert again.undo(sent, pending.entry_id, room.by) == 1


def test_a_paused_announcement_goes_on_once_for_a_reason():
    room = peopled()
    sent = gone(room, DeliveryState.QUEUED)
    with transaction():
        paused(sent, "refused")
    assert again.paused(sent, room.by).why is Pause.REFUSED
    with pytest.raises(Invalid):
        again.go_on(sent, " ", room.by)
    with pytest.raises(NotAllowed):
        again.go_on(sent, "x", Room().by)
    with transaction():
        again.go_on(sent, "The addresses are mended", room.by)
    assert again.paused(sent, room.by) is None
    assert make.rows(AuditEntry)[-1].reason == "The addresses are mended"
    with pytest.raises(again.NotPaused):
        again.go_on(sent, "x", room.by)


def test_a_pause_for_a_reason_that_is_not_known_shows_its_words():
    room = peopled()
    sent = gone(room, DeliveryState.QUEUED)
    with transaction():
        paused(sent, "something else happened")
    found = again.paused(sent, room.by)
    assert (found.why, found.words) == (Pause.ASKED, "something else happened")


def test_a_person_who_was_asked_settles_an_uncertain_copy_either_way():
    room = peopled()
    sent = gone(room, DeliveryState.UNCERTAIN)
    first, second, _third = (row.id for row in copies(sent))
    take(sent, Step.ARRIVED, room, [first])
    take(sent, Step.NOT_ARRIVED, room, [second])
    db.session.expire_all()
    assert [row.state.value for row in copies(sent)] == ["accepted", "failed", "uncertain"]
    assert offered(sent) == [1, 1]
    assert take(sent, Step.TRY_NOW, room) == 1


def test_nobody_steps_in_without_a_reason_or_without_keeping_the_group():
    room, other = peopled(), Room()
    sent = gone(room, DeliveryState.UNCERTAIN)
    with pytest.raises(Invalid, match="why"):
        again.take(sent, Step.SEND_AGAIN, "  ", room.by)
    for stranger in (other.by, visibility.viewer(make.person())):
        with pytest.raises(NotAllowed):
            again.take(sent, Step.SEND_AGAIN, "x", stranger)
        with pytest.raises(NotAllowed):
            again.undo(sent, 1, stranger)


def test_a_request_of_another_announcement_is_not_taken_back_here():
    room = peopled()
    sent, other = gone(room, DeliveryState.UNCERTAIN), gone(room, DeliveryState.UNCERTAIN)
    take(sent, Step.SEND_AGAIN, room)
    [(pending, _name)] = again.pending(sent)
    with pytest.raises(TooLateToTakeBack), transaction():
        again.undo(other, pending.entry_id, room.by)
