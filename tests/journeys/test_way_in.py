"""Mail that comes in, with the real process: killed at will, and on the disk before it says 250."""

import re
import shutil
import signal
import smtplib
import socket
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests import services
from tests.journeys import processes
from tests.journeys.processes import ROOT, until

pytestmark = pytest.mark.journey
MAIL = b"Message-ID: <1@a.example>\r\nSubject: x\r\n\r\nbody\r\n"
TO = "postmaster@caucus.example"


class WayIn:
    """``flask lmtp`` on an instance of its own."""

    def __init__(self, folder: Path) -> None:
        self.port, self.log = processes.free_port(), folder / "lmtp.log"
        self.database = folder / "instance" / "caucusmail.sqlite3"
        self.env = processes.environment(folder / "instance", LMTP_PORT=str(self.port))
        upgrade = [sys.executable, "-m", "flask", "--app", "wsgi", "db", "upgrade"]
        subprocess.run(upgrade, cwd=ROOT, env=self.env, check=True, capture_output=True)
        self.process: subprocess.Popen[bytes] | None = None

    def start(self, *before: str) -> None:
        command = [*before, sys.executable, "-m", "flask", "--app", "wsgi", "lmtp"]
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                command, cwd=ROOT, env=self.env, stdout=log, stderr=log, start_new_session=True
            )
        until(self._listens, "the way in listens")

    def _listens(self) -> bool:
        with socket.socket() as probe:
            return probe.connect_ex(("127.0.0.1", self.port)) == 0

    def send(self, mail: bytes = MAIL) -> None:
        with smtplib.LMTP("127.0.0.1", self.port) as client:
            client.sendmail("", [TO], mail)

    def end(self, number: signal.Signals = signal.SIGTERM) -> int:
        assert self.process is not None
        process, self.process = self.process, None
        return processes.end(process, number)

    def kept(self) -> int:
        with sqlite3.connect(self.database) as connection:
            return int(connection.execute("SELECT count(*) FROM received").fetchone()[0])


@pytest.fixture
def way_in(tmp_path: Path) -> Iterator[WayIn]:
    made = WayIn(tmp_path)
    yield made
    if made.process is not None:
        made.end(signal.SIGKILL)


def test_what_was_taken_over_outlives_a_killed_server_and_comes_once(way_in: WayIn) -> None:
    way_in.start()
    way_in.send()
    way_in.end(signal.SIGKILL)
    assert way_in.kept() == 1
    way_in.start()
    way_in.send()  # the mail server in front never heard our 250
    way_in.send(MAIL.replace(b"<1@", b"<2@"))
    assert way_in.kept() == 2
    assert way_in.end() == 0


def test_250_is_said_after_the_message_is_on_the_disk(way_in: WayIn, tmp_path: Path) -> None:
    if not shutil.which("strace"):
        services.missing("strace is not installed")
    trace = tmp_path / "trace"
    way_in.start("strace", "-f", "-o", str(trace), "-e", "trace=fsync,fdatasync,sendto")
    way_in.send()
    way_in.end()
    calls = re.findall(r"(fsync|fdatasync|354 end|250 2\.0\.0 kept)", trace.read_text())
    told, kept = calls.index("354 end"), calls.index("250 2.0.0 kept")
    assert {"fsync", "fdatasync"} & set(calls[told:kept])


def test_a_port_that_is_taken_is_named(way_in: WayIn) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", way_in.port))
        taken.listen()
        command = [sys.executable, "-m", "flask", "--app", "wsgi", "lmtp"]
        done = subprocess.run(command, cwd=ROOT, env=way_in.env, capture_output=True, text=True, timeout=processes.SLOW)
    assert done.returncode == 1
    assert "LMTP_PORT: we cannot listen there" in done.stderr
