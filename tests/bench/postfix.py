"""The yardstick: Postfix's ``smtp-source``, which only sends, and its ``smtp-sink``, which only takes and counts.

R, the raw limit of a machine, is what the one pushes into the other: ``smtp-source -d -s 4 -l 4096``.
"""

import contextlib
import os
import shutil
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from tests.bench.figures import Asked, Tell, spread
from tests.faults.stores import LeftOut
from tests.journeys.processes import free_port, until

SESSIONS, OCTETS = 4, 4096


def program(name: str) -> str:
    """Where a program of Postfix is.

    :raises LeftOut: it is not installed.
    """
    found = shutil.which(name) or shutil.which(name, path="/usr/sbin")
    if found is None:
        raise LeftOut(f"{name} is missing: install postfix")
    return found


class Sink:
    """A running ``smtp-sink``."""

    def __init__(self, port: int, log: Path) -> None:
        self.port, self._log = port, log

    @property
    def counted(self) -> int:
        """Messages taken so far, as the sink itself counts them."""
        with self._log.open("rb") as file:
            file.seek(max(0, self._log.stat().st_size - 200))
            told = file.read()
        return int(told.rpartition(b"mesg=")[2].split(b"\r")[0] or 0) if b"mesg=" in told else 0

    def reaches(self, number: int, seconds: float = 300) -> float:
        """Wait until it has taken so many; when that was (monotonic)."""
        ends = time.monotonic() + seconds
        while self.counted < number:
            assert time.monotonic() < ends, f"the sink counted {self.counted} messages in {seconds} s, not {number}"
            time.sleep(0.002)
        return time.monotonic()

    def holds(self, number: int) -> None:
        """It took so many, no more and no fewer; or the run does not count."""
        assert self.counted == number, f"the sink counted {self.counted} messages, not {number}"


@contextlib.contextmanager
def sink(port: int = 0) -> Iterator[Sink]:
    """A new sink, for one run."""
    port = port or free_port()
    user = ["-u", "nobody"] if os.geteuid() == 0 else []
    with tempfile.NamedTemporaryFile(prefix="sink-") as log:
        command = [program("smtp-sink"), *user, "-c", f"127.0.0.1:{port}", "1024"]
        process = subprocess.Popen(command, stdout=log)
        try:
            until(lambda: listens(port), "the sink listens", 10)
            yield Sink(port, Path(log.name))
        finally:
            process.terminate()
            process.wait()


def listens(port: int) -> bool:
    """Whether somebody takes connections there."""
    try:
        socket.create_connection(("127.0.0.1", port), timeout=3).close()
    except OSError:
        return False
    return True


def pushed(port: int, count: int, sessions: int = SESSIONS) -> float:
    """Messages a second that ``smtp-source`` pushes to ``port``."""
    command = [program("smtp-source"), "-d", "-s", str(sessions), "-m", str(count), "-l", str(OCTETS)]
    began = time.perf_counter()
    subprocess.run([*command, "-f", "b@l.example", "-t", "m@x.example", f"127.0.0.1:{port}"], check=True)
    return count / (time.perf_counter() - began)


def limit(count: int) -> float:
    """R: the raw limit, in messages a second."""
    with sink() as taker:
        rate = pushed(taker.port, count)
        taker.holds(count)
    return rate


def measure(tell: Tell, asked: Asked) -> None:
    """R alone."""
    count = asked.number(20_000)
    limit(max(1, count // 10))
    rates = [limit(count) for _ in range(asked.runs)]
    tell("relay_limit", what="R: smtp-source -d -s 4 -l 4096", unit="messages/s", n=count, **spread(rates))
