import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from caucusmail import brokers, database, jobs
from caucusmail.app import House
from caucusmail.audit import heartbeats
from caucusmail.delivery import ledger, lines
from caucusmail.delivery.ledger import DELIVER, To
from caucusmail.delivery.models import Lane
from caucusmail.mail.rendering import Letter
from caucusmail.schedule import Steady
from tests import another, settings_for
from tests.delivery.rough import Rough
from tests.sink import Sink


def test_every_scheduled_task_and_every_queue_that_is_woken_exists(app: House) -> None:
    tasks = app.extensions["celery"].tasks
    assert {f"caucusmail.{name}" for name in jobs.SCHEDULE} <= set(tasks)
    assert set(jobs.AT_START) <= set(jobs.WOKEN)
    assert {task.name for task in jobs.WOKEN.values()} <= set(tasks)


def test_every_task_is_named_like_its_function_and_has_a_lane(app: House) -> None:
    routes = app.extensions["celery"].conf.task_routes
    names = {name for name in app.extensions["celery"].tasks if name.startswith("caucusmail.")}
    assert set(routes) == names
    assert {route["queue"].partition(".")[2] for route in routes.values()} <= set(jobs.LANES)


@pytest.fixture
def rough(app: House) -> Iterator[Rough]:
    server = Rough().start()
    relay = app.extensions["mail"]
    before, relay.port = relay.port, server.port
    yield server
    relay.port = before
    server.stop()


LETTER = Letter("test/letter", "en", "Hello", "Hello\n", "<p>Hello</p>")


def test_a_lane_of_the_outgoing_queue_is_served_by_workers_of_its_own(app: House) -> None:
    routes = app.extensions["celery"].conf.task_routes
    served = {lane: routes[jobs.WOKEN[DELIVER[lane]].name]["queue"].partition(".")[2] for lane in Lane}
    assert served == {
        Lane.TRANSACTIONAL: "transactional",
        Lane.URGENT: "announce",
        Lane.ANNOUNCE: "announce",
        Lane.BULK: "bulk",
        Lane.DIGEST: "announce",
    }


def test_of_two_threads_one_stays_free_of_announcements_and_letters_leave(app: House, sink: Sink) -> None:
    with database.transaction():
        for lane in (Lane.TRANSACTIONAL, Lane.ANNOUNCE, Lane.BULK):
            ledger.enqueue(LETTER, To(f"{lane}@mail.example"), lane=lane)
    with jobs._announced:  # a turn is at work on the other thread
        jobs.deliver_announced()
        jobs.deliver_bulk()
        assert sink.caught == []
        jobs.deliver()
    assert [one.recipients[0] for one in sink.caught] == ["transactional@mail.example"]
    jobs.deliver_bulk()
    assert len(sink.caught) == 3


def test_a_relay_that_greets_and_breaks_off_every_letter_is_named_until_it_takes_one(app: House, rough: Rough) -> None:
    rough.hang_up = ["MAIL"]
    with database.transaction():
        ledger.enqueue(LETTER, To("ada@mail.example"))
    jobs.deliver()
    assert heartbeats.trouble("relay") == lines.BROKEN_OFF
    jobs.heartbeat()  # it greets
    assert heartbeats.trouble("relay") == lines.BROKEN_OFF
    with database.transaction():
        ledger.enqueue(LETTER, To("bea@mail.example"))
    jobs.deliver()
    jobs.heartbeat()
    assert heartbeats.trouble("relay") == ""


def test_a_turn_that_finds_nothing_says_nothing_of_the_relay(app: House) -> None:
    jobs.deliver()
    assert heartbeats.trouble("relay") == "never seen at work"


def test_a_heartbeat_is_seen_and_a_silent_relay_is_named(app: House) -> None:
    jobs.heartbeat()  # nobody listens on the test port
    assert heartbeats.alive("jobs")
    assert heartbeats.trouble("relay") == "cannot be reached: ConnectionRefusedError: Connection refused"


def test_the_clock_starts_in_a_folder_that_nobody_has_made(tmp_path: Path) -> None:
    fresh = settings_for.testing("sqlite://", tmp_path / "fresh", BROKER_URL="amqp://127.0.0.1:1//")
    with another.house(fresh, tables=False) as house:
        engine = house.extensions["celery"]
        clock = Steady(engine, lazy=True, schedule_filename=engine.conf.beat_schedule_filename)
        clock.setup_schedule()
        assert set(jobs.SCHEDULE) <= set(clock.schedule)
        clock.close()


def test_waking_an_unknown_queue_is_nothing(app: House) -> None:
    with database.transaction():
        database.wake("no such queue")


@contextmanager
def broker(app: House, url: str) -> Iterator[None]:
    """The engine of ``app`` with another broker."""
    conf = app.extensions["celery"].conf
    before = conf.broker_url, conf.broker_transport_options
    _use_broker(app, url, brokers.options(url).get("broker_transport_options", {}))
    try:
        yield
    finally:
        _use_broker(app, *before)


def _use_broker(app: House, url: str, options: dict[str, Any]) -> None:
    engine = app.extensions["celery"]
    engine.pool.force_close_all()
    engine._pool = engine.amqp._producer_pool = None
    engine.conf.broker_url, engine.conf.broker_transport_options = url, options


@pytest.fixture
def silent() -> Iterator[int]:
    """A port that accepts and never says a word, as a frozen server does."""
    with socket.socket() as server:
        server.bind(("127.0.0.1", 0))
        server.listen(50)
        yield int(server.getsockname()[1])


def test_a_broker_that_is_down_does_not_break_the_request(app: House, caplog: pytest.LogCaptureFixture) -> None:
    with broker(app, "amqp://127.0.0.1:1//"):
        jobs.publish("heartbeat")
    assert "heartbeat was not started" in caplog.text


@pytest.mark.parametrize("address", ["redis://127.0.0.1:{}/0", "amqp://127.0.0.1:{}//"])
def test_a_broker_that_is_frozen_does_not_hold_up_the_request(
    app: House, silent: int, caplog: pytest.LogCaptureFixture, address: str
) -> None:
    with broker(app, address.format(silent)):
        asking = threading.Thread(target=jobs.publish, args=("heartbeat",), daemon=True)
        asking.start()
        asking.join(30)  # seconds; it gives up after a few, and without a limit never
        assert not asking.is_alive()
    assert "heartbeat was not started: " in caplog.text
    assert "time" in caplog.text.lower(), "it was refused, not frozen"


def test_every_task_can_run_where_there_is_nothing_to_do_and_again(app: House) -> None:
    for name in jobs.SCHEDULE:
        getattr(jobs, name)()
        getattr(jobs, name)()
