"""``make faults``: one JSON line for each fault and database; the exit status is 1 if one was not stood.

FAULTS_N: recipients (2,000), FAULTS_KILLS: of S-F1 (20); arguments: the faults to try ("S-F1" "S-F10").
"""

import contextlib
import json
import os
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from tests import services
from tests.faults import elsewhere, kills, relays, stores
from tests.faults.house import House, Late
from tests.faults.stores import LeftOut

N = int(os.environ.get("FAULTS_N") or 2000)
Scene = Callable[[House], None]
SCENES: dict[str, Scene] = {
    "S-F1, at random": kills.at_random,
    "S-F1, at each place": kills.at_each_place,
    "S-F2, after the dot": relays.hangs_up_after_the_dot,
    "S-F2, before the dot": relays.hangs_up_before_the_dot,
    "S-F2, inside the content": relays.hangs_up_inside_the_content,
    "S-F2, no PIPELINING": relays.hangs_up_without_pipelining,
    "S-F3": relays.dies,
    "S-F4": kills.after_the_answer,
    "S-F5": relays.greylists,
    "S-F6": relays.closes,
    "S-F7": relays.refuses,
    "S-F8": relays.is_slow,
    "S-F12": kills.clock_jumps,
    "S-F13": kills.several,
    "S-F18": kills.left_meanwhile,
    "S-F19": kills.stopped,
    "S-F20": kills.deploy,
}


@contextlib.contextmanager
def fresh(database: str) -> Iterator[str]:
    """The address of an empty database."""
    if database == "sqlite":
        with tempfile.TemporaryDirectory(prefix="faults-") as folder:
            yield f"sqlite:///{folder}/house.sqlite3"
        return
    try:
        url = services.fresh_postgresql("caucusmail_faults")
    except (pytest.skip.Exception, pytest.fail.Exception) as missing:
        raise LeftOut(str(missing)) from None
    try:
        yield url
    finally:
        services.drop_postgresql(url)


def tried(url: str, count: int, scene: Scene) -> dict[str, Any]:
    """What became of ``count`` letters under this fault."""
    with tempfile.TemporaryDirectory(prefix="faults-") as folder:
        house = House(Path(folder), url, count)
        try:
            scene(house)
            return house.reckoning()
        except Late as late:
            return house.reckoning() | {
                "pass": False,
                "late": str(late),
                "log": (house.folder / "log").read_text()[-2000:],
            }
        finally:
            house.end()


def with_stores(database: str, count: int) -> Iterator[tuple[str, Callable[[], dict[str, Any]]]]:
    """The faults that need a disk or a server of their own."""

    def full() -> dict[str, Any]:
        with contextlib.ExitStack() as stack:
            if database == "postgresql":
                raise LeftOut("needs a server on a small disk: only SQLite is tried")
            disk = stack.enter_context(stores.small_disk(8))
            return tried(f"sqlite:///{disk}/house.sqlite3", count, lambda house: stores.fills_up(house, disk))

    def restarted() -> dict[str, Any]:
        if database == "sqlite":
            raise LeftOut("SQLite has no server that could be restarted")
        with stores.cluster() as server:
            return tried(server.url, count, lambda house: stores.restarts(house, server))

    def cut() -> dict[str, Any]:
        if database == "sqlite":
            with fresh(database) as url:
                return tried(url, count, stores.loses_power)
        with stores.cluster() as server:
            return tried(server.url, count, lambda house: stores.loses_power(house, server))

    yield from (("S-F9", full), ("S-F10", restarted), ("S-F11", cut))


def rows(database: str) -> Iterator[tuple[str, Callable[[], dict[str, Any]]]]:
    def one(scene: Scene) -> Callable[[], dict[str, Any]]:
        def run() -> dict[str, Any]:
            with fresh(database) as url:
                return tried(url, N, scene)

        return run

    yield from ((name, one(scene)) for name, scene in SCENES.items())
    yield from with_stores(database, N)


def tell(**figures: Any) -> bool:
    print(json.dumps(figures, ensure_ascii=False), flush=True)
    return bool(figures.get("pass", True))


def main(wanted: list[str]) -> int:
    def chosen(name: str) -> bool:
        return not wanted or name.partition(",")[0] in wanted

    good = True
    for database in os.environ.get("FAULTS_ON", "sqlite postgresql").split():
        for name, run in rows(database):
            if chosen(name):
                began = time.monotonic()
                try:
                    good &= tell(id=name, database=database, **run(), seconds=round(time.monotonic() - began))
                except LeftOut as why:
                    tell(id=name, database=database, left_out=str(why))
    for one in elsewhere.TESTS:
        if chosen(one.fault):
            good &= tell(id=one.fault, what=one.what, tests=one.words, **{"pass": one.passes()})
    for name, why in elsewhere.LEFT_OUT.items():
        if chosen(name):
            tell(id=name, left_out=why)
    return 0 if good else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
