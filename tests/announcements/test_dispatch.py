from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from sqlalchemy import event, select

from caucusmail import clock, zones
from caucusmail.announcements import audience, composition, dispatch, leaving, queries, timing
from caucusmail.announcements.choice import Audience
from caucusmail.announcements.composition import NotADraft, OlderRevision, Text
from caucusmail.announcements.dispatch import NotConfirmed, NoTest, NotReady
from caucusmail.announcements.models import AnnouncementState, AudienceGap, LeftOut
from caucusmail.database import db, transaction
from caucusmail.delivery.models import Delivery, DeliveryState, Lane, OutgoingMessage
from caucusmail.directory import visibility
from caucusmail.directory.models import Status
from caucusmail.errors import Conflict, NotAllowed
from caucusmail.groups.models import Subscription
from tests import make
from tests.announcements.rooms import (
    Room,
    confirmed,
    copies,
    meeting,
    peopled,
    ready,
    released,
)


@pytest.fixture
def room():
    return peopled()


def test_confirming_freezes_everybody_once_and_holds_for_two_minutes(room):
    paused = make.member(room.caucus, make.person("Dee"), room.group)
    with transaction():
        db.session.scalars(
            select(Subscription).where(Subscription.person_id == paused.id)
        ).one().paused_from = clock.now()
    sent = confirmed(room, ready(room))
    assert (sent.state, sent.confirmed_by_id) == (AnnouncementState.CONFIRMED, room.by.id)
    assert [one.name for one in copies(sent)] == ["Ada", "Ben", "Chi"]
    assert {(one.state, one.lane, one.language, one.why) for one in copies(sent)} == {
        (DeliveryState.QUEUED, Lane.ANNOUNCE, "en", f"g{room.group.id}")
    }
    assert {one.due_at for one in copies(sent)} == {sent.release_at}
    assert 110 <= dispatch.undo_left_s(sent) <= 120
    assert [(one.person_id, one.reason) for one in make.rows(AudienceGap)] == [(paused.id, LeftOut.PAUSED)]
    assert sent.audience_digest == audience.digest(sorted(one.address_key for one in copies(sent)))
    assert (audience.estimate(sent).total, audience.estimate(sent).left_out) == (3, {LeftOut.PAUSED: 1})


@pytest.mark.parametrize("typed", ["", "vrwgg", "fenicc", "send", "%"])
def test_the_short_name_must_be_typed(room, typed):
    sent = ready(room)
    with pytest.raises(NotConfirmed, match="To be sure whom you write to, type: ") as refused:
        dispatch.confirm(sent, typed, 1, room.by)
    assert refused.value.field == "typed"


def test_the_short_name_is_known_in_any_case_and_in_brackets(room):
    sent = ready(room)
    with transaction():
        dispatch.confirm(sent, f" [{room.caucus.tag.lower()}] ", 1, room.by)
    assert sent.state is AnnouncementState.CONFIRMED


def test_without_a_test_of_this_version_nothing_is_confirmed(room):
    sent = ready(room)
    with transaction():
        composition.revise(sent, room.draft(texts={"en": Text("Changed", "x")}), 1, room.by)
    with pytest.raises(NoTest):
        dispatch.confirm(sent, room.caucus.slug, 2, room.by)


def test_what_was_changed_in_another_tab_is_not_confirmed(room):
    sent = ready(room)
    with pytest.raises(OlderRevision):
        dispatch.confirm(sent, room.caucus.slug, 7, room.by)


def test_a_second_click_confirms_nothing_more(room):
    sent = confirmed(room, ready(room))
    before = [one.id for one in copies(sent)]
    with pytest.raises(NotADraft):
        dispatch.confirm(sent, room.caucus.slug, 1, room.by)
    assert [one.id for one in copies(sent)] == before


def test_what_blocks_and_an_empty_audience_stop_the_confirmation(room):
    past = meeting(starts=datetime(2026, 1, 5, 8, 15), ends=datetime(2026, 1, 5, 9, 15))
    with pytest.raises(NotReady, match="in the past"):
        confirmed(room, ready(room, meeting=past))
    empty = Room()
    with pytest.raises(NotReady, match="Nobody would get this"):
        confirmed(empty, ready(empty))
    assert [one for one in make.rows(OutgoingMessage) if one.kind == "announcement"] == []


def test_a_caucus_that_fell_silent_meanwhile_sends_nothing(room):
    sent = ready(room)
    with transaction():
        room.caucus.status = Status.ARCHIVED
    with pytest.raises(composition.CannotSend, match="archived"):
        dispatch.confirm(sent, room.caucus.slug, 1, room.by)


