from datetime import timedelta

import pytest

from caucusmail import clock, database
from caucusmail.database import db, transaction
from caucusmail.delivery import claims, ledger, outgoing
from caucusmail.delivery.ledger import To
from caucusmail.delivery.models import Delivery, DeliveryState, Lane, OutgoingMessage
from caucusmail.delivery.retry import Fault
from tests import make
from tests.delivery.due import LETTER, long_missed, owe, states


def test_letters_that_somebody_waits_for_go_before_announcements(sink):
    owe("slow@mail.example", lane=Lane.BULK)
    owe("later@mail.example", lane=Lane.ANNOUNCE)
    owe("room@mail.example", lane=Lane.URGENT)
    owe("waiting@mail.example")
    outgoing.turn("w")
    order = [one.recipients[0].partition("@")[0] for one in sink.caught]
    assert order == ["waiting", "room", "later", "slow"]


def test_what_a_dead_worker_had_not_begun_is_due_again_and_what_it_had_begun_is_uncertain(sink):
    rows = owe("ada@mail.example", "bea@mail.example", "cy@mail.example")
    now = clock.now()
    with transaction():
        for row, state in zip(
            rows, [DeliveryState.IN_FLIGHT, DeliveryState.QUEUED, DeliveryState.DEFERRED], strict=True
        ):
            row.state, row.lease_until, row.lease_by = state, now, f"dead/{claims.since_start()}"
    long_missed()
    assert outgoing.recover() == 3
    db.session.expire_all()
    assert states() == [DeliveryState.UNCERTAIN, DeliveryState.QUEUED, DeliveryState.DEFERRED]
    assert make.rows(Delivery)[0].note == Fault.WORKER_DIED
    outgoing.turn("w")
    assert sorted(one.recipients[0] for one in sink.caught) == ["bea@mail.example", "cy@mail.example"]


def test_after_a_power_cut_all_that_was_leased_is_uncertain_and_named(sink):
    first, second, third = owe("ada@mail.example", "bea@mail.example", "cy@mail.example")
    now = clock.now()
    with transaction():
        first.lease_until, first.lease_by = now, "w/1/before-the-cut"
        second.state, second.lease_until, second.lease_by = DeliveryState.IN_FLIGHT, now, "w/1/before-the-cut"
    long_missed()
    assert outgoing.recover() == 2
    db.session.expire_all()
    assert states() == [DeliveryState.UNCERTAIN, DeliveryState.UNCERTAIN, DeliveryState.QUEUED]
    assert [row.note for row in (first, second, third)] == [Fault.POWER_CUT, Fault.WORKER_DIED, ""]
    outgoing.turn("w")
    assert [one.recipients[0] for one in sink.caught] == ["cy@mail.example"]


def test_a_turn_that_comes_before_the_sweep_sends_nothing_of_what_was_leased_before_a_power_cut(sink):
    [row] = owe("ada@mail.example")
    with transaction():
        row.lease_until, row.lease_by = clock.now(), "w/1/before-the-cut"
    long_missed()
    assert outgoing.turn("w") == 0
    outgoing.recover()
    outgoing.turn("w")
    assert states() == [DeliveryState.UNCERTAIN]
    assert sink.caught == []


def test_a_live_lease_is_left_alone(sink):
    [row] = owe("ada@mail.example")
    with transaction():
        row.lease_until, row.lease_by = clock.now() + timedelta(minutes=1), "other"
    assert outgoing.turn("w") == 0
    assert outgoing.recover() == 0
    assert sink.caught == []


def test_nothing_is_sent_before_its_time(sink):
    with transaction():
        ledger.enqueue(LETTER, To("ada@mail.example"), due_at=clock.now() + timedelta(minutes=2))
    assert outgoing.turn("w") == 0


@pytest.mark.parametrize("lane", Lane)
def test_what_is_owed_and_what_the_sweep_finds_wakes_the_queue_of_its_lane(app, lane):
    woken, before = [], list(database._on_wake)
    database.on_wake(woken.append)
    try:
        owe("ada@mail.example", lane=lane)
        outgoing.recover()
    finally:
        database._on_wake[:] = before
    assert woken == [ledger.DELIVER[lane]] * 2


