"""Real commits, real threads: what two people (or one person with two fingers) do at the same moment."""

import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from sqlalchemy import func, select, text

from caucusmail import clock
from caucusmail.announcements import again, composition, dispatch, leaving
from caucusmail.announcements.models import Announcement, AnnouncementState
from caucusmail.app import House
from caucusmail.database import db, transaction
from caucusmail.delivery.models import Delivery, DeliveryState, Intervention, Lane, OutgoingMessage, Step
from caucusmail.directory import visibility
from caucusmail.errors import DomainError
from caucusmail.groups import membership
from caucusmail.groups.models import Subscription
from tests import another, make, services, settings_for
from tests.announcements.rooms import Room

pytestmark = pytest.mark.journey
PEOPLE = 30


@pytest.fixture(params=["sqlite", "postgresql"])
def house(request, tmp_path) -> Iterator[House]:
    with services.fresh(request.param, "races") as url, another.house(settings_for.testing(url, tmp_path)) as house:
        yield house


def a_tested_draft(house: House) -> tuple[int, int, str]:
    """A tested draft: its id, its coordinator's id, the short name to type."""
    with house.app_context():
        room = Room()
        for _ in range(PEOPLE):
            make.member(room.caucus, None, room.group)
        sent = room.drafted()
        with transaction():
            dispatch.send_test(sent, room.by)
        return sent.id, room.by.id, room.caucus.slug


def at_once(house: House, announcement_id: int, person_id: int, count: int, act: Callable) -> list[str]:
    """What each of ``count`` threads was told: "" for success."""
    start = threading.Barrier(count)

    def one(_number: int) -> str:
        with house.app_context():
            start.wait()
            try:
                with transaction():
                    person = db.session.get(make.Person, person_id)
                    act(db.session.get(Announcement, announcement_id), visibility.viewer(person))
                return ""
            except DomainError as refused:
                return type(refused).__name__
            finally:
                db.session.remove()

    with ThreadPoolExecutor(count) as pool:
        return list(pool.map(one, range(count)))


def state(house: House, announcement_id: int) -> tuple[AnnouncementState, int, int]:
    """State, rows of its message, messages of announcements in all."""
    with house.app_context():
        sent = db.session.get(Announcement, announcement_id)
        rows = db.session.scalar(select(func.count()).where(Delivery.message_id == sent.message_id))
        messages = db.session.scalar(select(func.count()).where(OutgoingMessage.kind == "announcement"))
        found = (sent.state, rows, messages)
        db.session.remove()
        return found


def test_of_twenty_confirmations_at_once_one_counts(house):
    announcement_id, person_id, slug = a_tested_draft(house)
    told = at_once(house, announcement_id, person_id, 20, lambda sent, by: dispatch.confirm(sent, slug, 1, by))
    assert sorted(told) == ["", *["NotADraft"] * 19]
    assert state(house, announcement_id) == (AnnouncementState.CONFIRMED, PEOPLE, 1)


def test_of_ten_undos_at_once_one_counts_and_nothing_is_left(house):
    announcement_id, person_id, slug = a_tested_draft(house)
    at_once(house, announcement_id, person_id, 1, lambda sent, by: dispatch.confirm(sent, slug, 1, by))
    told = at_once(house, announcement_id, person_id, 10, dispatch.undo)
    assert sorted(told) == ["", *["Overtaken"] * 9]
    assert state(house, announcement_id) == (AnnouncementState.DRAFT, 0, 0)


def test_undo_and_another_time_at_once_leave_no_copies_of_nobody(house):
    announcement_id, person_id, slug = a_tested_draft(house)
    at_once(house, announcement_id, person_id, 1, lambda sent, by: dispatch.confirm(sent, slug, 1, by))

    def either(sent: Announcement, by) -> None:
        act = dispatch.undo if threading.current_thread().name.endswith(("_0", "_2")) else dispatch.reschedule
        act(sent, by)

    at_once(house, announcement_id, person_id, 4, either)
    found, rows, messages = state(house, announcement_id)
    assert (found, rows, messages) in ((AnnouncementState.DRAFT, 0, 0), (AnnouncementState.CONFIRMED, PEOPLE, 1))


def test_of_two_tabs_that_save_the_same_revision_one_is_told(house):
    announcement_id, person_id, _slug = a_tested_draft(house)
    told = at_once(
        house,
        announcement_id,
        person_id,
        8,
        lambda sent, by: composition.revise(sent, composition.draft_of(sent), 1, by),
    )
    assert sorted(told) == ["", *["OlderRevision"] * 7]


