"""What a fault is tried on: a database of its own, a scripted relay, workers that can be killed; and the reckoning at the end."""

import multiprocessing
import os
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import Engine, create_engine, select, update

from caucusmail.delivery.models import DUE, Delivery, DeliveryState
from tests.faults import sink, worker
from tests.journeys.processes import free_port

K = 4  # lines to the relay: Config.MAIL_CONNECTIONS
PATIENCE_S = 300.0
OPEN = (*DUE, DeliveryState.FAILED, DeliveryState.UNCERTAIN, DeliveryState.WITHDRAWN)


class Late(Exception):
    """Something that was waited for did not happen."""


_FORKS = multiprocessing.get_context("forkserver")
_FORKS.set_forkserver_preload(["tests.faults.worker", "tests.faults.sink"])  # a start costs no second of imports


def _run(target: Callable[..., None], log: Path, env: dict[str, str], arguments: tuple[Any, ...]) -> None:
    out = os.open(log, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
    os.dup2(out, 1)
    os.dup2(out, 2)
    os.environ.update(env)
    target(*arguments)


class Child:
    """A process of its own, begun at once."""

    def __init__(self, process: Any) -> None:
        self._process = process
        process.start()
        self.pid, self.kill, self.terminate = int(process.pid), process.kill, process.terminate

    @property
    def ended(self) -> bool:
        return self._process.exitcode is not None

    def wait(self, seconds: float = PATIENCE_S) -> int:
        """Its exit status; -9: it was killed."""
        self._process.join(seconds)
        if not self.ended:
            raise Late(f"not within {seconds:.0f} s: the end of a process")
        return int(self._process.exitcode)


@dataclass
class House:
    """One database, one relay, one announcement to ``count`` people."""

    folder: Path
    url: str
    count: int
    crashes: int = 0  # each may leave K uncertain rows
    recovery_s: float = 0.0  # the worst: from a fault's end to the next letter that the relay took
    notes: dict[str, Any] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.port, self.log = free_port(), self.folder / "taken"
        self.log.touch()
        self.engine: Engine = create_engine(self.url, pool_pre_ping=True)
        self._children: list[Child] = []
        self.prepare()

    def prepare(self) -> None:
        """What is there before anything breaks: an announcement to ``count`` people."""
        assert self.worker("owe", self.count).wait() == 0, (self.folder / "log").read_text()

    # Processes

    def start(self, target: Callable[..., None], *arguments: object, **env: str) -> Child:
        child = Child(_FORKS.Process(target=_run, args=(target, self.folder / "log", env, arguments), daemon=True))
        self._children.append(child)
        return child

    def relay(self, *rules: dict[str, Any], **more: Any) -> Child:
        """A relay that does as the rules say (``tests.faults.sink``), at the house's port."""
        return self.start(sink.main, self.port, str(self.log), more | {"rules": rules})

    def worker(self, act: str = "work", *arguments: int, **env: str) -> Child:
        """One of the acts of ``tests.faults.worker``; with ``env`` as its environment names it."""
        return self.start(worker.main, self.url, str(self.folder), self.port, act, *arguments, **env)

    def waiting(self, act: str = "work", *arguments: int, **env: str) -> Child:
        """The same, ready, and waiting for ``go``."""
        return self.worker(act, *arguments, FAULTS_WAIT=str(self.folder / "go"), **env)

    def go(self) -> None:
        (self.folder / "go").touch()

    def kill(self, child: Child) -> None:
        """kill -9 of a worker: a crash that may leave K uncertain rows."""
        self.crashes += 1
        child.kill()
        child.wait()

    def end(self) -> None:
        for child in self._children:
            child.kill()
            child.wait()
        self.engine.dispose()

    # Looking

    def until(self, true: Callable[[], Any], what: str, seconds: float = PATIENCE_S) -> None:
        ends = time.monotonic() + seconds
        while not true():
            if time.monotonic() > ends:
                raise Late(f"not within {seconds:.0f} s: {what}")
            time.sleep(0.005)

    def taken(self) -> int:
        """Letters that the relay has taken so far."""
        return self.log.read_bytes().count(b"\n")

    def until_taken(self, number: int) -> None:
        self.until(lambda: self.taken() >= min(number, self.count), f"{number} letters taken")

    def recovered(self, since: float) -> None:
        """Wait for the next letter; the worst time from ``since`` (monotonic) is told."""
        before = self.taken()
        if before < self.count:
            self.until(lambda: self.taken() > before or not set(DUE) & set(self.states()), "the next letter")
            self.recovery_s = max(self.recovery_s, time.monotonic() - since)

    def rows(self) -> list[Any]:
        columns = (
            Delivery.address,
            Delivery.state,
            Delivery.attempts,
            Delivery.reply,
            Delivery.note,
            Delivery.lease_until,
        )
        with self.engine.connect() as connection:
            return list(connection.execute(select(*columns)))

    def states(self) -> Counter[DeliveryState]:
        return Counter(row.state for row in self.rows())

    # Time

    def let_leases_lapse(self) -> None:
        """As if the leases had run out since the crash, and whoever held them had not come back."""
        past = datetime.now(UTC) - timedelta(hours=1)
        self._change(Delivery.lease_until.is_not(None), lease_until=past, missed_at=past)

    def bring_forward(self) -> int:
        """As if the wait of every deferred row were over; how many."""
        return self._change(Delivery.state == DeliveryState.DEFERRED, due_at=datetime.now(UTC) - timedelta(seconds=1))

    def _change(self, *where: Any, **values: Any) -> int:
        with self.engine.begin() as connection:
            return connection.execute(update(Delivery).where(*where).values(**values)).rowcount

    def finish(self) -> None:
        """Work until every row is settled: leases lapse, waits end."""
        for _ in range(6):
            if not {*DUE, DeliveryState.IN_FLIGHT} & set(self.states()):
                return
            self.let_leases_lapse()
            self.bring_forward()
            ended = self.worker().wait()
            if ended != 0:
                raise Late(f"a worker ended with {ended}")

    # Reckoning

    def reckoning(self) -> dict[str, Any]:
        """The promise, row by row (docs/promise.md), against what the relay took."""
        rows = {row.address: row.state for row in self.rows()}
        copies = Counter(self.log.read_text().splitlines())
        to = {line.partition("\t")[0] for line in copies}
        everybody = {f"p{number}@mail.example" for number in range(self.count)}
        lost = {one for one in everybody if one not in to and rows.get(one) not in OPEN}
        states = Counter(rows.values())
        found = {
            "N": self.count,
            "lost": len(lost),
            "duplicates": sum(copies.values()) - len(to),
            "uncertain": states[DeliveryState.UNCERTAIN],
            "K": K,
            "crashes": self.crashes,
            "recovery_s": round(self.recovery_s, 1),
            "states": {state.value: number for state, number in sorted(states.items())},
        }
        kept = (
            not lost
            and found["duplicates"] == 0
            and found["uncertain"] <= self.notes.pop("uncertain_at_most", K * self.crashes)
            and {one for one, state in rows.items() if state is DeliveryState.ACCEPTED} <= to
            and not states[DeliveryState.IN_FLIGHT]
            and not states[DeliveryState.QUEUED]
            and len(rows) == self.count
        )
        return found | self.notes | {"pass": kept and all(self.notes.get("also", {}).values())}
