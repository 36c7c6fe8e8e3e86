"""The fault matrix: every fault of S-F1 … S-F21 by its name, on which databases it is tried, and how."""

import contextlib
import tempfile
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

from tests.faults import crews, cut, kills, order, relays, stores, way_in
from tests.faults.house import House, Late
from tests.faults.stores import LeftOut

Scene = Callable[..., None]
"""What happens to a house: its first argument; whatever the surroundings give comes after it."""

DATABASES = ("sqlite", "postgresql")


@contextlib.contextmanager
def anywhere(database: str) -> Iterator[tuple[str, list[Any]]]:
    """The address of an empty database, and what else the scene is given."""
    with stores.fresh(database) as url:
        yield url, []


@contextlib.contextmanager
def own_server(database: str) -> Iterator[tuple[str, list[Any]]]:
    """The same, on a server of its own, which the scene is given."""
    if database == "sqlite":
        with anywhere(database) as found:
            yield found
        return
    with stores.cluster() as server:
        yield server.url, [server]


@contextlib.contextmanager
def only_a_server(database: str) -> Iterator[tuple[str, list[Any]]]:
    """The same; SQLite has no server that could be restarted."""
    if database == "sqlite":
        raise LeftOut("SQLite has no server that could be restarted")
    with own_server(database) as found:
        yield found


@contextlib.contextmanager
def on_a_small_disk(database: str) -> Iterator[tuple[str, list[Any]]]:
    """A database that has a small disk for itself; the scene is given the disk and the server."""
    with stores.small_disk(8 if database == "sqlite" else 96) as disk:
        if database == "sqlite":
            yield f"sqlite:///{disk}/house.sqlite3", [disk]
            return
        with stores.cluster(disk) as server:
            yield server.url, [disk, server]


@dataclass(frozen=True)
class Fault:
    """One fault that is tried with letters."""

    scene: Scene
    where: Callable[[str], contextlib.AbstractContextManager[tuple[str, list[Any]]]] = anywhere
    house: type[House] = House
    letters: Callable[[int], int] = int
    """How many, of those that were asked for."""

    def tried(self, database: str, asked: int) -> dict[str, Any]:
        """What became of the letters.

        :raises LeftOut: this machine, or this database, has not what it needs.
        """
        with self.where(database) as (url, more), tempfile.TemporaryDirectory(prefix="faults-") as folder:
            house = self.house(Path(folder), url, self.letters(asked))
            try:
                return _lived_through(house, partial(self.scene, house, *more))
            finally:
                house.end()


def _lived_through(house: House, scene: Callable[[], None]) -> dict[str, Any]:
    try:
        scene()
    except Late as late:
        log = (house.folder / "log").read_text()[-2000:]
        return house.reckoning() | {"pass": False, "late": str(late), "log": log}
    return house.reckoning()


def _few(asked: int) -> int:
    """As many as a trace can hold."""
    return min(asked, 600)


FAULTS: Mapping[str, Fault] = {
    "S-F1 at random": Fault(kills.at_random),
    "S-F1 at each place": Fault(kills.at_each_place),
    "S-F1 unaided": Fault(kills.unaided),
    "S-F2 after the dot": Fault(relays.hangs_up_after_the_dot),
    "S-F2 before the dot": Fault(relays.hangs_up_before_the_dot),
    "S-F2 inside the content": Fault(relays.hangs_up_inside_the_content),
    "S-F2 no PIPELINING": Fault(relays.hangs_up_without_pipelining),
    "S-F3": Fault(relays.dies),
    "S-F4": Fault(kills.after_the_answer),
    "S-F5": Fault(relays.greylists),
    "S-F6": Fault(relays.closes),
    "S-F7": Fault(relays.refuses),
    "S-F7 policy": Fault(relays.refuses_us),
    "S-F8": Fault(relays.is_slow),
    "S-F9": Fault(stores.fills_up, on_a_small_disk, letters=lambda asked: max(asked, 1000)),  # no room for so many
    "S-F10": Fault(stores.restarts, only_a_server),
    "S-F11": Fault(stores.loses_power, own_server),
    "S-F11 disk": Fault(cut.loses_writes, own_server, letters=lambda _asked: cut.LETTERS),
    "S-F11 order out": Fault(order.on_the_way_out, own_server, letters=_few),
    "S-F11 order in": Fault(order.on_the_way_in, own_server, way_in.WayIn, letters=lambda asked: min(asked, 100)),
    "S-F12": Fault(kills.clock_jumps),
    "S-F13": Fault(crews.several, letters=crews.enough),
    "S-F16": Fault(way_in.killed, house=way_in.WayIn),
    "S-F18": Fault(kills.left_meanwhile),
    "S-F19": Fault(kills.stopped),
    "S-F20": Fault(crews.deploy),
    "S-F21": Fault(crews.migrates),
}
"""By the names that ``ONLY`` takes; the part before the blank alone takes all of one fault."""
