"""`make run`: one command starts everything, looks after it, and ends all of it."""

import os
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.journeys import processes
from tests.journeys.processes import ROOT, House, until

pytestmark = pytest.mark.journey


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    house = processes.run(tmp_path_factory.mktemp("run") / "instance", MAIL_PORT=str(processes.free_port()))
    try:
        until(house.well, "the house is well")
        yield house
    finally:
        processes.end(house.process)


def test_the_first_start_founds_the_house_and_says_where_it_is(house: House) -> None:
    until(lambda: "Ctrl-C" in house.log.read_text(), "the welcome")
    assert f"http://localhost:{house.port}/mailbox" in house.log.read_text()
    assert house.get("/mailbox")[0] == 200
    assert house.health() == dict.fromkeys(("web", "disk", "database", "jobs", "relay", "incoming"), "ok")


def test_a_killed_worker_is_started_again_with_one_beat(house: House) -> None:
    worker = house.child("celery")
    os.kill(worker, signal.SIGKILL)
    until(lambda: house.child("celery") not in (0, worker), "another worker")
    until(lambda: "jobs ended (-9)" in house.log.read_text(), "word of it")
    until(lambda: sum("celery" in processes.words(pid) for pid in processes.below(house.process.pid)) == 2, "one beat")


def test_a_killed_web_server_is_started_again(house: House) -> None:
    web = house.child("gunicorn")
    os.kill(web, signal.SIGKILL)
    until(lambda: "web ended (-9)" in house.log.read_text(), "word of it")
    until(house.well, "the house is well")


def test_what_it_weighs_can_be_asked(house: House) -> None:
    env = processes.environment(house.instance)
    asked = subprocess.run(
        [sys.executable, "-m", "caucusmail.serve", "--memory"], cwd=ROOT, env=env, capture_output=True, text=True
    )
    assert asked.returncode == 0
    assert "in all" in asked.stdout.splitlines()[-1]


def test_a_second_run_in_the_same_folder_is_refused(house: House) -> None:
    status, error = start(house.instance, PORT=str(processes.free_port()))
    assert status == 2
    assert "is in use by another `make run`" in error


def test_a_taken_port_is_one_clear_line(house: House, tmp_path: Path) -> None:
    status, error = start(tmp_path / "other", PORT=str(house.port))
    assert (status, error.count("\n")) == (2, 1)
    assert f"PORT: {house.port} is taken" in error


def test_all_children_end_with_it_and_the_next_run_continues(tmp_path: Path) -> None:
    with socket.socket() as taken:  # the usual port of the mailbox is somebody else's: it finds another
        taken.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            taken.bind(("127.0.0.1", 2525))
            taken.listen()
        except OSError:
            pass  # so much the better
        house = processes.run(tmp_path / "instance")
        until(house.well, "the house is well")
        children = processes.below(house.process.pid)
        os.kill(house.process.pid, signal.SIGINT)
        assert house.process.wait(processes.SLOW) == 0
    assert processes.living(children) == []
    assert "All ended" in house.log.read_text()
    again = processes.run(tmp_path / "instance")
    try:
        until(again.well, "the house is well again")
    finally:
        assert processes.end(again.process) == 0


def test_children_end_when_the_supervisor_is_killed(tmp_path: Path) -> None:
    house = processes.run(tmp_path / "instance", MAIL_PORT=str(processes.free_port()))
    until(house.well, "the house is well")
    children = processes.below(house.process.pid)
    os.kill(house.process.pid, signal.SIGKILL)
    house.process.wait()
    until(lambda: processes.living(children) == [], "all gone")


def start(instance: Path, **more: str) -> tuple[int, str]:
    """Start and expect it to end by itself: exit status and what it said."""
    done = subprocess.run(
        [sys.executable, "-m", "caucusmail.serve"],
        cwd=ROOT,
        env=processes.environment(instance, **more),
        capture_output=True,
        text=True,
        timeout=processes.SLOW,
    )
    return done.returncode, done.stderr


@pytest.mark.parametrize(
    "command",
    [
        ["gunicorn", "-c", "deploy/gunicorn.conf.py", "wsgi:app"],
        ["celery", "-A", "caucusmail.worker:engine", "worker"],
        ["flask", "--app", "wsgi", "found"],
        ["flask", "--app", "wsgi", "lmtp"],
        ["caucusmail.mailbox"],
    ],
    ids=["web", "jobs", "cli", "lmtp", "mailbox"],
)
def test_every_process_refuses_a_bad_setting_with_2(tmp_path: Path, command: list[str]) -> None:
    done = subprocess.run(
        [sys.executable, "-m", *command],
        cwd=ROOT,
        env=processes.environment(tmp_path, SECRET_KEY="short"),
        capture_output=True,
        text=True,
        timeout=processes.SLOW,
    )
    assert done.returncode == 2
    assert "SECRET_KEY: must hold at least 32" in done.stderr
