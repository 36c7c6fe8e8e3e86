import pytest

from caucusmail import clock
from caucusmail.announcements import dispatch, leaving, queries
from caucusmail.announcements.models import AnnouncementState
from caucusmail.database import db, transaction
from caucusmail.directory import visibility
from tests import make
from tests.announcements.rooms import (
    Room,
    confirmed,
    peopled,
    ready,
    released,
)


@pytest.fixture
def room():
    return peopled()


def test_what_was_stopped_before_its_time_is_published_nowhere(room):
    sent = confirmed(room, ready(room, public=True))
    with transaction():
        dispatch.stop(sent, room.by)
    assert queries.shelf(room.caucus.id, visibility.STRANGER).announcements == []
    assert queries.by_reference(sent.reference, visibility.STRANGER) is None
    assert queries.last_year() == {}


def test_what_was_stopped_on_its_way_stays_published(room):
    sent = confirmed(room, ready(room, public=True))
    released(sent)
    with transaction():
        leaving.send_due()
    with transaction():
        dispatch.stop(sent, room.by)
    db.session.expire_all()
    assert queries.shelf(room.caucus.id, visibility.STRANGER).announcements == [sent]
    assert queries.by_reference(sent.reference, visibility.STRANGER) is sent
    assert queries.last_year() == {room.caucus.id: 1}


def test_lists_show_each_keeper_their_own_and_the_secretariat_all(room):
    other = Room()
    mine, theirs = room.drafted(), other.drafted()
    assert [one.id for one in queries.drafts(room.by)] == [mine.id]
    assert {one.id for one in queries.drafts(visibility.viewer(make.secretary()))} >= {mine.id, theirs.id}
    assert queries.announcement(theirs.id, room.by) is None
    assert queries.announcement(mine.id, room.by) is mine
    assert queries.subjects([mine, theirs]) == {mine.id: {"en": "News"}, theirs.id: {"en": "News"}}


def test_the_web_copy_opens_for_those_who_were_written_to_and_when_public_for_all(room):
    kept = room.drafted()
    member = visibility.viewer(make.member(room.caucus, group=room.group))
    for by in (room.by, member, visibility.STRANGER):
        assert queries.by_reference(kept.reference, by) is None
    with transaction():
        kept.state, kept.release_at, kept.begun_at = AnnouncementState.SENT, clock.now(), clock.now()
    assert queries.by_reference(kept.reference, member) is kept
    assert queries.by_reference(kept.reference, room.by) is kept
    assert queries.by_reference(kept.reference, visibility.STRANGER) is None
    assert queries.by_reference("wrong", member) is None
    with transaction():
        kept.public = True
    assert queries.by_reference(kept.reference, visibility.STRANGER) is kept
    assert queries.last_year([room.caucus.id]) == {room.caucus.id: 1}


def test_a_caucuss_shelf_holds_exactly_what_the_looker_may_open(room):
    one, public = room.drafted(), room.drafted()
    lookers = [room.by, visibility.viewer(make.secretary()), visibility.viewer(make.member(room.caucus))]
    strangers = [visibility.STRANGER, visibility.viewer(make.person())]
    assert all(queries.shelf(room.caucus.id, by).announcements == [] for by in (*lookers, *strangers))
    with transaction():
        public.public = True
        for kept in (one, public):
            kept.state, kept.release_at, kept.begun_at = AnnouncementState.SENT, clock.now(), clock.now()
    for by in (*lookers, *strangers):
        shown = queries.shelf(room.caucus.id, by).announcements
        assert [kept for kept in (public, one) if queries.by_reference(kept.reference, by)] == shown
        assert shown == ([public, one] if by in lookers else [public])


def test_a_long_shelf_comes_in_pages(room, monkeypatch):
    monkeypatch.setattr(queries, "A_PAGE", 2)
    kept = [room.drafted() for _ in range(3)]
    with transaction():
        for one in kept:
            one.state, one.release_at, one.begun_at = AnnouncementState.SENT, clock.now(), clock.now()
    first, second = (queries.shelf(room.caucus.id, room.by, number) for number in (1, 2))
    assert [first.more, second.more] == [True, False]
    assert [*first.announcements, *second.announcements] == kept[::-1]
