"""The job engine's application, its schedule and its tasks; a task calls one verb and returns.

Tasks are legs, rows are truth: everything a task does can be done twice, and one that is lost (a killed worker, a broker that
was down) is found again by the sweep, which asks the rows. So no task carries a value, and the domain never sees Celery.
"""

import logging
import os
import platform
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

from celery import Celery, Task, shared_task
from celery.signals import worker_ready, worker_shutting_down

from caucusmail import broker_file, brokers, database, settings
from caucusmail.accounts import signing_in
from caucusmail.announcements import alarms, clock_letters, digests, farewells, leaving, newcomers, reminding, rounds
from caucusmail.audit import heartbeats
from caucusmail.database import leave_no_trace, transaction
from caucusmail.delivery import lines, outgoing, pausing, riding, stopping
from caucusmail.delivery.ledger import DELIVER
from caucusmail.delivery.models import Lane
from caucusmail.directory import asking, reminders, standing, vouching, yearly
from caucusmail.groups import handing_over, seat_terms
from caucusmail.inbound import intake, processing
from caucusmail.privacy import protecting, requests, retention
from caucusmail.schedule import SCHEDULE

logger = logging.getLogger(__name__)
LANES = ("transactional", "announce", "bulk")
"""Queues, by how long somebody would mind to wait; a large installation gives each its own workers."""

_lanes: dict[str, str] = {}  # task name: lane
_awaited, _announced = threading.Lock(), threading.Lock()  # held during a turn of letters; of announcements and bulk


def task(lane: str) -> Callable[[Callable[[], None]], Any]:
    """Make a function a task of this lane."""

    def register(function: Callable[[], None]) -> Any:
        name = f"caucusmail.{function.__name__}"
        _lanes[name] = lane
        return shared_task(name=name)(function)

    return register


@task("transactional")
def heartbeat() -> None:
    """Say that the jobs are at work, and whether the relay lets us in."""
    troubles = lines.troubles()
    trouble = "" if "" in troubles.values() else next(iter(troubles.values()))
    with transaction():
        heartbeats.beat("jobs")
        heartbeats.beat("relay", trouble or heartbeats.lately("sending"))  # one that greets may break off a letter
        heartbeats.beat_relays(troubles, lines.BROKEN_OFF)


@task("transactional")
def deliver() -> None:
    """One turn of the letters that somebody waits for; if more is due, the turn itself wakes the next."""
    _turn(Lane.TRANSACTIONAL, _awaited)


@task("announce")
def deliver_announced() -> None:
    """One turn of announcements, after the letters that somebody waits for."""
    _turn(Lane.ANNOUNCE, _announced)


@task("bulk")
def deliver_bulk() -> None:
    """One turn of whatever is due."""
    _turn(Lane.BULK, _announced)


def _turn(up_to: Lane, alone: threading.Lock) -> None:
    """One turn, unless another thread of this process has one: that wakes the next itself, and other tasks need a thread."""
    if not alone.acquire(blocking=False):
        return
    try:
        done = outgoing.turn(f"{platform.node()}:{os.getpid()}:{threading.get_ident()}", up_to)
        if done.relay is not None:
            with transaction():
                heartbeats.beat("relay", done.relay)
                heartbeats.beat("sending", done.relay)
                heartbeats.beat_relays(done.relays)
    finally:
        alone.release()


@task("bulk")
def sweep() -> None:
    """Find what was lost: rows of a dead worker, and rows that are due while nobody was woken for them."""
    outgoing.recover()


@task("announce")
def dispatch_due() -> None:
    """Begin announcements whose time has come, and close those of which every copy is settled."""
    with transaction():
        leaving.send_due()


@task("announce")
def make_digests() -> None:
    """Let what was in digests follow what became of them, and make those that are due."""
    with transaction():
        riding.follow()
        digests.gather()


@task("transactional")
def alarm() -> None:
    """Tell those who keep an announcement that it paused by itself."""
    with transaction():
        alarms.tell_of_pauses()


@task("announce")
def remind_of_meetings() -> None:
    """Write to those who were sent a meeting that begins within a day."""
    with transaction():
        reminding.remind_due()


@task("announce")
def invite_newcomers() -> None:
    """Meetings ahead: take them out of the calendars of who has left, invite who has joined, ask what new rules of clocks move."""
    with transaction():
        clock_letters.ask()
    with transaction():
        farewells.say()
    with transaction():
        newcomers.invite_due()


@task("transactional")
def sign_in_letters() -> None:
    """Write the sign-in letters that were asked for, and then see to those who cannot read their mailbox."""
    with transaction():
        signing_in.write_asked()
    with transaction():
        vouching.turn()


@task("transactional")
def remind() -> None:
    """Write to those who have signed up and not confirmed: the first letter, and reminders."""
    with transaction():
        reminders.remind_due()


