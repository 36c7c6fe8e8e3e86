"""A worker of the fault matrix, a process of its own: ``main`` with the act and its numbers.

``work``: turns, one after another as a worker's job engine asks for them, until nothing is owed; SIGTERM ends it after the present turn, as it does a worker of the job engine. ``owe N``: an announcement of one
letter to N people. ``sweep``: nothing but the sweep. ``withdraw FIRST BEFORE``: the rows of those people.
``stop``: the announcement. ``go_on``: refusals are judged, and a person lets the paused announcement go on.
``upgrade``: the database becomes what the migrations in FAULTS_MIGRATIONS say. ``receive``: tables, and somebody to whom mail
is passed on; ``lmtp``: the LMTP server at the port; ``judge``: what came in is.
``CAUCUSMAIL_FAILPOINTS`` names where to break off; FAULTS_CLOCK a file that holds how many
seconds the wall clock of this process is wrong; FAULTS_WAIT one that is waited for before anything is done.
FAULTS_TURN: how many letters a turn has at most. FAULTS_SWEEP: seconds between two sweeps (at each turn).
"""

import asyncio
import math
import os
import signal
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import flask_migrate
from sqlalchemy import func, insert, select
from sqlalchemy.exc import DBAPIError

from caucusmail import cli, clock
from caucusmail.assembly import without_pages
from caucusmail.database import Model, db, transaction
from caucusmail.delivery import ledger, outgoing, pausing, stopping, withdrawal
from caucusmail.delivery.ledger import To
from caucusmail.delivery.models import DUE, Delivery, DeliveryState, Lane, OutgoingMessage
from caucusmail.delivery.transport import Timeouts
from caucusmail.inbound import processing, server
from caucusmail.mail.rendering import Letter
from tests import make, settings_for

PATIENCE = Timeouts(connect=10, reply=20, dot=20)
LETTER = Letter("t/t", "en", "Hello", "Hello\n" * 200, "<p>Hello</p>" * 200)


def owe(count: int) -> None:
    Model.metadata.create_all(db.engine)
    with transaction():
        row = ledger.enqueue(LETTER, To("p0@mail.example"), lane=Lane.BULK)
        columns = {one.name: getattr(row, one.name) for one in Delivery.__table__.columns if one.name != "id"}
        others = [f"p{number}@mail.example" for number in range(1, count)]
        if others:
            db.session.execute(insert(Delivery), [columns | {"address": one, "address_key": one} for one in others])


def work(seconds: float = 300) -> None:
    """A database that is away is waited for, as the job engine's next task does."""
    stopping.begin()  # not that of the server that all of us were forked from
    signal.signal(signal.SIGTERM, lambda _number, _frame: stopping.order())
    limit = int(os.environ.get("FAULTS_TURN") or 1_000_000)
    sweep_s, swept = float(os.environ.get("FAULTS_SWEEP") or 0), -math.inf
    ends = time.monotonic() + seconds
    while not stopping.ordered() and time.monotonic() < ends:
        try:
            if time.monotonic() - swept >= sweep_s:
                outgoing.recover()
                swept = time.monotonic()
            turn = outgoing.turn("same-name", limit=limit, timeouts=PATIENCE)
            if not turn and _nothing_due():
                return
        except DBAPIError as problem:
            print(f"the database: {type(problem.orig).__name__}", flush=True)
            db.session.remove()
            time.sleep(0.2)
            continue
        if not turn:
            time.sleep(0.1)


def some(limit: int) -> None:
    while limit > 0 and (done := outgoing.turn("same-name", limit=limit, timeouts=PATIENCE)):
        limit -= done


def _nothing_due() -> bool:
    """Nothing that is due now, leased or not; what waits for its next try is the harness's to bring forward."""
    open_ = Delivery.state == DeliveryState.IN_FLIGHT, Delivery.state.in_(DUE) & (Delivery.due_at <= datetime.now(UTC))
    with db.engine.connect() as connection:
        return not connection.scalar(
            select(func.count())
            .select_from(Delivery)
            .join(OutgoingMessage)
            .where(open_[0] | (open_[1] & OutgoingMessage.paused_at.is_(None) & OutgoingMessage.stopped_at.is_(None)))
        )


def sweep(seconds: float = 600) -> None:
    ends = time.monotonic() + seconds
    while time.monotonic() < ends:
        outgoing.recover()
        time.sleep(0.05)


def withdraw(first: int, before: int) -> None:
    with transaction():
        addresses = [f"p{number}@mail.example" for number in range(first, before)]
        withdrawal.withdraw(
            list(db.session.scalars(select(Delivery.id).where(Delivery.address.in_(addresses)))), "left"
        )


def stop() -> None:
    with transaction():
        ledger.stop(db.session.scalars(select(OutgoingMessage)).one())


def go_on() -> None:
    with transaction():
        processing.judge_refusals()
        pausing.go_on(db.session.scalars(select(OutgoingMessage)).one())


def upgrade() -> None:
    """As ``flask db upgrade``; the tables that are there are the first release's."""
    folder = os.environ["FAULTS_MIGRATIONS"]
    flask_migrate.stamp(folder, revision="0001_house")
    flask_migrate.upgrade(folder)


def receive() -> None:
    Model.metadata.create_all(db.engine)
    make.secretary()
    db.session.commit()


def judge() -> None:
    while processing.turn():
        pass


def wrong_clock(file: Path) -> None:
    """The wall clock of this process jumps when the file changes; the monotonic one does not, as in life."""
    clock.now = lambda: datetime.now(UTC) + timedelta(seconds=float(file.read_text()))


def main(url: str, folder: str, port: int, act: str, *arguments: int) -> None:
    acts: dict[str, Callable[..., None]] = {
        one.__name__: one for one in (work, some, owe, sweep, withdraw, stop, go_on, upgrade, receive, judge)
    }
    acts["lmtp"] = lambda: asyncio.run(server.serve(app.app_context, "127.0.0.1", port))
    if os.environ.get("FAULTS_CLOCK"):
        wrong_clock(Path(os.environ["FAULTS_CLOCK"]))
    points = os.environ.get("CAUCUSMAIL_FAILPOINTS", "")
    app = without_pages(settings_for.testing(url, Path(folder), MAIL_PORT=port, FAILPOINTS=points))
    cli.init_app(app)
    while os.environ.get("FAULTS_WAIT") and not Path(os.environ["FAULTS_WAIT"]).exists():
        time.sleep(0.01)
    with app.app_context():
        acts[act](*arguments)
