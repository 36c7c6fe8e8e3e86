from datetime import timedelta
from pathlib import Path

import pytest
import time_machine

from caucusmail import broker_file, clock, disk
from caucusmail.audit import heartbeats
from caucusmail.database import db, transaction
from caucusmail.doctor import machine
from tests import services
from tests.journeys import processes


def test_a_broker_in_a_file_is_well_once_it_is_made(tmp_path: Path) -> None:
    url = f"sqla+sqlite:///{tmp_path}/broker.sqlite3"
    assert machine.broker(url).verdict == "wrong"
    broker_file.prepare(url)
    assert machine.broker(url).verdict == "ok"
    (tmp_path / "broker.sqlite3").write_bytes(b"no database" * 100)
    assert machine.broker(url).verdict == "wrong"


@pytest.mark.parametrize("scheme", ["amqp", "redis"])
def test_a_broker_that_is_not_there_is_wrong(scheme: str) -> None:
    found = machine.broker(f"{scheme}://guest:hush@127.0.0.1:{processes.free_port()}/0")
    assert (found.verdict, "hush" in found.words) == ("wrong", False)


@pytest.mark.services
@pytest.mark.parametrize("url", [services.RABBITMQ, services.REDIS])
def test_a_broker_that_takes_us_is_well(url: str) -> None:
    assert machine.broker(services.broker(url)).verdict == "ok"


def test_the_jobs_say_how_they_are() -> None:
    (found,) = machine.jobs()
    assert (found.verdict, found.words) == ("wrong", "never seen at work")
    with transaction():
        heartbeats.beat("jobs")
        heartbeats.beat("relay")
    assert [one.verdict for one in machine.jobs()] == ["ok"]
    with transaction():
        heartbeats.beat("relay", "cannot be reached: no answer in time")
    assert [one.verdict for one in machine.jobs()] == ["ok", "wrong"]
    with time_machine.travel(clock.now() + timedelta(minutes=5)):
        assert [one.verdict for one in machine.jobs()] == ["wrong"]


def test_jobs_of_which_nothing_can_be_read_are_wrong() -> None:
    db.session.execute(db.text("DROP TABLE heartbeats"))
    assert [one.verdict for one in machine.jobs()] == ["wrong"]


@pytest.mark.parametrize(
    ("little", "nothing", "verdict"), [(0, 0, "ok"), (2**62, 0, "warning"), (2**62, 2**62, "wrong")]
)
def test_free_disk_is_told(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, little: int, nothing: int, verdict: str
) -> None:
    monkeypatch.setattr(disk, "LITTLE", little)
    monkeypatch.setattr(disk, "NOTHING", nothing)
    (found,) = machine.disks(str(tmp_path), f"sqlite:///{tmp_path}/house.sqlite3")
    assert found.verdict == verdict
    assert f"free for the instance folder and the database ({tmp_path})" in found.words


@pytest.mark.parametrize(
    ("seconds", "verdict", "words"),
    [
        (2, "ok", "2 s ahead of that of the server"),
        (-2, "ok", "2 s behind that of the server"),
        (45, "warning", "45 s ahead"),
        (-400, "wrong", "400 s behind"),
    ],
)
def test_a_clock_that_is_off_is_told(seconds: int, verdict: str, words: str) -> None:
    found = machine.clocks({"the server": timedelta(seconds=seconds), "the site": None})
    assert found.verdict == verdict
    assert words in found.words
    assert "the site" not in found.words


def test_a_clock_with_nothing_to_compare_it_with_deserves_a_look() -> None:
    found = machine.clocks({"the server": None, "the site": None})
    assert found.verdict == "warning"
    assert "the server, the site: none shown" in found.words
