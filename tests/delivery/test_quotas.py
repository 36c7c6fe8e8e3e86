"""Limits of relays and of recipient domains, kept by turns that talk to a real relay."""

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from sqlalchemy import update

from caucusmail import clock, jobs, settings
from caucusmail.database import db, on_wake, transaction
from caucusmail.delivery import claims, ledger, lines, outgoing, pacing, retry
from caucusmail.delivery.ledger import DELIVER, To
from caucusmail.delivery.models import Delivery, DeliveryState, Lane, LimitPace
from caucusmail.delivery.quotas import Quota
from caucusmail.hosts import Relay
from tests import make
from tests.delivery import owed
from tests.delivery.rough import Rough
from tests.sink import Sink
from tests.statements import counted

SLOWER = "450 4.7.28 too many messages from your address"


@pytest.fixture
def told(monkeypatch) -> Callable[..., None]:
    """Changes settings."""

    def change(**more: Any) -> None:
        monkeypatch.setattr(settings, "_current", replace(settings.current(), **more))

    return change


@pytest.fixture
def at(app) -> Iterator[time_machine.Traveller]:
    """The clock of the house stands still until it is moved."""
    with time_machine.travel(clock.now(), tick=False) as traveller:
        yield traveller


@pytest.fixture
def woken(app) -> Iterator[list[str]]:
    queues: list[str] = []
    on_wake(queues.append)
    yield queues
    on_wake(jobs.publish)


def owe(number: int, domain: str = "mail.example", lane: Lane = Lane.ANNOUNCE) -> None:
    with transaction():
        for place in range(number):
            ledger.enqueue(owed.LETTER, To(f"{lane.value}{place}@{domain}"), lane=lane)


def got(sink: Sink) -> Counter[str]:
    """What the relay was given, by recipient domain."""
    return Counter(one.recipients[0].rpartition("@")[2] for one in sink.caught)


def used() -> dict[str, int]:
    db.session.expire_all()
    return {row.name: row.begun for row in make.rows_by(LimitPace, "name") if row.name}


def test_a_domain_gets_a_burst_and_then_its_share_and_others_are_not_held_up(sink, told, at):
    told(mail_domain_limits={"mail.example": 12})
    owe(600)
    owe(5, "other.example")
    assert outgoing.turn("one") + outgoing.turn("two") == 3 + 5
    assert got(sink) == {"mail.example": 3, "other.example": 5}
    waiting = [row for row in make.rows(Delivery) if row.state is DeliveryState.QUEUED]
    assert {(row.attempts, row.lease_by, row.due_at <= clock.now()) for row in waiting} == {(0, "", True)}
    at.shift(timedelta(seconds=10))
    outgoing.turn("one")
    assert got(sink)["mail.example"] == 5


def test_what_has_waited_longest_is_first_and_a_changed_room_before_an_announcement(sink, told, at):
    told(mail_domain_limits={"*": 12})
    owe(20)
    outgoing.turn("w")
    owe(1, lane=Lane.URGENT)
    at.shift(timedelta(seconds=10))
    outgoing.turn("w")
    at.shift(timedelta(seconds=5))
    outgoing.turn("w")
    names = [one.recipients[0].partition("@")[0] for one in sink.caught]
    assert names[:3] + names[4:] == ["announce0", "announce1", "announce2", "announce3", "announce4"]
    assert names[3] == "urgent0"


def test_letters_that_somebody_waits_for_never_wait(sink, told, at):
    told(mail_domain_limits={"mail.example": 4})
    owe(9, lane=Lane.TRANSACTIONAL)
    owe(2)
    assert outgoing.turn("w") == 9
    assert used() == {"domain mail.example": 9}


def test_a_limit_of_all_others_spares_the_domain_that_has_none(sink, told, at):
    told(mail_domain_limits={"*": 4, "ours.example": 0})
    for name in ("a.example", "b.example", "ours.example"):
        owe(6, name)
    outgoing.turn("w")
    assert got(sink) == {"a.example": 2, "b.example": 2, "ours.example": 6}


def test_a_domain_at_its_limit_wakes_no_turn_and_the_sweep_does(sink, told, at, woken):
    told(mail_domain_limits={"mail.example": 4})
    owe(5)
    woken.clear()
    assert (outgoing.turn("w"), outgoing.turn("w"), woken) == (2, 0, [])
    outgoing.recover()
    assert woken == [DELIVER[Lane.ANNOUNCE]]


def test_what_was_claimed_and_has_not_begun_counts_no_more(rough, told, at):
    told(mail_domain_limits={"mail.example": 40})
    rough.hang_up = ["MAIL"] * 99
    owe(10)
    outgoing.turn("w", connections=1)
    assert used() == {"domain mail.example": 10}
    told(mail_domain_limits={"mail.example": 40, "away.example": 40})
    rough.stop()
    owe(10, "away.example")
    outgoing.turn("w", connections=1)
    assert used()["domain away.example"] == 0