def test_undo_against_the_first_copy_either_takes_all_back_or_nothing(house):
    announcement_id, person_id, slug = a_tested_draft(house)
    at_once(house, announcement_id, person_id, 1, lambda sent, by: dispatch.confirm(sent, slug, 1, by))

    def either(sent: Announcement, by) -> None:
        if threading.current_thread().name.endswith("_0"):
            row = db.session.scalars(
                select(Delivery)
                .where(Delivery.message_id == sent.message_id)
                .order_by(Delivery.id)
                .limit(1)
                .with_for_update()
            ).first()
            if row is not None:
                row.state, row.attempts, row.begun_at = DeliveryState.IN_FLIGHT, 1, clock.now()
        else:
            dispatch.undo(sent, by)

    told = at_once(house, announcement_id, person_id, 2, either)
    found, rows, _messages = state(house, announcement_id)
    if "TooLate" in told:
        assert (found, rows) == (AnnouncementState.CONFIRMED, PEOPLE)
    else:
        assert (found, rows) == (AnnouncementState.DRAFT, 0)


def uncertain(house: House) -> tuple[int, int]:
    """An announcement that is being sent, of which every copy is uncertain: its id, its coordinator's id."""
    announcement_id, person_id, slug = a_tested_draft(house)
    at_once(house, announcement_id, person_id, 1, lambda sent, by: dispatch.confirm(sent, slug, 1, by))
    with house.app_context(), transaction():
        now = clock.now()
        sent = db.session.get_one(Announcement, announcement_id)
        sent.state, sent.begun_at = AnnouncementState.SENDING, now
        for row in db.session.scalars(select(Delivery).where(Delivery.message_id == sent.message_id)):
            row.state, row.settled_at = DeliveryState.UNCERTAIN, now
    return announcement_id, person_id


def test_of_ten_who_send_again_at_once_one_gets_there_and_each_copy_is_asked_for_once(house):
    announcement_id, person_id = uncertain(house)
    told = at_once(
        house, announcement_id, person_id, 10, lambda sent, by: again.take(sent, Step.SEND_AGAIN, "They asked", by)
    )
    assert sorted(told) == ["", *["NothingToRepeat"] * 9]
    with house.app_context():
        assert len(make.rows(Intervention)) == PEOPLE
        assert {row.state for row in make.rows(Delivery) if row.lane is Lane.ANNOUNCE} == {DeliveryState.QUEUED}
        db.session.remove()


def test_of_ten_who_take_it_back_at_once_one_gets_there(house):
    announcement_id, person_id = uncertain(house)
    at_once(house, announcement_id, person_id, 1, lambda sent, by: again.take(sent, Step.SEND_AGAIN, "Why not", by))
    with house.app_context():
        entry_id = make.rows(Intervention)[0].entry_id
        db.session.remove()
    told = at_once(house, announcement_id, person_id, 10, lambda sent, by: again.undo(sent, entry_id, by))
    assert sorted(told) == ["", *["TooLateToTakeBack"] * 9]


@pytest.mark.parametrize("house", ["postgresql"], indirect=True)
def test_whoever_is_leaving_while_the_audience_freezes_is_not_written_to(house):
    announcement_id, person_id, slug = a_tested_draft(house)
    with house.app_context(), ThreadPoolExecutor(1) as pool:
        with transaction():
            caucus = db.session.get_one(Announcement, announcement_id).caucus
            who = db.session.get_one(make.Person, db.session.scalar(select(func.min(Subscription.person_id))))
            membership.leave_caucus(who, caucus, by=who)
            confirming = pool.submit(
                at_once, house, announcement_id, person_id, 1, lambda sent, by: dispatch.confirm(sent, slug, 1, by)
            )
            while not confirming.done() and not somebody_waits():
                pass
        assert confirming.result() == [""]
        message_id = db.session.scalar(select(Announcement.message_id).where(Announcement.id == announcement_id))
        written_to = db.session.scalars(select(Delivery.person_id).where(Delivery.message_id == message_id)).all()
        gone = who.id
        db.session.remove()
    assert len(written_to) == PEOPLE - 1
    assert gone not in written_to


def somebody_waits() -> bool:
    """Whether a transaction waits for another one to end."""
    with db.engine.connect() as connection:
        waiting = text(
            "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'"
        )
        return bool(connection.scalar(waiting))


def test_two_sweeps_at_once_begin_it_once(house):
    announcement_id, person_id, slug = a_tested_draft(house)
    at_once(house, announcement_id, person_id, 1, lambda sent, by: dispatch.confirm(sent, slug, 1, by))
    with house.app_context(), transaction():
        db.session.get(Announcement, announcement_id).release_at = clock.now() - timedelta(seconds=1)
    counts: list[int] = []
    at_once(house, announcement_id, person_id, 6, lambda _sent, _by: counts.append(leaving.send_due()))
    assert sum(counts) == 1
    assert state(house, announcement_id)[0] is AnnouncementState.SENDING
