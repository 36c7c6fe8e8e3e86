"""One process of the run, with all its descendants; and ports."""

import contextlib
import ctypes
import errno
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

ROOT = Path(__file__).parent.parent.parent
LONGEST_PAUSE = 30  # seconds before a child that keeps dying is started again
STEADY_AFTER = 60  # seconds after which a child counts as well again
PR_SET_PDEATHSIG = 1  # Linux, prctl(2)


def say(words: str = "") -> None:
    """A line on the terminal; one that is gone does not matter."""
    try:
        sys.stdout.write(words + "\n")
        sys.stdout.flush()
    except OSError:
        pass


def _end_with_parent() -> None:
    """In the child: if the supervisor is killed, end as well."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGTERM)


@dataclass
class Child:
    """One process that should be at work, with its descendants."""

    name: str
    command: list[str]
    log: Path
    process: subprocess.Popen[bytes] | None = None
    began: float = 0
    deaths: int = 0
    due: float = field(default=0)  # when to start it

    def start(self, env: Mapping[str, str]) -> None:
        """Start it in a session of its own."""
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(  # noqa: S603 - our own commands
                [sys.executable, "-m", *self.command],
                cwd=ROOT,
                env=dict(env),
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
                preexec_fn=_end_with_parent,
            )
        self.began = time.monotonic()

    def signal(self, number: signal.Signals) -> None:
        """To it and all its descendants, those included that outlived it."""
        if self.process is not None:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(self.process.pid, number)

    def look_after(self, env: Mapping[str, str]) -> None:
        """Start it if it is not at work and its time has come."""
        now = time.monotonic()
        if self.process is not None and self.process.poll() is not None:
            self.signal(signal.SIGKILL)
            self.deaths = 1 if now - self.began > STEADY_AFTER else self.deaths + 1
            pause = min(2 ** (self.deaths - 1), LONGEST_PAUSE)
            say(f"{self.name} ended ({self.process.returncode}); starting it again in {pause} s, see {self.log}")
            self.process, self.due = None, now + pause
        if self.process is None and now >= self.due:
            self.start(env)


def refusal(host: str, port: int) -> OSError | None:
    """Why we cannot listen on this port; None if we can."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as problem:
            return problem
        except UnicodeError:  # no name of a host can be read like that
            return OSError(errno.EADDRNOTAVAIL, host)
    return None


def any_port() -> int:
    """A port the system says is free."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
