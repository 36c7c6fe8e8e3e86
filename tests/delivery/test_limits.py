"""What the operator allows in a minute, as rows say it: a burst, and then a letter at a time."""

import threading
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import time_machine
from sqlalchemy import text, update

from caucusmail import clock, settings
from caucusmail.database import db, transaction
from caucusmail.delivery import limits
from caucusmail.delivery.limits import Ask
from caucusmail.delivery.models import LimitPace
from caucusmail.hosts import Relay
from tests import another, make, services, settings_for
from tests.journeys.processes import until

NOON = datetime(2027, 3, 1, 12, tzinfo=UTC)
HERE = limits.domain("mail.example")


def after(**more: float) -> datetime:
    return NOON + timedelta(**more)


@pytest.fixture
def at(app) -> Iterator[Callable[..., None]]:
    """Sets the clock of the house: so long after noon."""
    with time_machine.travel(NOON, tick=False) as traveller:
        yield lambda **more: traveller.move_to(after(**more))


def take(wanted: int, per_minute: int = 60, anyway: int = 0) -> int:
    with transaction():
        limits.alone()
        return limits.take({HERE: Ask(per_minute, wanted, anyway)})[HERE]


def row() -> LimitPace:
    [one] = [one for one in make.rows_by(LimitPace, "name") if one.name == HERE]
    return one


@pytest.mark.parametrize(
    ("per_minute", "ahead_s", "free"),
    [(60, 0, 15), (60, -900, 15), (60, 1, 14), (60, 1.001, 13), (60, 15, 0), (60, 40, 0), (1, 0, 1), (1, 0.001, 0)],
)
def test_how_many_may_leave_at_once(per_minute, ahead_s, free):
    assert limits.room(per_minute, after(seconds=ahead_s), NOON) == free


@pytest.mark.parametrize("per_minute", [1, 2, 7, 60, 90, 1000, 999_983])
def test_the_next_may_leave_exactly_when_there_is_room_for_one(per_minute):
    full_at = limits.moved(per_minute, NOON, NOON, limits.burst(per_minute))
    then = limits.next_at(per_minute, full_at)
    assert limits.room(per_minute, full_at, then) >= 1
    assert limits.room(per_minute, full_at, then - timedelta(microseconds=2)) == 0


@pytest.mark.parametrize("per_minute", [1, 7, 60, 100])
def test_no_minute_holds_more_than_the_limit_and_a_burst_and_none_is_wasted(at, per_minute):
    left: list[float] = []
    for second in range(0, 300, 10):
        at(seconds=second)
        left += [second] * take(1000, per_minute)
    for began in range(300):
        assert sum(began <= one < began + 60 for one in left) <= per_minute + limits.burst(per_minute)
    assert len(left) >= per_minute * 5 * 0.95


def test_letters_that_never_wait_count_and_put_the_others_off_by_a_minute_at_most(at):
    assert take(0, anyway=500) == 0
    assert row().begun == 500
    assert take(5) == 0
    at(seconds=60)
    assert take(500) == 15


def test_what_is_given_back_may_leave_again_and_counts_no_more(at):
    assert take(99) == 15
    with transaction():
        limits.give_back({HERE: (5, 60), limits.domain("never.taken.example"): (3, 60), "none": (0, 1)})
    assert row().begun == 10
    assert take(99) == 5
    at(minutes=1)
    assert take(1) == 1
    assert row().begun == 1


def test_domains_are_full_by_their_own_limit_or_that_of_all_others_and_never_without_one(at):
    with transaction():
        limits.alone()
        names = ("mail.example", "other.example", "free.example")
        limits.take({limits.domain(name): Ask(4, 2) for name in names} | {limits.relay("mail.example:25"): Ask(4, 2)})
    told = {"mail.example": 4, "free.example": 0, "*": 4}
    assert limits.full_domains(told) == {"mail.example", "other.example"}
    assert limits.full_domains({"free.example": 0}) == set()
    assert limits.full_domains({"mail.example": 4}) == {"mail.example"}
    at(seconds=15)
    assert limits.full_domains(told) == set()


def test_a_clock_that_was_ahead_keeps_nobody_waiting_longer_than_a_minute_and_old_rows_are_forgotten(at):
    at(hours=5)
    take(15)
    at(hours=1)
    with transaction():
        limits.tidy()
    assert row().full_at == after(hours=1, minutes=1)
    at(hours=2)
    with transaction():
        limits.tidy()
    assert make.rows_by(LimitPace, "name") == []


def test_each_limit_that_is_set_is_told_with_what_is_used_of_it(at, monkeypatch):
    assert limits.standing() == []
    further = (Relay("second.example", 25, per_minute=7), Relay("third.example", 25))
    told = replace(
        settings.current(),
        mail_domain_limits={"mail.example": 60, "free.example": 0, "*": 4},
        mail_fallbacks=further,
    )
    monkeypatch.setattr(settings, "_current", told)
    take(16)
    with transaction():
        limits.alone()
        limits.take({limits.domain(name): Ask(4, 2) for name in ("rest.example", "free.example")})
    assert [(one.name, one.is_relay, one.per_minute, one.begun, one.next_at) for one in limits.standing()] == [
        ("second.example:25", True, 7, 0, None),
        ("mail.example", False, 60, 15, after(seconds=1)),
        ("*", False, 4, 0, None),
        ("rest.example", False, 4, 2, after(seconds=15)),
    ]
    at(minutes=1)
    assert [(one.name, one.begun, one.next_at) for one in limits.standing()] == [
        ("second.example:25", 0, None),
        ("mail.example", 0, None),
        ("*", 0, None),
    ]
    assert clock.now() == after(minutes=1)


@pytest.mark.journey
def test_the_sweep_and_a_turn_that_takes_do_not_wait_for_each_other_for_ever(tmp_path: Path):
    url = services.fresh_postgresql("caucusmail_limits")
    swept: list[str] = []
    with another.house(settings_for.testing(url, tmp_path)) as house, house.app_context():

        def sweep() -> None:
            with house.app_context(), transaction():
                limits.tidy()
                swept.append("")

        def waits() -> bool:
            with db.engine.connect() as one:
                mine = "SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND datname = current_database()"
                return bool(one.scalar(text(mine)))

        take(1)
        with transaction():
            db.session.execute(update(LimitPace).values(full_at=clock.now() - timedelta(hours=1)))
        with transaction():
            limits.alone()  # the lock's row lies behind the other now, and is come upon after it
        thread = threading.Thread(target=sweep)
        with transaction():
            limits.alone()
            thread.start()
            until(waits, "the sweep behind us")
            assert limits.take({HERE: Ask(60, 9)}) == {HERE: 9}
        thread.join(10)
        assert swept == [""]
        assert row().begun == 10
        db.session.remove()
    services.drop_postgresql(url)
