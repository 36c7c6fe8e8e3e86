"""Jobs as they run in life: real workers, each kind of broker, a real SMTP sink; killed, lost, and found again."""

import os
import signal
import subprocess
import sys
import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
import redis
import sqlalchemy
from kombu import Connection

from caucusmail import jobs
from tests import services
from tests.delivery.rough import Rough
from tests.journeys import processes
from tests.journeys.processes import ROOT, until
from tests.sink import Sink

pytestmark = [pytest.mark.journey, pytest.mark.services]

ENQUEUE = """
import sys, wsgi
from caucusmail.database import transaction
from caucusmail.delivery import ledger
from caucusmail.mail import rendering
for address in sys.argv[1:]:
    with wsgi.app.app_context(), transaction():
        letter = rendering.letter("accounts/password_changed", "en", name="Amina", removed=False)
        ledger.enqueue(letter, ledger.To(address, "Amina"))
"""

NOBODY = "amqp://guest:guest@127.0.0.1:1//"


@dataclass
class Site:
    """One installation: its settings, and how its worker is started."""

    env: dict[str, str]
    worker: list[str]
    folder: Path

    def python(self, code: str, *arguments: str, **more: str) -> None:
        done = subprocess.run(
            [sys.executable, "-c", code, *arguments],
            cwd=ROOT,
            env=self.env | more,
            capture_output=True,
            text=True,
            timeout=processes.SLOW,
        )
        assert done.returncode == 0, done.stderr

    def ask(self, sql: str) -> list[str]:
        """The first column of what the database answers."""
        engine = sqlalchemy.create_engine(self.env["DATABASE_URL"])
        try:
            with engine.connect() as connection:
                return [str(row[0]) for row in connection.exec_driver_sql(sql)]
        finally:
            engine.dispose()

    def do(self, sql: str) -> None:
        engine = sqlalchemy.create_engine(self.env["DATABASE_URL"])
        with engine.begin() as connection:
            connection.exec_driver_sql(sql)
        engine.dispose()

    def states(self) -> list[str]:
        return self.ask("SELECT state FROM deliveries ORDER BY id")

    def start(self) -> "subprocess.Popen[bytes]":
        return processes.module(
            "celery", "-A", "caucusmail.worker:engine", *self.worker, env=self.env, log=self.folder / "jobs.log"
        )

    def said(self) -> str:
        return (self.folder / "jobs.log").read_text()


def settings_of(folder: Path, sink: Sink, database: str, broker: str) -> dict[str, str]:
    return processes.environment(
        folder,
        DATABASE_URL=database,
        BROKER_URL=broker,
        BROKER_PREFIX=f"test-{uuid.uuid4().hex[:12]}",
        MAIL_SERVER="127.0.0.1",
        MAIL_PORT=str(sink.port),
        MAIL_DOMAIN="caucus.example",
        CONTROLLER="Coalition, 1 Example Street",
        SITE_URL="https://caucus.example",
        SECRET_KEY="tests-only-tests-only-tests-only-tests-only",
    )


def clean_up(broker: str, prefix: str) -> None:
    """Leave no queue behind on a broker that others use."""
    if broker.startswith("amqp"):
        with Connection(broker) as connection, connection.channel() as channel:
            for lane in jobs.LANES:
                channel.queue_delete(f"{prefix}.{lane}")
            channel.exchange_delete(prefix)
    elif broker.startswith("redis"):
        server = redis.Redis.from_url(broker)
        for key in server.scan_iter(f"*{prefix}*"):
            server.delete(key)