def test_a_server_that_asks_for_patience_is_left_alone_within_its_limit_too(sink, told, at):
    told(mail_domain_limits={"mail.example": 600})
    owe(9)
    sink.answers["RCPT"] = [SLOWER]
    outgoing.turn("w", connections=1)
    [(name, _since, until)] = pacing.patient()
    assert name == "mail.example"
    before = len(sink.caught)
    at.shift(timedelta(seconds=30))
    assert outgoing.turn("w") == 0
    at.move_to(until)
    outgoing.turn("w")
    assert len(sink.caught) == before + 1


def test_what_a_claim_passed_over_is_looked_through_once_in_a_turn_unless_rows_were_let_go(told, at):
    told(mail_domain_limits={"mail.example": 4})
    owe(5)
    owe(9, "other.example")
    quota = Quota(Lane.BULK)
    first = quota.claim("w", 3)
    with counted() as statements:
        quota.claim("w", 3)
    assert [one for one in statements if "(deliveries.due_at, deliveries.id) > (" in one]
    with transaction():
        claims.count(claims.held("w").values(lease_until=None, lease_by=""))
        quota.let_go(first)
    assert used() == {"domain mail.example": 0}
    assert [row.id for row in quota.claim("w", 3)] == [row.id for row in first]


def test_days_until_giving_up_are_not_counted_while_a_limit_keeps_a_letter(sink, told, at):
    told(mail_domain_limits={"mail.example": 1})
    owe(2)
    with transaction():
        since = clock.now() - timedelta(days=1)
        db.session.execute(update(Delivery).values(state=DeliveryState.DEFERRED, answered_at=since, attempts=3))
    outgoing.turn("w")
    at.shift(retry.GIVE_UP_AFTER)
    sink.answers["RCPT"] = ["451 4.3.0 not now"]
    outgoing.turn("w")
    [row] = [row for row in make.rows(Delivery) if row.state is not DeliveryState.ACCEPTED]
    assert row.state is DeliveryState.DEFERRED


def test_without_limits_the_same_is_asked_of_the_database_as_ever(sink, told):
    owe(3)
    with counted() as statements:
        outgoing.turn("w", connections=1)
    assert not [one for one in statements if "limit_paces" in one or "rtrim" in one]
    assert make.rows_by(LimitPace, "name") == []


@pytest.fixture
def two(app, told, monkeypatch) -> Iterator[tuple[Rough, Rough]]:
    """The relay of the settings, and a further one with limits of its own."""
    first, second = Rough(many=True).start(), Rough(many=True).start()
    further = Relay("127.0.0.1", second.port, per_minute=8, connections=1)
    told(mail_port=first.port, mail_fallbacks=(further,))
    monkeypatch.setattr(app.extensions["mail"], "port", first.port)
    monkeypatch.setattr(lines, "_resting", {})
    monkeypatch.setattr(lines, "_breaks", {})
    yield first, second
    first.stop()
    second.stop()


def test_a_relay_gets_no_more_than_its_limit_and_the_next_is_not_asked_instead(two, told, at, woken):
    first, second = two
    told(mail_server_per_minute=20)
    owe(12)
    owe(1, lane=Lane.TRANSACTIONAL)
    woken.clear()
    assert outgoing.turn("one") + outgoing.turn("two") == 5
    assert (len(first.whole), second.commands, woken) == (5, [], [])
    rows = [row for row in make.rows(Delivery) if row.state is not DeliveryState.ACCEPTED]
    assert {(row.state, row.attempts, row.lease_by, row.lane) for row in rows} == {
        (DeliveryState.QUEUED, 0, "", Lane.ANNOUNCE)
    }
    at.shift(timedelta(seconds=9))
    assert outgoing.turn("w") == 3
    owe(2, lane=Lane.TRANSACTIONAL)
    assert outgoing.turn("w") == 2


def test_a_further_relay_has_its_own_limit_and_lines_when_it_takes_over(two, at):
    first, second = two
    first.stop()
    second.slow_s = 0.02
    owe(30)
    assert outgoing.turn("w", connections=4) == 2
    assert (len(second.whole), second.met) == (2, 1)
    assert used() == {f"relay 127.0.0.1:{second.port}": 2}


def test_several_limits_at_once_and_the_strictest_holds(two, told, at):
    told(mail_per_minute=5, mail_server_per_minute=24, mail_domain_limits={"mail.example": 8, "more.example": 400})
    owe(4)
    owe(4, "more.example")
    assert outgoing.turn("w") == 5
    assert used()["domain mail.example"] == 2
    assert used()[f"relay 127.0.0.1:{two[0].port}"] == 5