def test_a_held_message_is_not_claimed_and_holds_nobody_up(rough):
    rows = owe("a@mail.example", "b@mail.example", "c@mail.example")
    with transaction():
        for row in rows[:2]:
            db.session.get_one(OutgoingMessage, row.message_id).released_at = None
    assert outgoing.turn("w", limit=1) == 1
    assert outgoing.turn("w", limit=1) == 0
    assert states() == [DeliveryState.QUEUED, DeliveryState.QUEUED, DeliveryState.ACCEPTED]
    assert len(rough.whole) == 1
    with transaction():
        ledger.release(db.session.get_one(OutgoingMessage, rows[0].message_id))
    assert outgoing.turn("w", limit=2) == 1
    assert states() == [DeliveryState.ACCEPTED, DeliveryState.QUEUED, DeliveryState.ACCEPTED]


class Wall:
    """The clock on the wall, which may be set; the test decides how much time passes."""

    def __init__(self) -> None:
        self.shows = clock.now()

    def passes(self, seconds: float) -> None:
        self.shows += timedelta(seconds=seconds)


@pytest.fixture
def wall(monkeypatch) -> Wall:
    wall = Wall()
    monkeypatch.setattr(clock, "now", lambda: wall.shows)
    return wall


HOUR = 3600


def leased(holder: str = "w") -> list[Delivery]:
    """Two rows of a worker, the first in flight."""
    rows = owe("ada@mail.example", "bea@mail.example")
    with database.reading():
        holder = f"{holder}/{claims.since_start()}"
    found = claims.claim(holder, Lane.BULK, 10)
    with transaction():
        db.session.get_one(Delivery, found[0].id).state = DeliveryState.IN_FLIGHT
    return rows


def looked(wall: Wall, seconds: float, holder: str = "") -> int:
    """What a sweep every ten seconds recovers within so many; ``holder`` is alive, and renews as a turn does."""
    found = 0
    for second in range(int(seconds)):
        if second % 10 == 0:
            found += outgoing.recover()
        if holder and second % claims.RENEW.total_seconds() == 3:
            with database.reading():
                whole = f"{holder}/{claims.since_start()}"
            claims.renew(whole)
        wall.passes(1)
    db.session.expire_all()
    return found


def test_rows_of_a_dead_worker_are_recovered_within_a_minute(wall):
    leased()
    assert looked(wall, 25) == 0
    assert looked(wall, 31) == 2
    assert states() == [DeliveryState.UNCERTAIN, DeliveryState.QUEUED]


def test_a_worker_that_renews_keeps_its_rows(wall):
    leased()
    assert looked(wall, 300, "w") == 0
    assert states() == [DeliveryState.IN_FLIGHT, DeliveryState.QUEUED]


@pytest.mark.parametrize("jump", [HOUR, -HOUR, 40 * 365 * 24 * HOUR, -40 * 365 * 24 * HOUR, 40, -40])
def test_a_clock_that_jumps_takes_nothing_from_a_worker_that_is_alive(wall, jump):
    leased()
    assert looked(wall, 15, "w") == 0
    wall.passes(jump)
    assert looked(wall, 120, "w") == 0
    assert states() == [DeliveryState.IN_FLIGHT, DeliveryState.QUEUED]


@pytest.mark.parametrize("jump", [HOUR, -HOUR, 40 * 365 * 24 * HOUR, -40 * 365 * 24 * HOUR, 40, -40])
def test_a_clock_that_jumps_hides_no_dead_worker_for_more_than_a_minute(wall, jump):
    leased()
    assert looked(wall, 5) == 0
    wall.passes(jump)
    assert looked(wall, 60) == 2
    assert states() == [DeliveryState.UNCERTAIN, DeliveryState.QUEUED]


@pytest.mark.parametrize("apart", [HOUR, -HOUR])
def test_two_machines_whose_clocks_do_not_agree_take_no_row_from_each_other(wall, apart):
    leased()
    for _ in range(30):
        wall.passes(apart)
        assert outgoing.recover() == 0
        wall.passes(3 - apart)
        outgoing.recover()
        with database.reading():
            holder = f"w/{claims.since_start()}"
        claims.renew(holder)
        wall.passes(7)
    assert states() == [DeliveryState.IN_FLIGHT, DeliveryState.QUEUED]


def test_a_dead_worker_of_another_clock_is_found_out(wall):
    leased()
    wall.passes(-HOUR)
    assert looked(wall, 60) == 2


def test_more_domains_may_be_at_their_limit_than_a_statement_takes_parameters(app):
    owe("ada@full69999.example", lane=Lane.BULK)
    full = [f"full{number}.example" for number in range(70_000)]
    assert not claims.anything_due(Lane.BULK, full)
    owe("bea@mail.example", lane=Lane.BULK)
    assert claims.anything_due(Lane.BULK, full)
