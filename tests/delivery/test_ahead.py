from datetime import timedelta

import pytest
from sqlalchemy import select, update

from caucusmail import clock
from caucusmail.database import db, transaction
from caucusmail.delivery import ledger, outgoing, pacing, retry
from caucusmail.delivery.ledger import To
from caucusmail.delivery.models import Delivery, DeliveryState, Lane, MinutePace
from tests import make
from tests.delivery.due import LETTER, owe, states

AHEAD = timedelta(days=40 * 365)


@pytest.fixture
def wall(monkeypatch):
    """Set the clock to so long after the present."""
    real = clock.now

    def set_to(later: timedelta = timedelta(0)) -> None:
        monkeypatch.setattr(clock, "now", lambda: real() + later)

    return set_to


def waits() -> list[timedelta]:
    db.session.expire_all()
    return [row.due_at - clock.now() for row in make.rows(Delivery)]


@pytest.mark.parametrize("tries", [0, 1, 2, 3, 4, 9])
def test_a_retry_waits_no_longer_than_its_schedule_after_the_clock_was_set_back(sink, wall, tries):
    sink.answers["RCPT"] = ["450 later"]
    [row] = owe("ada@mail.example")
    with transaction():
        row.attempts = tries
    wall(AHEAD)
    outgoing.turn("w")
    assert states() == [DeliveryState.DEFERRED]
    wall()
    assert waits()[0] > AHEAD
    outgoing.recover()
    assert timedelta(minutes=30) <= waits()[0] <= retry.longest(tries + 1)


@pytest.mark.parametrize("tries", [1, 2, 3, 4, 9])
def test_a_retry_of_a_right_clock_keeps_its_time(sink, tries):
    sink.answers["RCPT"] = ["450 later"]
    [row] = owe("ada@mail.example")
    with transaction():
        row.attempts = tries - 1
    outgoing.turn("w")
    db.session.expire_all()
    due_at = row.due_at
    outgoing.recover()
    db.session.expire_all()
    assert row.due_at == due_at


def test_a_letter_that_somebody_waits_for_leaves_after_the_clock_was_set_back(sink, wall):
    wall(AHEAD)
    owe("ada@mail.example")
    wall()
    assert outgoing.turn("w") == 0
    outgoing.recover()
    assert outgoing.turn("w") == 1


def test_what_was_scheduled_keeps_its_time(app, wall):
    with transaction():
        ledger.enqueue(LETTER, To("ada@mail.example"), due_at=clock.now() + timedelta(days=3))
        wave = ledger.enqueue(LETTER, To("bea@mail.example"), lane=Lane.BULK, due_at=clock.now() + timedelta(days=3))
    wall(-timedelta(hours=1))
    outgoing.recover()
    db.session.expire_all()
    assert wave.due_at - clock.now() > timedelta(days=3)
    outgoing.recover()
    assert min(waits()) > timedelta(days=2, hours=23)


def test_a_domain_is_left_alone_no_longer_than_it_would_be(app, wall):
    wall(AHEAD)
    pacing.slow_down({"mail.example"})
    wall()
    outgoing.recover()
    [(name, _since, until)] = pacing.patient()
    assert (name, until - clock.now() <= pacing.WAITS[-1]) == ("mail.example", True)


def test_minutes_that_have_not_come_yet_count_for_no_limit(app):
    minute = int(clock.now().timestamp() // 60)
    with transaction():
        db.session.add_all(MinutePace(minute=minute + number, begun=9) for number in (0, 60))
    outgoing.recover()
    assert db.session.scalars(select(MinutePace.minute)).all() == [minute]


def test_a_wait_of_ours_that_a_worker_holds_is_left_to_it(sink, wall):
    wall(AHEAD)
    [row] = owe("ada@mail.example")
    with transaction():
        due_at, row.lease_until, row.lease_by = row.due_at, clock.now(), "w"
    wall()
    outgoing.recover()
    db.session.expire_all()
    assert row.due_at == due_at


def test_a_clock_that_jumps_on_by_days_gives_nobody_up(sink, wall):
    sink.answers["RCPT"] = ["450 later"] * 3
    owe("ada@mail.example")
    outgoing.turn("w")
    for days in (9, 18):
        wall(timedelta(days=days))
        outgoing.turn("w")
    assert states() == [DeliveryState.DEFERRED]


def test_a_clock_that_jumps_on_by_days_gives_nobody_up_whose_relay_breaks_off(sink, wall):
    sink.answers["RCPT"] = ["450 later"]
    sink.answers["DATA"] = ["421 closing"]
    owe("ada@mail.example")
    outgoing.turn("w")
    wall(timedelta(days=9))
    outgoing.turn("w")
    assert states() == [DeliveryState.DEFERRED]
    with transaction():
        db.session.execute(update(Delivery).values(due_at=clock.now()))
    outgoing.turn("w")
    assert states() == [DeliveryState.ACCEPTED]


def test_nobody_is_tried_for_ever_after_the_clock_was_set_back(sink, wall):
    sink.answers["RCPT"] = ["450 later"] * 100
    owe("ada@mail.example")
    wall(AHEAD)
    outgoing.turn("w")
    real, tried = clock.now() - AHEAD, 0
    wall()
    while states() == [DeliveryState.DEFERRED] and tried < 60:
        outgoing.recover()
        wall(waits()[0] + (clock.now() - real))
        outgoing.turn("w")
        db.session.expire_all()
        tried += 1
    assert states() == [DeliveryState.FAILED]
    assert timedelta(days=3, hours=12) < clock.now() - real < timedelta(days=6)