@pytest.fixture(params=["embedded", "rabbitmq", "redis"])
def site(request: pytest.FixtureRequest, tmp_path: Path, sink: Sink) -> Iterator[Site]:
    """An installation of each kind: SQLite with its broker in a file; PostgreSQL with RabbitMQ; PostgreSQL with Redis."""
    if request.param == "embedded":
        database = f"sqlite:///{tmp_path / 'house.sqlite3'}"
        broker = f"sqla+sqlite:///{tmp_path / 'broker.sqlite3'}"
        worker = ["worker", "--beat", "--pool", "threads", "--concurrency", "2", "--loglevel", "INFO"]
    else:
        broker = services.broker(services.RABBITMQ if request.param == "rabbitmq" else services.REDIS)
        database = services.fresh_postgresql("caucusmail_jobs")
        worker = ["worker", "--beat", "--concurrency", "2", "--loglevel", "INFO"]
    site = Site(settings_of(tmp_path, sink, database, broker), worker, tmp_path)
    subprocess.run(
        [sys.executable, "-m", "flask", "--app", "wsgi", "db", "upgrade"], cwd=ROOT, env=site.env, check=True
    )
    yield site
    clean_up(broker, site.env["BROKER_PREFIX"])
    if database.startswith("postgresql"):
        services.drop_postgresql(database)


@pytest.fixture
def at_work(site: Site) -> Iterator["subprocess.Popen[bytes]"]:
    worker = site.start()
    until(lambda: " ready." in site.said(), "the worker is ready")
    yield worker
    processes.end(worker)


def test_an_enqueued_letter_reaches_the_relay_at_once(
    site: Site, sink: Sink, at_work: "subprocess.Popen[bytes]"
) -> None:
    site.python(ENQUEUE, "amina@mail.example")
    until(lambda: sink.to("amina@mail.example"), "the letter", 20)
    until(lambda: site.states() == ["accepted"], "the ledger knows")
    until(
        lambda: (
            site.ask("SELECT name FROM heartbeats WHERE detail = '' AND name != 'sending' ORDER BY name")
            == ["jobs", "relay"]
        ),
        "heartbeats",
    )
    assert processes.end(at_work) == 0


def test_what_was_enqueued_while_the_broker_was_down_is_found_by_the_sweep(
    site: Site, sink: Sink, at_work: "subprocess.Popen[bytes]"
) -> None:
    site.python(ENQUEUE, "amina@mail.example", BROKER_URL=NOBODY)
    until(lambda: sink.to("amina@mail.example"), "the sweep finds the letter")
    assert len(sink.to("amina@mail.example")) == 1


def test_a_worker_killed_at_work_loses_nothing_and_sends_nothing_twice(site: Site, sink: Sink) -> None:
    people = [f"person{number}@mail.example" for number in range(15)]
    site.python(ENQUEUE, *people, BROKER_URL=NOBODY)
    first = site.start()
    until(lambda: sink.caught, "the first letter")
    os.killpg(first.pid, signal.SIGKILL)
    first.wait()
    past = "'2020-01-01 00:00:00.000000'"  # later: its leases have lapsed, and nobody renewed them
    site.do(f"UPDATE deliveries SET lease_until = {past}, missed_at = {past} WHERE lease_until IS NOT NULL")
    second = site.start()
    try:
        until(
            lambda: not {"queued", "in-flight"} & set(site.states()),
            "all are settled",
            120,
        )
    finally:
        processes.end(second)
    received = [one.recipients[0] for one in sink.caught]
    assert len(received) == len(set(received))  # no one twice
    uncertain = site.states().count("uncertain")
    assert len(received) >= len(people) - uncertain  # no one left out without word of it


def test_a_worker_that_is_told_to_end_while_a_line_is_silent_ends_and_leaves_nothing_uncertain(site: Site) -> None:
    relay = Rough(many=True, silent_to=b"<silent@").start()  # as long as the worker keeps the line
    try:
        site.env["MAIL_PORT"] = str(relay.port)
        site.python(ENQUEUE, "silent@mail.example", "amina@mail.example", BROKER_URL=NOBODY)
        worker = site.start()
        until(lambda: any(b"<silent@" in line for line in relay.commands), "the silence")
        os.kill(worker.pid, signal.SIGTERM)  # the pool's processes are not told
        assert worker.wait(processes.SLOW) == 0
    finally:
        processes.end(worker, signal.SIGKILL)
        relay.stop()
    assert set(site.states()) <= {"queued", "accepted"}
    assert site.ask("SELECT count(*) FROM deliveries WHERE lease_until IS NOT NULL") == ["0"]
