"""Rows that leave in a digest, as the ledger keeps them; whole courses stand in ``tests/announcements/test_digests``."""

from datetime import timedelta

import pytest

from caucusmail import clock
from caucusmail.database import transaction
from caucusmail.delivery import claims, ledger, outgoing, riding, withdrawal
from caucusmail.delivery.ledger import To
from caucusmail.delivery.models import Delivery, DeliveryState, Lane
from tests import make
from tests.delivery.owed import LETTER, again


@pytest.fixture
def riders() -> list[Delivery]:
    """Two rows of one person whose digest is due."""
    ada = make.person("Ada")
    with transaction():
        rows = [ledger.enqueue(LETTER, To(ada.address, "Ada", ada.id), lane=Lane.DIGEST) for _ in range(2)]
        for row in rows:
            row.due_at, row.why = clock.now() - timedelta(minutes=1), "g1"
    return rows


def carried(riders: list[Delivery]) -> Delivery:
    with transaction():
        copy = ledger.enqueue(LETTER, To(riders[0].address, "Ada", riders[0].person_id), lane=Lane.ANNOUNCE)
        riding.board([row.id for row in riders], copy.message)
    return again(copy)


def test_no_worker_ever_sends_such_a_row(riders, sink, app):
    assert not claims.anything_due(Lane.BULK)
    assert claims.claim("w", Lane.BULK, 10) == []
    outgoing.recover()
    assert [again(row).state for row in riders] == [DeliveryState.QUEUED] * 2


def test_the_sweep_wakes_who_makes_digests(riders, monkeypatch):
    woken = []
    monkeypatch.setattr(claims.database, "wake", woken.append)
    claims.recover()
    assert riding.QUEUE in woken


@pytest.mark.parametrize("state", [DeliveryState.ACCEPTED, DeliveryState.FAILED, DeliveryState.UNCERTAIN])
def test_what_becomes_of_the_copy_becomes_of_the_rows_once(riders, state):
    copy = carried(riders)
    with transaction():
        assert riding.follow() == 0
        copy.state, copy.settled_at, copy.reply = state, clock.now(), "said"
    with transaction():
        assert riding.follow() == 2
        assert riding.follow() == 0
    assert [(again(row).state, again(row).reply) for row in riders] == [(state, "said")] * 2


def test_a_row_that_is_withdrawn_takes_the_letter_apart(riders):
    copy = carried(riders)
    with transaction():
        assert withdrawal.withdraw([riders[0].id], "left-or-paused") == [riders[0].id]
    assert (again(copy).state, again(copy).note) == (DeliveryState.WITHDRAWN, riding.LOOSENED)
    assert (again(riders[1]).state, again(riders[1]).digest_id) == (DeliveryState.QUEUED, None)


@pytest.mark.parametrize("state", [DeliveryState.IN_FLIGHT, DeliveryState.ACCEPTED, DeliveryState.UNCERTAIN])
def test_in_a_letter_that_has_begun_it_leaves(riders, state):
    copy = carried(riders)
    with transaction():
        copy.state, copy.settled_at = state, clock.now()
    with transaction():
        assert withdrawal.withdraw([riders[0].id], "left-or-paused") == []
    assert again(riders[0]).state is DeliveryState.QUEUED


def test_rows_of_a_digest_that_was_taken_back_wait_again(riders):
    copy = carried(riders)
    with transaction():
        copy.state, copy.settled_at = DeliveryState.WITHDRAWN, clock.now()
    with transaction():
        assert riding.follow() == 2
    assert [again(row).digest_id for row in riders] == [None, None]


@pytest.mark.parametrize(
    ("why", "named"), [("g1", True), ("g1 g2", True), ("g2 g1 u", True), ("g11", False), ("g2", False)]
)
def test_what_one_group_brought_comes_at_once(riders, why, named):
    later = clock.now() + timedelta(hours=9)
    with transaction():
        riders[0].why, riders[0].due_at, riders[1].why, riders[1].due_at = why, later, "g2", later
    with transaction():
        riding.at_once(riders[0].person_id, 1)
    assert [again(row).due_at <= clock.now() for row in riders] == [named, False]
    with transaction():
        riding.put_off(riders[0].person_id, later + timedelta(hours=1))
    assert {again(row).due_at for row in riders} == {later + timedelta(hours=1)}
    assert riding.waiting(riders[0].message_id) == (1, later + timedelta(hours=1))
