"""A server that says nothing for minutes keeps one line and no other letter, whatever turn it is that waits for it."""

import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import func, select

from caucusmail import jobs, settings
from caucusmail.app import House
from caucusmail.database import db, reading
from caucusmail.delivery import outgoing, quotas
from caucusmail.delivery.models import Delivery, DeliveryState, Lane, LimitPace
from tests import another, make, services, settings_for
from tests.delivery.due import owe
from tests.delivery.rough import Rough
from tests.journeys.processes import until

pytestmark = pytest.mark.journey


@pytest.fixture
def relay() -> Iterator[Rough]:
    """Never answers letters for whoever is called silent."""
    server = Rough(many=True, silent_to=b"<silent").start()
    yield server
    server.stop()
    server.cut()


@pytest.fixture(params=["sqlite", "postgresql"])
def house(request, tmp_path: Path, relay: Rough) -> Iterator[House]:
    """Everything in one process, on a database that several threads may use."""
    sqlite = request.param == "sqlite"
    url = f"sqlite:///{tmp_path / 'house.sqlite3'}" if sqlite else services.fresh_postgresql("caucusmail_silent")
    with another.house(settings_for.testing(url, tmp_path, MAIL_PORT=relay.port)) as house, house.app_context():
        yield house
        db.session.remove()
    if not sqlite:
        services.drop_postgresql(url)


def waiting(task: Callable[[], None], relay: Rough) -> threading.Thread:
    """``task`` at work in a thread of its own, where it waits for a server that says nothing."""
    thread = threading.Thread(target=task, daemon=True)
    thread.start()
    until(lambda: any(b"<silent" in line for line in list(relay.commands)), "a letter that is not answered", 20)
    return thread


@pytest.mark.parametrize(
    ("silent", "task", "owed", "wake"),
    [
        (Lane.BULK, jobs.deliver_bulk, Lane.URGENT, jobs.deliver_announced),
        (Lane.BULK, jobs.deliver_bulk, Lane.TRANSACTIONAL, jobs.deliver),
        (Lane.ANNOUNCE, jobs.deliver_announced, Lane.URGENT, jobs.deliver_announced),
        (Lane.TRANSACTIONAL, jobs.deliver, Lane.TRANSACTIONAL, jobs.deliver),
    ],
)
def test_no_letter_that_is_urgent_waits_behind_a_silent_line(house, relay, silent, task, owed, wake):
    owe("silent@mail.example", lane=silent)
    thread = waiting(task, relay)
    for number in (1, 2):  # the second one has to be found on an idle line, the first by a line that is opened for it
        owe(f"soon{number}@mail.example", lane=owed)
        wake()
        until(lambda: len(relay.whole) == number, "the letter that somebody waits for", 20)  # noqa: B023 - called at once
    assert thread.is_alive()
    relay.cut()
    thread.join(20)
    assert not thread.is_alive()
    assert {row.address: row.state for row in make.rows(Delivery)} == {
        "silent@mail.example": DeliveryState.DEFERRED,
        "soon1@mail.example": DeliveryState.ACCEPTED,
        "soon2@mail.example": DeliveryState.ACCEPTED,
    }


@pytest.fixture
def kept(house, relay, monkeypatch) -> Iterator[Callable[..., None]]:
    """Begins a turn of bulk, with limits or not, that is over its time and kept by a silent server."""
    monkeypatch.setattr(outgoing, "AT_MOST", timedelta(seconds=0.5))
    turns: list[threading.Thread] = []

    def work(connections: int) -> None:
        with house.app_context():
            outgoing.turn("kept", at_most=outgoing.AT_MOST, connections=connections)

    def begin(connections: int, more: int, **limits: Any) -> None:
        monkeypatch.setattr(settings, "_current", replace(settings.current(), mail_port=relay.port, **limits))
        owe("silent@mail.example", *(f"p{number}@mail.example" for number in range(more)), lane=Lane.BULK)
        turns.append(waiting(partial(work, connections), relay))

    yield begin
    relay.cut()
    for thread in turns:
        thread.join(20)
        assert not thread.is_alive()


def leased() -> int:
    with reading():
        return db.session.scalar(select(func.count()).where(Delivery.lease_until.is_not(None))) or 0


def test_a_turn_whose_lines_are_all_silent_takes_no_letter_from_those_who_have_one(kept, relay):
    kept(connections=1, more=0)
    time.sleep(outgoing.SILENT_S + outgoing.AT_MOST.total_seconds())
    owe("soon@mail.example")
    time.sleep(2.5 * quotas.LOOK_S)  # it looks, and has no line
    assert outgoing.turn("another", Lane.TRANSACTIONAL) == 1
    assert len(relay.whole) == 1


def test_a_turn_whose_lines_are_all_silent_lets_go_of_what_it_has_not_begun(kept):
    kept(connections=1, more=30, mail_domain_limits={"mail.example": 400})
    until(lambda: leased() == 1, "the letters that it cannot begin for anybody", 20)
    with reading():
        assert db.session.scalar(select(LimitPace.begun).where(LimitPace.name == "domain mail.example")) == 1


def test_a_relay_at_its_limit_gets_more_as_soon_as_it_may_while_another_line_is_silent(kept, relay, monkeypatch):
    monkeypatch.setattr(quotas, "SHUT_S", 0.2)
    kept(connections=4, more=40, mail_server_per_minute=60)
    until(lambda: len(relay.whole) > 16, "more than the first burst", 20)
