"""Faults of the database and its disk."""

import contextlib
import os
import shutil
import subprocess
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import func, update

from caucusmail.delivery import outgoing
from caucusmail.delivery.models import Delivery, DeliveryState
from caucusmail.delivery.retry import Fault
from tests import services
from tests.faults.house import House
from tests.journeys.processes import free_port

CHUNK = outgoing.CHUNK  # what a power cut may leave uncertain


class LeftOut(Exception):
    """It cannot be run here; the text says why."""


@contextlib.contextmanager
def fresh(database: str) -> Iterator[str]:
    """The address of an empty database."""
    with contextlib.ExitStack() as stack:
        try:
            url = stack.enter_context(services.fresh(database, "faults"))
        except (pytest.skip.Exception, pytest.fail.Exception) as missing:
            raise LeftOut(str(missing)) from None
        yield url


class Cluster:
    """A PostgreSQL server of its own, in a folder of its own."""

    def __init__(self, folder: Path) -> None:
        found = sorted(Path("/usr/lib/postgresql").glob("*/bin/pg_ctl"))
        self._bin = found[-1].parent if found else Path(shutil.which("pg_ctl") or "").parent
        if not (self._bin / "initdb").exists():
            raise LeftOut("no PostgreSQL server is installed")
        self.port, self._folder = free_port(), folder
        self.url = f"postgresql://postgres@127.0.0.1:{self.port}/postgres"
        if os.geteuid() == 0:
            shutil.chown(folder, "postgres", "postgres")
        self._run("initdb", "-D", f"{folder}/data", "-U", "postgres", "-A", "trust", "--no-sync", "--wal-segsize=1")
        self.control("start")

    @property
    def pid(self) -> int:
        """The server's first process."""
        return int((self._folder / "data" / "postmaster.pid").read_text().split()[0])

    def begin_again(self) -> bool:
        """As whoever looks after services does: started if it has ended; whether it had."""
        with contextlib.suppress(subprocess.CalledProcessError):
            self.control("status")
            return False
        self.control("start")
        return True

    def control(self, act: str, *more: str) -> None:
        words = f"-p {self.port} -k {self._folder} -c listen_addresses=127.0.0.1 -c max_wal_size=16MB"
        self._run("pg_ctl", act, "-w", "-D", f"{self._folder}/data", "-l", f"{self._folder}/log", "-o", words, *more)

    def _run(self, program: str, *arguments: str) -> None:
        user = ["setpriv", "--reuid=postgres", "--regid=postgres", "--clear-groups"] if os.geteuid() == 0 else []
        command = [*user, str(self._bin / program), *arguments]
        subprocess.run(command, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, cwd="/")


@contextlib.contextmanager
def cluster(disk: Path | None = None) -> Iterator[Cluster]:
    """A server that may be ended at will."""
    with tempfile.TemporaryDirectory(prefix="faults-", dir=disk) as folder:
        made = Cluster(Path(folder))
        try:
            yield made
        finally:
            with contextlib.suppress(subprocess.CalledProcessError):
                made.control("stop", "-m", "immediate")


def restarts(house: House, server: Cluster) -> None:
    """S-F10: the server is restarted at once, three times, while a worker sends; the worker goes on by itself."""
    house.relay(slow_s=0.01)
    house.worker()
    for number in range(max(1, min(3, house.count // (2 * CHUNK)))):  # each may leave a chunk uncertain
        house.until_taken(house.count * (number + 1) // 5)
        server.control("restart", "-m", "immediate")
        house.crashes += 1
        house.let_leases_lapse()
        house.recovered(time.monotonic())
    house.finish()
    # A restarted server may have lost what was not flushed: the rows leased at that moment are named, none is sent again.
    house.notes["uncertain_at_most"] = CHUNK * house.crashes


def loses_power(house: House, server: Cluster | None = None) -> None:
    """S-F11: worker and (PostgreSQL) server die together; SQLite: the machine's boot mark of the leases is changed instead.

    What the disk has lost is not simulated there: only that nobody trusts what is left.
    """
    house.relay(slow_s=0.01)
    worker = house.worker()
    house.until_taken(house.count // 3)
    house.kill(worker)
    if server is not None:
        server.control("restart", "-m", "immediate")
    else:
        with house.engine.begin() as connection:
            connection.execute(
                update(Delivery)
                .where(Delivery.lease_until.is_not(None))
                .values(lease_by=func.substr(Delivery.lease_by, 1, func.length(Delivery.lease_by) - 8) + "0ther000")
            )
    leased = sum(row.lease_until is not None for row in house.rows())
    began = time.monotonic()
    house.let_leases_lapse()
    house.worker()
    house.recovered(began)
    house.finish()
    named = sum(row.note in (Fault.POWER_CUT, Fault.WORKER_DIED) for row in house.rows())
    house.notes["leased_at_the_cut"] = leased
    house.notes["uncertain_at_most"] = CHUNK
    house.notes["also"] = {
        "all that was leased is uncertain": house.states()[DeliveryState.UNCERTAIN] == leased == named
    }


@contextlib.contextmanager
def small_disk(megabytes: int) -> Iterator[Path]:
    """A file system of so many megabytes."""
    if os.geteuid() != 0 or not shutil.which("mount"):
        raise LeftOut("needs root, to mount a small tmpfs")
    with tempfile.TemporaryDirectory(prefix="faults-") as folder:
        mount = ["mount", "-t", "tmpfs", "-o", f"size={megabytes}m", "tmpfs", folder]
        if subprocess.run(mount, check=False, stderr=subprocess.DEVNULL).returncode:
            raise LeftOut("this machine does not let us mount a tmpfs")
        try:
            yield Path(folder)
        finally:
            subprocess.run(["umount", "-l", folder], check=True)


def fills_up(house: House, disk: Path, server: Cluster | None = None) -> None:
    """S-F9: the disk of the database is full in the middle of it; then there is room again, and the server, if it gave up, is
    started."""
    house.relay(slow_s=0.03)
    worker = house.worker()
    house.until_taken(house.count // 4)
    ballast = disk / "ballast"
    with ballast.open("wb", buffering=0) as file, contextlib.suppress(OSError):
        while True:
            file.write(b"\0" * 1024)
    stalled = _stalls(house)
    house.notes["while_full"] = house.taken() - house.count // 4
    ballast.unlink()
    began = time.monotonic()
    house.crashes += 1  # what was in flight when nothing more could be written
    if server is not None and server.begin_again():
        house.notes |= {"the_server_gave_up": True, "uncertain_at_most": CHUNK}
    house.let_leases_lapse()
    if worker.ended:
        house.worker()
    house.recovered(began)
    house.finish()
    house.notes["also"] = {"it stood still": stalled}


def _stalls(house: House) -> bool:
    """Wait until nothing has left for three seconds; False: everything has."""
    last, since = house.taken(), time.monotonic()
    while time.monotonic() - since < 3:
        time.sleep(0.05)
        if house.taken() > last:
            last, since = house.taken(), time.monotonic()
    return last < house.count
