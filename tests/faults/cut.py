"""S-F11: the power of the machine is cut, and of what SQLite wrote only that is left which it had flushed.

Every write and every flush of the worker is seen in a trace (strace); what the disk would hold after a cut is made from
what it held before and those writes after which a flush has ended. What was written later is lost, or, in the second cut,
some of it is there, as a disk does that writes in an order of its own.
"""

import random
import re
import time
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path

from sqlalchemy import func, text, update

from caucusmail.delivery.models import Delivery, DeliveryState
from tests.faults.house import House
from tests.faults.order import Call, Trace
from tests.faults.stores import CHUNK, Cluster, LeftOut

CALLS = "pwrite64,fsync,fdatasync,ftruncate"
CUTS = 2
LETTERS = 3 * CHUNK  # each cut may leave a chunk uncertain, and something is to leave after the last
_FILE = re.compile(r"^\d+<(?P<path>[^>]*)>")
_WRITE = re.compile(r'^\d+<[^>]*>, "(?P<octets>(?:[^"\\]|\\.)*)", (?P<length>\d+), (?P<at>\d+)$')


@dataclass
class Disk:
    """What files hold for certain, and what was written to them and not flushed since."""

    certain: dict[str, bytearray]
    open: dict[str, list[tuple[Call, int, bytes]]] = field(default_factory=dict)

    def lived(self, calls: Iterable[Call]) -> "Disk":
        """After these calls, in their order; other files than ours are left alone."""
        for call in calls:
            file = _FILE.match(call.words)
            path = file["path"] if file else ""
            if path not in self.certain:
                continue
            if call.name == "pwrite64":
                at, octets = written(call.words)
                self.open.setdefault(path, []).append((call, at, octets))
            elif call.name == "ftruncate":
                raise LeftOut("a file was cut short: not simulated")
            else:
                self._flush(path, call)
        return self

    def _flush(self, path: str, flush: Call) -> None:
        writes = self.open.pop(path, [])
        for call, at, octets in writes:
            if call.ended <= flush.began:
                _put(self.certain[path], at, octets)
            else:
                self.open.setdefault(path, []).append((call, at, octets))

    def lose(self, kept: float, dice: random.Random) -> int:
        """The cut: of what was not flushed only the share ``kept`` is there; how many writes are lost."""
        lost = 0
        for path, writes in self.open.items():
            for _call, at, octets in writes:
                if dice.random() < kept:
                    _put(self.certain[path], at, octets)
                else:
                    lost += 1
        self.open.clear()
        return lost


def _put(file: bytearray, at: int, octets: bytes) -> None:
    file.extend(bytes(max(0, at + len(octets) - len(file))))
    file[at : at + len(octets)] = octets


def written(words: str) -> tuple[int, bytes]:
    """Where a pwrite64 wrote, and what, from its words in a trace."""
    found = _WRITE.match(words)
    assert found is not None, words[:200]
    octets = found["octets"].encode("ascii").decode("unicode_escape").encode("latin-1")
    assert len(octets) == int(found["length"]), "the trace does not hold the whole write"
    return int(found["at"]), octets


def loses_writes(house: House, server: Cluster | None = None) -> None:
    """Twice: a worker at work, the power is cut, and another worker on the disk that is left."""
    if server is not None:
        raise LeftOut("a server that is stopped at once loses what its own log had not written: S-F11")
    house.relay(slow_s=0.002)
    dice, lost, whole, named = random.Random(house.count), [], [], []
    for number, kept in enumerate((0.0, 0.5)):
        lost.append(_cut(house, house.folder / f"cut{number}", kept, dice))
        began = time.monotonic()
        with house.engine.begin() as connection:
            whole.append(connection.scalar(text("PRAGMA integrity_check")) == "ok")
            connection.execute(
                update(Delivery).where(Delivery.lease_until.is_not(None)).values(lease_by=_other_start())
            )
        house.let_leases_lapse()
        before = house.states()[DeliveryState.UNCERTAIN]
        house.worker("sweep", 2).wait()
        named.append(house.states()[DeliveryState.UNCERTAIN] - before)
        if number + 1 < CUTS:
            continue
        house.worker()
        house.recovered(began)
    house.finish()
    house.notes |= {"writes_lost": lost, "uncertain_of_each": named, "uncertain_at_most": CUTS * CHUNK}
    house.notes["also"] = {
        "something was lost": all(lost),
        "the database is whole": all(whole),
        "no cut names more than a chunk": all(0 < many <= CHUNK for many in named),
        "the rest was taken": house.states()[DeliveryState.ACCEPTED] == house.count - sum(named),
    }


def _cut(house: House, folder: Path, kept: float, dice: random.Random) -> int:
    """A worker is killed at work, and its database becomes what a disk would hold; how many writes are lost."""
    file = Path(house.url.removeprefix("sqlite:///"))
    journal = file.with_name(f"{file.name}-wal")
    house.engine.dispose()
    disk = Disk({str(one): bytearray(one.read_bytes() if one.exists() else b"") for one in (file, journal)})
    (house.folder / "go").unlink(missing_ok=True)
    folder.mkdir()
    trace, worker, before = Trace(folder, CALLS), house.waiting(), house.taken()
    trace.follow(worker.pid)
    house.go()
    house.until_taken(before + house.count // 8)
    house.kill(worker)
    lost = disk.lived(trace.end()).lose(kept, dice)
    for one in (file, journal):
        one.write_bytes(disk.certain[str(one)])
    file.with_name(f"{file.name}-shm").unlink(missing_ok=True)
    return lost


def _other_start() -> object:
    """The mark of who leased a row, as another start of the machine would have made it."""
    return func.substr(Delivery.lease_by, 1, func.length(Delivery.lease_by) - 8) + "0ther000"
