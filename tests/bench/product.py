"""The product as ``make run`` starts it, in a folder of its own, on the demo world; spoken to over HTTP and SMTP."""

import re
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path

from tests.bench import everybody
from tests.bench.figures import Asked, Tell, tell
from tests.journeys import processes
from tests.journeys.processes import House, until
from tests.journeys.visitor import Answer, Visitor

RUNS, WARM_UP = 40, 3


@contextmanager
def demo(folder: Path) -> Iterator[House]:
    """The product on the demo world."""
    began = time.monotonic()
    house = processes.run(folder / "instance", CAUCUSMAIL_DEMO="1", MAIL_PORT=str(processes.free_port()))
    try:
        until(lambda: house.get("/")[0] == 200, "the first page", 300)
        tell("first start to first page, environment made already", seconds=round(time.monotonic() - began, 1))
        built = re.search(r"demo world is in \((\d+) s\)", house.log.read_text())
        tell("demo build", seconds=int(built[1]) if built else None)
        until(house.well, "the house is well", 120)
        yield house
    finally:
        processes.end(house.process)


def clone_to_first_page(folder: Path) -> None:
    """A fresh clone, ``make run``, the first page."""
    port = processes.free_port()
    env = processes.environment(folder / "unused", PORT=str(port), MAIL_PORT=str(processes.free_port()))
    for name in ("CAUCUSMAIL_INSTANCE", "CAUCUSMAIL_DEMO"):
        env.pop(name, None)
    began = time.monotonic()
    subprocess.run(["git", "clone", "-q", str(processes.ROOT), str(folder / "clone")], check=True)
    with (folder / "clone.log").open("wb") as log:
        run = subprocess.Popen(
            ["make", "run"], cwd=folder / "clone", env=env, stdout=log, stderr=log, start_new_session=True
        )
    house = House(run, port, folder / "clone.log", folder / "clone" / "instance")
    try:
        until(lambda: house.get("/")[0] == 200, "the first page of the clone", 600)
        tell("clone to first page", seconds=round(time.monotonic() - began, 1))
    finally:
        processes.end(run)


def often(name: str, ask: Callable[[], Answer]) -> tuple[dict[str, float], Answer]:
    """Median and p95 of what a page takes, asked for one time after the other; and the page."""
    for _ in range(WARM_UP):
        page = ask()
    assert page.status == 200, (name, page.status)
    took = []
    for _ in range(RUNS):
        began = time.perf_counter()
        page = ask()
        took.append((time.perf_counter() - began) * 1000)
    took.sort()
    figures = {"median_ms": statistics.median(took), "p95_ms": took[int(len(took) * 0.95) - 1]}
    return {name: round(value, 1) for name, value in figures.items()}, page


def timed(name: str, ask: Callable[[], Answer], style: int) -> None:
    """Median, p95 and size of one page."""
    took, page = often(name, ask)
    tell(f"page: {name}", **took, bytes=page.size, bytes_with_style=page.size + style, foreign=len(foreign(page)))


def foreign(page: Answer) -> list[str]:
    """What the page would load from another host."""
    loaded = re.findall(r"""<(?:img|script|link|iframe)[^>]*(?:src|href)="(https?:[^"]+)""", page.text)
    return [one for one in loaded if "localhost" not in one]


def join_flow(house: House, style: int) -> None:
    """The bytes of the whole join flow, and its check page, which is the answer to a form."""
    visitor, total = Visitor(house), 0
    last: Callable[[], Answer] = partial(visitor.get, "/join?caucus=vrwg")
    page = last()
    total += page.size
    for values in (
        {"caucuses": "vrwg"},
        {"kind": "organisation", "ngo_name": "Kituo cha Haki", "country_code": "KE"},
        {
            "people-0-name": "Asha Juma",
            "people-0-address": "asha@kituo.example",
            "authorised": "y",
            "naming_policy": "y",
        },
    ):
        last = partial(visitor.send, page, "/join", **values)
        page = last()
        total += page.size
    timed("join check", last, style)
    time.sleep(4)  # nobody reads and fills three pages faster
    total += visitor.send(page, "/join").size
    tell("join flow", bytes=total + style, budget=60 * 1024)


def pages(house: House) -> None:
    """The ten main pages on the demo world."""
    stranger, staff, member = Visitor(house), Visitor(house), Visitor(house)
    home = stranger.get("/")
    style_path = re.search(r'href="(/static/house[^"]+)"', home.text)
    assert style_path
    style = stranger.get(style_path[1]).size
    tell("style sheet", bytes=style)
    join_flow(house, style)
    staff.sign_in("noor@secretariat.example")
    member.sign_in("rosa@justicia-andina.pe.example")
    listed = staff.get("/compose")
    sent = re.search(r"/compose/(\d+)/progress", listed.text)
    assert sent, "the desk lists no sent announcement"
    draft = re.search(r"/compose/(\d+)", staff.send(staff.get(f"/compose/{sent[1]}/progress"), "/copy").url)
    assert draft
    for visitor, name, path in (
        (stranger, "home", "/"),
        (stranger, "caucus", "/caucuses/vrwg"),
        (stranger, "join 1", "/join"),
        (member, "my page", "/me"),
        (staff, "queue", "/staff/queue"),
        (staff, "compose", f"/compose/{draft[1]}"),
        (staff, "audience", f"/compose/{draft[1]}/audience"),
        (staff, "progress", f"/compose/{sent[1]}/progress"),
        (staff, "members of a group", "/caucuses/network-africa/members"),
    ):
        timed(name, partial(visitor.get, path), style)


def memory(house: House) -> None:
    """What the whole embedded run weighs (J11)."""
    env = processes.environment(house.instance)
    asked = subprocess.run(
        [sys.executable, "-m", "caucusmail.serve", "--memory"],
        cwd=processes.ROOT,
        env=env,
        capture_output=True,
        text=True,
    )
    tell("memory of the embedded run", lines=asked.stdout.strip().splitlines())


def clone(_tell: Tell, _asked: Asked) -> None:
    """From a fresh clone to the first page."""
    with tempfile.TemporaryDirectory() as name:
        clone_to_first_page(Path(name))


def measure(_tell: Tell, _asked: Asked) -> None:
    """Starting, pages, an announcement to everybody, and what it weighs."""
    with tempfile.TemporaryDirectory() as name, demo(Path(name)) as house:
        pages(house)
        everybody.measure(house, tell)
        memory(house)
