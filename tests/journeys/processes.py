"""Real processes for tests: the whole product as `make run` starts it, and single ones; all ended with the test."""

import json
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parent.parent.parent
SLOW = 180  # seconds until a machine under load has surely done it


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def until(true: Callable[[], Any], what: str, seconds: float = SLOW) -> Any:
    """Wait until ``true()`` is; what it gave."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        found = true()
        if found:
            return found
        time.sleep(0.1)
    raise AssertionError(f"not within {seconds} s: {what}")


def environment(instance: Path, **more: str) -> dict[str, str]:
    """A clean environment of our settings: nothing of the machine's own leaks in."""
    ours = ("DATABASE_URL", "BROKER_", "MAIL_", "SITE_URL", "SECRET_KEY", "CAUCUSMAIL_", "DKIM_", "PORT", "HOST")
    kept = {name: value for name, value in os.environ.items() if not name.startswith(ours)}
    return kept | {"CAUCUSMAIL_INSTANCE": str(instance), "CAUCUSMAIL_DEMO": "0"} | more


def module(*arguments: str, env: dict[str, str], log: Path) -> "subprocess.Popen[bytes]":
    """``python -m …`` in a session of its own."""
    with log.open("ab") as out:
        return subprocess.Popen(
            [sys.executable, "-m", *arguments], cwd=ROOT, env=env, stdout=out, stderr=out, start_new_session=True
        )


@contextmanager
def demo(instance: Path) -> Iterator["House"]:
    """The demo world, as the first ``make run`` makes it; ended with the block."""
    house = run(instance, CAUCUSMAIL_DEMO="1", MAIL_PORT=str(free_port()))
    try:
        until(house.well, "the house is well")
        yield house
    finally:
        end(house.process)


def end(process: "subprocess.Popen[bytes]", number: signal.Signals = signal.SIGTERM) -> int:
    """End a process and all its descendants; its exit status."""
    try:
        os.killpg(process.pid, number)
        status = process.wait(SLOW)
        os.killpg(process.pid, signal.SIGKILL)
    except ProcessLookupError:
        status = process.wait(SLOW)
    return status


def below(pid: int) -> list[int]:
    """All descendants of a process."""
    parents: dict[int, list[int]] = {}
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            text = stat.read_text()
        except OSError:
            continue
        parents.setdefault(int(text.rpartition(")")[2].split()[1]), []).append(int(stat.parent.name))
    found = [pid]
    for one in found:
        found += parents.get(one, [])
    return found[1:]


def words(pid: int) -> str:
    """The command line of a process."""
    try:
        return Path(f"/proc/{pid}/cmdline").read_bytes().replace(b"\0", b" ").decode()
    except OSError:
        return ""


def living(pids: list[int]) -> list[str]:
    """Those of them that still run our code (a process id may have been given anew)."""
    return [words(pid) for pid in pids if str(ROOT) in words(pid) or "caucusmail" in words(pid)]


@dataclass
class House:
    """A running product."""

    process: "subprocess.Popen[bytes]"
    port: int
    log: Path
    instance: Path

    def get(self, path: str) -> tuple[int, str]:
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{self.port}{path}", timeout=5) as answer:
                return answer.status, answer.read().decode()
        except urllib.error.HTTPError as refused:
            return refused.code, refused.read().decode()
        except OSError:
            return 0, ""

    def health(self) -> dict[str, str]:
        status, body = self.get("/healthz")
        return json.loads(body) if status in (200, 503) else {}

    def well(self) -> bool:
        return self.get("/healthz")[0] == 200

    def child(self, name: str) -> int:
        """The process id of the child whose command line holds ``name``; 0 if there is none."""
        ours = [pid for pid in below(self.process.pid) if name in words(pid)]
        return min(ours, default=0)


def run(instance: Path, **more: str) -> House:
    """Start everything, as `make run` does."""
    port = free_port()
    log = instance.parent / f"{instance.name}.log"
    env = environment(instance, PORT=str(port), **more)
    return House(module("caucusmail.serve", env=env, log=log), port, log, instance)
