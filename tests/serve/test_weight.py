import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from caucusmail.serve import weight
from tests import services


@pytest.fixture(autouse=True)
def linux() -> None:
    if sys.platform != "linux":
        services.missing("only Linux tells what a process weighs in /proc")


def test_the_weight_is_that_of_the_run_and_all_below_it(tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    (tmp_path / "run.lock").write_text(str(os.getpid()))
    assert weight.memory(tmp_path) == 0
    *processes, total = capsys.readouterr().out.splitlines()
    megabytes = [float(re.match(r" *([\d.]+) MB  ", line)[1]) for line in [*processes, total]]
    assert "python" in processes[0]
    assert total.endswith("MB  in all")
    assert megabytes[0] > 1
    assert megabytes[-1] == pytest.approx(sum(megabytes[:-1]), abs=0.1 * len(megabytes))


@pytest.mark.parametrize("lock", [None, "", str(2**22 + 1)])
def test_where_nothing_runs_that_is_said(tmp_path: Path, lock: str | None, capsys: pytest.CaptureFixture[str]):
    if lock is not None:
        (tmp_path / "run.lock").write_text(lock)
    assert weight.memory(tmp_path) == 1
    assert capsys.readouterr().err == "nothing runs here\n"


def test_what_has_ended_and_was_not_yet_looked_after_weighs_nothing(tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    (tmp_path / "run.lock").write_text(str(os.getpid()))
    ended = subprocess.Popen([sys.executable, "-c", ""])
    os.waitid(os.P_PID, ended.pid, os.WEXITED | os.WNOWAIT)
    assert weight.memory(tmp_path) == 0
    assert ended.wait() == 0
    assert capsys.readouterr().out.endswith("MB  in all\n")
