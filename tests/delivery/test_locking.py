"""Real commits on PostgreSQL: a person who takes something back, and a worker that sends, want the same rows."""

import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Any

import pytest
from sqlalchemy import select

from caucusmail.app import House
from caucusmail.database import db, transaction
from caucusmail.delivery import claims, locking, units, withdrawal
from caucusmail.delivery.marks import Marks
from caucusmail.delivery.models import Delivery, DeliveryState, Lane
from tests import another, services, settings_for
from tests.delivery.due import owe, states

pytestmark = pytest.mark.journey
HOLDER = "w/1/2"
DEADLOCK_S = 1.0  # after which PostgreSQL ends one of two that wait for each other


@pytest.fixture
def house(tmp_path) -> Iterator[House]:
    url = services.fresh_postgresql("caucusmail_locking")
    with another.house(settings_for.testing(url, tmp_path)) as house, house.app_context():
        yield house
        db.session.remove()
    services.drop_postgresql(url)


@pytest.fixture
def pool() -> Iterator[ThreadPoolExecutor]:
    with ThreadPoolExecutor(4) as pool:
        yield pool


def claimed(count: int) -> list[int]:
    """So many rows that are leased to ``HOLDER``: their ids."""
    owe(*(f"p{number}@mail.example" for number in range(count)))
    return [row.id for row in claims.claim(HOLDER, Lane.BULK, count)]


def beside(pool: ThreadPoolExecutor, house: House, act: Callable[[], Any]) -> Future[Any]:
    """``act`` in a thread and a transaction of its own."""

    def work() -> Any:
        with house.app_context():
            try:
                with transaction():
                    return act()
            finally:
                db.session.remove()

    return pool.submit(work)


def holding(pool: ThreadPoolExecutor, house: House, first: Callable[[], Any], then: Callable[[], Any]) -> Any:
    """Somebody has done ``first`` and will do ``then`` when the event is set; the event, and what came of it."""
    done, go = threading.Event(), threading.Event()

    def act() -> Any:
        first()
        done.set()
        assert go.wait(10)
        return then()

    future = beside(pool, house, act)
    assert done.wait(10)
    return go, future


def test_a_mark_waits_for_who_withdraws_and_then_lets_nothing_leave(house, pool):
    [row] = claimed(1)
    go, withdrawn = holding(pool, house, lambda: withdrawal.withdraw([row], "left"), lambda: None)
    threading.Timer(0.7, go.set).start()
    with units.unflushed() as unit:
        assert Marks(HOLDER).write(unit, [], [row]) == {}
    withdrawn.result(10)
    assert states() == [DeliveryState.WITHDRAWN]


def test_of_two_who_wait_for_each_other_who_sends_gives_way_before_the_server_ends_one(house, pool):
    one, two = claimed(2)
    marks, cursor_of = Marks(HOLDER), lambda: db.session.connection().connection.cursor()
    go, withdrawn = holding(
        pool, house, lambda: withdrawal.withdraw([one], "left"), lambda: withdrawal.withdraw([two], "left")
    )
    taken = {"state": DeliveryState.DEFERRED}

    def settle_both() -> None:
        with transaction():
            locking.give_way()
            marks.settle(cursor_of(), [(two, taken)])
            go.set()
            time.sleep(0.2)  # the other waits for this row now
            marks.settle(cursor_of(), [(one, taken)])

    began = time.monotonic()
    with pytest.raises(units.passing()):
        settle_both()
    assert time.monotonic() - began < DEADLOCK_S
    assert withdrawn.result(10) == [two]
    assert states() == [DeliveryState.WITHDRAWN] * 2


def test_a_worker_renews_what_nobody_holds_and_waits_for_nothing(house, pool):
    one, two = claimed(2)
    go, withdrawn = holding(pool, house, lambda: withdrawal.withdraw([one], "left"), lambda: None)
    assert claims.renew(HOLDER) == 1
    assert not withdrawn.done()
    go.set()
    withdrawn.result(10)
    assert db.session.scalars(select(Delivery.id).where(Delivery.lease_by == HOLDER)).all() == [two]


def test_two_who_withdraw_the_same_rows_in_another_order_do_not_wait_for_each_other(house, pool):
    for _ in range(10):
        ids = [row.id for row in owe(*(f"p{number}@mail.example" for number in range(40)))]
        both = [beside(pool, house, lambda some=some: withdrawal.withdraw(some, "left")) for some in (ids, ids[::-1])]
        assert sorted(both[0].result(10) + both[1].result(10)) == ids
