"""One process of the run. How a whole run starts and ends: tests/journeys/test_run.py."""

import contextlib
import os
import signal
import socket
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from caucusmail.serve import child
from caucusmail.serve.child import Child
from tests import services

Start = Callable[[str], Child]
PATIENCE = 10  # seconds


@pytest.fixture
def start(tmp_path: Path) -> Iterator[Start]:
    """Start a child that runs a piece of Python; what is left of it is ended."""
    started: list[Child] = []

    def begin(code: str) -> Child:
        (tmp_path / "piece.py").write_text(code)
        one = Child("piece", ["piece"], tmp_path / "piece.log")
        one.start({**os.environ, "PYTHONPATH": str(tmp_path)})
        started.append(one)
        return one

    yield begin
    for one in started:
        one.signal(signal.SIGKILL)
        if one.process:
            one.process.wait()


def waited(true: Callable[[], object]) -> bool:
    until = time.monotonic() + PATIENCE
    while not true() and time.monotonic() < until:
        time.sleep(0.01)
    return bool(true())


def test_a_child_has_a_session_of_its_own_and_writes_to_its_log(start: Start):
    one = start("import os; print('session', os.getsid(0) == os.getpid(), flush=True); input()")
    assert one.process
    one.process.wait(PATIENCE)
    log = one.log.read_text()
    assert "session True" in log
    assert "EOFError" in log  # it has no keyboard


def test_a_signal_reaches_what_a_child_has_left_behind(start: Start):
    if sys.platform != "linux":
        services.missing("only Linux tells in /proc whether a process is still there")
    code = "import subprocess, sys; print(subprocess.Popen([sys.executable, '-c', 'input()'], stdin=subprocess.PIPE)"
    one = start("import time\n" + code + ".pid, flush=True); time.sleep(60)")
    assert waited(lambda: one.log.read_text().strip())
    left = int(one.log.read_text())
    assert one.process
    one.process.kill()
    one.process.wait()
    assert Path(f"/proc/{left}").exists()
    one.signal(signal.SIGKILL)
    assert waited(lambda: not Path(f"/proc/{left}").exists() or "Z" in Path(f"/proc/{left}/stat").read_text())


def test_a_signal_to_who_is_gone_is_fine(start: Start):
    one = start("")
    assert one.process
    one.process.wait(PATIENCE)
    one.signal(signal.SIGTERM)
    Child("never", [], one.log).signal(signal.SIGTERM)


def test_a_child_that_keeps_dying_is_started_again_each_time_later(start: Start, capsys: pytest.CaptureFixture[str]):
    one = start("raise SystemExit(3)")
    pauses = []
    for _ in range(7):
        assert one.process
        one.process.wait(PATIENCE)
        before = time.monotonic()
        one.look_after({})
        assert one.process is None
        pauses.append(round(one.due - before))
        one.look_after({})
        assert one.process is None, "its time has not come"
        one.due = 0
        one.look_after({**os.environ, "PYTHONPATH": str(one.log.parent)})
    assert pauses == [1, 2, 4, 8, 16, 30, 30]
    assert f"piece ended (3); starting it again in 1 s, see {one.log}" in capsys.readouterr().out


def test_a_child_that_was_well_for_a_minute_begins_again_with_a_short_pause(start: Start):
    one = start("")
    assert one.process
    one.process.wait(PATIENCE)
    one.deaths, one.began = 6, time.monotonic() - child.STEADY_AFTER - 1
    one.look_after({})
    assert one.deaths == 1


def test_a_child_at_work_is_left_alone(start: Start):
    one = start("import time; time.sleep(60)")
    before = one.process
    one.look_after({})
    assert one.process is before
    assert one.deaths == 0


def test_a_port_that_is_taken_is_refused_and_a_free_one_is_not():
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        assert child.refusal("127.0.0.1", taken.getsockname()[1]) is not None
    assert child.refusal("127.0.0.1", child.any_port()) is None


def test_a_terminal_that_is_gone_does_not_end_the_run(monkeypatch: pytest.MonkeyPatch):
    read, write = os.pipe()
    os.close(read)
    gone = os.fdopen(write, "w")
    monkeypatch.setattr(sys, "stdout", gone)
    child.say("nobody hears this")
    monkeypatch.undo()
    with contextlib.suppress(BrokenPipeError):
        gone.close()