def test_who_may_not_write_to_its_audience_has_it_neither_sent_nor_moved(room):
    staff = visibility.viewer(make.secretary())
    with transaction():
        whole = composition.draft(room.draft(audience=Audience(everybody=True)), staff)
    with transaction():
        dispatch.send_test(whole, room.by)
    with pytest.raises(NotAllowed, match="whole membership"):
        dispatch.confirm(whole, "ALL 3", 1, room.by)
    with transaction():
        dispatch.confirm(whole, "ALL 3", 1, staff, at=clock.now() + timedelta(days=1))
    with pytest.raises(NotAllowed, match="whole membership"):
        dispatch.reschedule(whole, room.by)


def test_who_has_given_up_one_of_its_groups_has_it_not_sent(room):
    other = Room()
    both = replace(room.by, keeps=room.by.keeps | other.by.keeps)
    with transaction():
        sent = composition.draft(room.draft(audience=Audience(caucus_ids=(room.caucus.id, other.caucus.id))), both)
    with transaction():
        dispatch.send_test(sent, both)
    with pytest.raises(NotAllowed, match="groups that you keep"):
        dispatch.confirm(sent, "ALL 3", 1, room.by)


def test_strangers_and_members_neither_test_nor_confirm_nor_undo_nor_stop(room):
    sent = ready(room)
    other = Room().by
    member = visibility.viewer(make.member(room.caucus, group=room.group))
    for by in (other, member, visibility.STRANGER):
        for act in (
            lambda by: dispatch.send_test(sent, by),
            lambda by: dispatch.confirm(sent, room.caucus.slug, 1, by),
            lambda by: dispatch.undo(sent, by),
            lambda by: dispatch.reschedule(sent, by),
            lambda by: dispatch.stop(sent, by),
        ):
            with pytest.raises(NotAllowed):
                act(by)


def test_a_scheduled_one_waits_for_its_time_and_can_be_moved_or_taken_off(room):
    later = timing.at(datetime(2027, 11, 15, 9, 0), zones.THE_HAGUE)
    now = clock.now()
    at = later if later < now + timedelta(days=300) else now + timedelta(days=9)
    sent = confirmed(room, ready(room), at=at)
    assert (sent.release_at, {one.due_at for one in copies(sent)}) == (at, {at})
    assert [one.id for one in queries.scheduled(room.by)] == [sent.id]
    with transaction():
        dispatch.reschedule(sent, room.by, at + timedelta(days=1))
    assert {one.due_at for one in copies(sent)} == {at + timedelta(days=1)} == {sent.release_at}
    with transaction():
        dispatch.reschedule(sent, room.by)
    assert dispatch.undo_left_s(sent) <= 120
    with transaction():
        dispatch.undo(sent, room.by)
    assert sent.scheduled_for is None


def test_stopping_withdraws_what_has_not_begun(room):
    sent = confirmed(room, ready(room))
    released(sent)
    with transaction():
        leaving.send_due()
    with transaction():
        first = copies(sent)[0]
        first.state, first.settled_at = DeliveryState.ACCEPTED, clock.now()
    with transaction():
        assert dispatch.stop(sent, room.by) == 2
    db.session.expire_all()
    assert [one.state for one in copies(sent)] == [
        DeliveryState.ACCEPTED,
        DeliveryState.WITHDRAWN,
        DeliveryState.WITHDRAWN,
    ]
    assert sent.state is AnnouncementState.STOPPED
    with pytest.raises(Conflict, match="nothing to stop"):
        dispatch.stop(sent, room.by)


def test_a_test_letter_goes_to_its_author_alone_in_every_version(room):
    sent = room.drafted(texts={"en": Text("News"), "fr": Text("Nouvelles")})
    with transaction():
        assert dispatch.send_test(sent, room.by) == 2
    assert {(one.person_id, one.language, one.why, one.lane) for one in make.rows(Delivery)} == {
        (room.by.id, "en", "t", Lane.TRANSACTIONAL),
        (room.by.id, "fr", "t", Lane.TRANSACTIONAL),
    }
    assert sent.tested_at is not None
    with pytest.raises(NotReady, match="no text yet"):
        dispatch.send_test(room.drafted(texts={}), room.by)


def test_who_joined_after_freezing_is_not_on_the_list_and_who_left_before_is_not_either(room):
    sent = confirmed(room, ready(room))
    make.member(room.caucus, make.person("Late"), room.group)
    assert audience.people(sent, room.by).total == 3
    assert "Late" not in [one.name for one in copies(sent)]


def test_confirming_takes_as_many_statements_for_ten_times_the_people():
    def count(people: int) -> int:
        room = Room()
        for _ in range(people):
            make.member(room.caucus, None, room.group)
        sent = ready(room)
        statements = []
        note = lambda *args: statements.append(args[2])  # noqa: E731 - removed below by name
        bind = db.session.get_bind()
        event.listen(bind, "before_cursor_execute", note)
        confirmed(room, sent)
        event.remove(bind, "before_cursor_execute", note)
        return len(statements)

    assert count(4) == count(40)
