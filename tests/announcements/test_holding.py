from datetime import timedelta

import pytest
from sqlalchemy import select

from caucusmail import clock
from caucusmail.announcements import dispatch, holding, queries
from caucusmail.announcements.choice import Audience
from caucusmail.announcements.composition import Text
from caucusmail.announcements.dispatch import TooLate
from caucusmail.announcements.holding import NotReady, Overtaken
from caucusmail.announcements.models import AnnouncementState, AudienceGap
from caucusmail.database import db, transaction
from caucusmail.delivery.models import Delivery, DeliveryState, Lane, OutgoingMessage, OutgoingText
from caucusmail.errors import Conflict
from caucusmail.groups import membership, pauses
from caucusmail.groups.models import Subscription
from tests import make
from tests.announcements.rooms import confirmed, copies, peopled, ready


@pytest.fixture
def room():
    return peopled()


def test_undo_leaves_no_trace_and_confirming_again_works(room):
    sent = confirmed(room, ready(room))
    with transaction():
        dispatch.undo(sent, room.by)
    assert (sent.state, sent.release_at, sent.message_id, sent.counts) == (AnnouncementState.DRAFT, None, None, {})
    assert [one.kind for one in make.rows(OutgoingMessage)] == ["announcement-test"]
    assert make.rows(AudienceGap) == []
    assert len(make.rows(Delivery)) == 1
    confirmed(room, sent)
    assert len(copies(sent)) == 3


@pytest.mark.parametrize(
    "taken", [{"state": DeliveryState.ACCEPTED}, {"state": DeliveryState.IN_FLIGHT}, {"attempts": 1}]
)
def test_undo_comes_too_late_once_a_worker_has_begun_one_copy(room, taken):
    sent = confirmed(room, ready(room))
    with transaction():
        first = copies(sent)[0]
        for name, value in ({"settled_at": clock.now()} | taken).items():
            setattr(first, name, value)
    for act in (dispatch.undo, dispatch.reschedule):
        with pytest.raises(TooLate, match="have left"), transaction():
            act(sent, room.by)
    assert len(copies(sent)) == 3


def pauses_everything(who, _caucus, by):
    pauses.pause(who, None, None, None, by=by)


@pytest.mark.parametrize("goes", [membership.leave_caucus, pauses_everything])
def test_somebody_who_goes_while_it_is_held_makes_it_neither_late_for_undo_nor_for_another_time(room, goes):
    at = clock.now() + timedelta(days=7)
    sent = confirmed(room, ready(room), at=at)
    who = db.session.get_one(make.Person, copies(sent)[0].person_id)
    with transaction():
        goes(who, room.caucus, by=who)
    assert copies(sent)[0].state is DeliveryState.WITHDRAWN
    with transaction():
        dispatch.reschedule(sent, room.by, at + timedelta(days=1))
    assert [one.name for one in copies(sent)] == ["Ben", "Chi"]
    with transaction():
        goes(db.session.get_one(make.Person, copies(sent)[0].person_id), room.caucus, by=who)
    with transaction():
        dispatch.undo(sent, room.by)
    assert [one.lane for one in make.rows(Delivery) if one.lane is Lane.ANNOUNCE] == []


def test_the_audience_is_frozen_as_of_the_time_it_leaves(room):
    back = clock.now() + timedelta(days=3)
    person = make.member(room.caucus, make.person("Dee"), room.group)
    with transaction():
        place = db.session.scalars(select(Subscription).where(Subscription.person_id == person.id)).one()
        place.paused_from, place.paused_until = clock.now(), back
    sent = confirmed(room, ready(room), at=back + timedelta(days=1))
    assert "Dee" in [one.name for one in copies(sent)]
    with transaction():
        dispatch.reschedule(sent, room.by, back - timedelta(days=1))
    assert "Dee" not in [one.name for one in copies(sent)]
    assert [one.until for one in make.rows(AudienceGap)] == [back]


def test_one_edition_is_compiled_for_each_that_somebody_reads(room):
    make.member(room.caucus, make.person(languages=["fr"]), room.group)
    make.member(room.caucus, make.person(languages=["ar", "fr"]), room.group)
    sent = confirmed(room, ready(room, texts={"en": Text("News", "x"), "ar": Text("أخبار", "x")}))
    texts = db.session.scalars(select(OutgoingText).where(OutgoingText.message_id == sent.message_id))
    assert sorted(one.language for one in texts) == ["ar+fr", "en", "en+fr"]


def test_an_urgent_one_stands_in_the_urgent_lane(room):
    sent = confirmed(room, ready(room, urgent=True))
    assert {one.lane for one in copies(sent)} == {Lane.URGENT}


def test_an_announcement_without_copies_says_so(room):
    with pytest.raises(Conflict, match="has no copies"):
        queries.message_of(room.drafted())
    sent = confirmed(room, ready(room))
    assert queries.message_of(sent).id == sent.message_id


def test_who_takes_back_what_somebody_else_has_just_taken_back_is_told_how_it_stands(room):
    sent = confirmed(room, ready(room))
    with transaction():
        dispatch.undo(sent, room.by)
    with pytest.raises(Overtaken, match="just taken back"):
        holding.unheld(sent, state=AnnouncementState.DRAFT)
    with transaction():
        sent.state, sent.release_at = AnnouncementState.SENDING, clock.now()
    with pytest.raises(TooLate):
        holding.unheld(sent, state=AnnouncementState.DRAFT)


def test_an_audience_that_was_emptied_meanwhile_is_not_held(room):
    sent = room.drafted(audience=Audience(caucus_ids=(room.caucus.id,), languages=("ar",)))
    with pytest.raises(NotReady, match="everybody in the chosen groups is left out"), transaction():
        holding.hold(sent, clock.now())
    assert make.rows(OutgoingMessage) == []


def test_nothing_leaves_of_what_is_held_though_it_is_due(room):
    sent = confirmed(room, ready(room))
    assert queries.message_of(sent).released_at is None