@task("bulk")
def retain() -> None:
    """Forget what has outlived its purpose, by the table of rules."""
    retention.run_due()


@task("bulk")
def lapse() -> None:
    """Let the memberships of organisations end whose grace is over; remind the secretariat of requests about data."""
    with transaction():
        standing.lapse_due()
    with transaction():
        requests.remind_due()


@task("bulk")
def hand_over() -> None:
    """Seats whose day has come: hand them over, let offers lapse, end terms. What organisations are asked once a year."""
    with transaction():
        handing_over.do_due()
    with transaction():
        seat_terms.turn()
    more = True
    while more:
        with transaction():
            more = yearly.turn()


@task("bulk")
def end_protections() -> None:
    """Lift protections whose day has come, and hide what was written at the moment when others began."""
    protecting.end_due()
    protecting.look_again()
    with transaction():  # what nobody let it do when somebody was protected or erased
        leave_no_trace()


@task("bulk")
def give_up_places() -> None:
    """Places of those who have left go to who waits; who is back with a deputy is told what there was."""
    with transaction():
        rounds.turn()


@task("bulk")
def process() -> None:
    """One turn of what came in; if more waits, the turn itself wakes the next."""
    processing.turn()


@task("bulk")
def judge() -> None:
    """Hold against addresses what the relay refused at once, as what comes back later is."""
    with transaction():
        processing.judge_refusals()


@task("bulk")
def forget() -> None:
    """Once a day: what the broker needs no longer. What people left behind, ``retain`` forgets."""
    broker_file.purge(settings.current().broker_url)


AT_START = ("heartbeat", "sweep")
A_LOOK = 60  # seconds a task may wait: then the sweep, or the schedule, has started another, and a heap would only grow

WOKEN: dict[str, Any] = {
    "heartbeat": heartbeat,
    "sweep": sweep,
    DELIVER[Lane.TRANSACTIONAL]: deliver,
    DELIVER[Lane.ANNOUNCE]: deliver_announced,
    DELIVER[Lane.BULK]: deliver_bulk,
    DELIVER[Lane.DIGEST]: make_digests,
    signing_in.ASKED: sign_in_letters,
    pausing.ALARM: alarm,
    asking.ASK: remind,
    intake.QUEUE: process,
}
"""Which task serves a queue that a transaction woke (``database.wake``)."""


def publish(queue: str) -> None:
    """Start the task that serves ``queue``. The rows are committed: a broker that is down is no error, only a delay."""
    woken = WOKEN.get(queue)
    if woken is None:
        return
    try:
        woken.apply_async(
            expires=A_LOOK, retry=True, retry_policy={"max_retries": 1, "interval_start": 0, "interval_max": 0.2}
        )
    except Exception as problem:  # whatever it is, the answer to the reader must not suffer: the sweep finds the rows
        logger.warning("%s was not started: %s", queue, problem)


def _begin(**_signal: Any) -> None:
    """A worker is ready: look at once, not at the first tick, whether something waits."""
    for name in AT_START:
        publish(name)


def init_app(app: Any) -> None:
    """Bind the engine to ``app``: broker, task context, schedule, and waking after a commit."""

    class HouseTask(Task):  # type: ignore[misc]  # Celery ships no types
        """A task runs inside the application's context."""

        def __call__(self, *args: Any, **kwargs: Any) -> Any:
            with app.app_context():
                return self.run(*args, **kwargs)

    current = settings.current()
    broker_file.prepare(current.broker_url)
    engine = Celery("caucusmail", task_cls=HouseTask)
    prefix = current.broker_prefix
    engine.conf.update(
        brokers.COMMON
        | {
            "broker_url": current.broker_url,
            "task_queues": brokers.queues(prefix, LANES, current.broker_url),
            "task_default_queue": f"{prefix}.bulk",
            "task_default_exchange": prefix,
            "task_default_routing_key": f"{prefix}.bulk",
            "task_routes": {name: {"queue": f"{prefix}.{lane}"} for name, lane in _lanes.items()},
            "beat_scheduler": "caucusmail.schedule:Steady",
            "beat_schedule_filename": str(Path(current.instance) / "beat-schedule"),
            "beat_schedule": {
                name: {"task": f"caucusmail.{name}", "schedule": seconds, "options": {"expires": max(seconds, A_LOOK)}}
                for name, seconds in SCHEDULE.items()
            },
        }
        | brokers.options(current.broker_url)
    )
    engine.set_default()
    worker_ready.connect(_begin, dispatch_uid="caucusmail", weak=False)
    worker_shutting_down.connect(stopping.order, dispatch_uid="caucusmail", weak=False)
    app.extensions["celery"] = engine
    database.on_wake(publish)
