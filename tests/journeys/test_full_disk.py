"""A disk that is full: told in words, nothing lost, at work again as soon as there is room. Needs root (a small tmpfs)."""

import asyncio
import contextlib
import os
import shutil
import subprocess
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from sqlalchemy import text
from sqlalchemy.exc import OperationalError

from caucusmail import disk
from caucusmail.app import House
from caucusmail.audit import heartbeats
from caucusmail.database import db, transaction
from caucusmail.delivery import ledger, outgoing
from caucusmail.delivery.ledger import To
from caucusmail.delivery.models import Delivery, DeliveryState
from caucusmail.inbound import server
from caucusmail.inbound.models import Received
from caucusmail.mail.rendering import Letter
from tests import another, make, services, settings_for
from tests.letters import written
from tests.sink import Sink

pytestmark = pytest.mark.journey
SIZE = 4 * 1024 * 1024  # bytes
LETTER = Letter("test/letter", "en", "Hello", "Hello.\n", "<p>Hello.</p>")


@pytest.fixture
def small(tmp_path: Path) -> Iterator[Path]:
    """A file system of a few megabytes."""
    if os.geteuid() != 0 or not shutil.which("mount"):
        services.missing("needs root, to mount a small tmpfs")
    folder = tmp_path / "small"
    folder.mkdir()
    mounted = subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={SIZE}", "tmpfs", str(folder)], check=False)
    if mounted.returncode:
        services.missing("this machine does not let us mount a tmpfs")
    yield folder
    subprocess.run(["umount", "-l", str(folder)], check=True)


@pytest.fixture
def house(small: Path, tmp_path: Path) -> Iterator[House]:
    """An application whose database lies on the small disk, with a caucus, its coordinator, and a letter that is owed."""
    config = settings_for.testing(f"sqlite:///{small / 'house.sqlite3'}", tmp_path, WTF_CSRF_ENABLED=False)
    with another.house(config) as house, house.app_context():
        make.coordinator(make.caucus("vrwg"))
        yield house


def fill(small: Path) -> Path:
    """Take all the room there is."""
    ballast = small / "ballast"
    with ballast.open("wb", buffering=0) as file, contextlib.suppress(OSError):
        while True:
            file.write(b"\0" * 1024)
    return ballast


def owe(*names: str) -> None:
    with transaction():
        for name in names:
            ledger.enqueue(LETTER, To(f"{name}@mail.example", name))


def states() -> dict[str, DeliveryState]:
    db.session.rollback()
    db.session.expire_all()
    return {row.address.partition("@")[0]: row.state for row in make.rows(Delivery)}


def test_the_site_says_so_loses_nothing_and_goes_on_when_there_is_room(house: House, small: Path):
    ballast, client = fill(small), house.test_client()
    data = {"address": make_address(), "password": ""}
    full = [client.post("/en/sign-in", data=data) for _ in range(30)]
    assert {answer.status_code for answer in full} == {503}
    for answer in full:
        assert "We cannot do this right now" in answer.text
        assert answer.headers["Retry-After"]
    assert client.get("/en/caucuses/vrwg").status_code == 200
    assert states() == {}
    ballast.unlink()
    assert client.post("/en/sign-in", data=data).status_code == 303
    written()
    assert list(states().values()) == [DeliveryState.QUEUED]
    assert db.session.execute(text("PRAGMA integrity_check")).scalar() == "ok"


def test_health_tells_of_it_before_any_job_has_failed_and_of_the_room_that_was_made(
    house: House, small: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(disk, "NOTHING", SIZE // 4)
    with transaction():
        for name in ("jobs", "relay", heartbeats.INCOMING):
            heartbeats.beat(name)
    client = house.test_client()
    assert client.get("/healthz").status_code == 200
    ballast = fill(small)
    full = client.get("/healthz")
    assert full.status_code == 503
    assert full.json["disk"] == "only 0 MiB are free for the database"
    ballast.unlink()
    assert client.get("/healthz").status_code == 200


def make_address() -> str:
    address = str(db.session.query(make.Person).one().address)
    db.session.rollback()
    return address


@pytest.fixture
def relay(house: House) -> Iterator[Sink]:
    sink = Sink()
    sink.start()
    house.extensions["mail"].port = sink.port
    yield sink
    sink.stop()


def test_the_worker_stops_before_the_dot_and_sends_each_once_when_there_is_room(house: House, small: Path, relay: Sink):
    names = [f"reader{number}" for number in range(20)]
    owe(*names)
    ballast = fill(small)
    with pytest.raises(OperationalError):
        for _ in range(3):
            outgoing.turn("w")
    assert relay.caught == []
    assert set(states().values()) == {DeliveryState.QUEUED}
    ballast.unlink()
    outgoing.turn("w")
    assert set(states().values()) == {DeliveryState.ACCEPTED}
    assert sorted(one.recipients[0] for one in relay.caught) == sorted(f"{name}@mail.example" for name in names)


def test_a_disk_that_fills_up_in_the_middle_of_a_turn_leaves_no_copy_unaccounted_for(
    house: House, small: Path, relay: Sink, monkeypatch: pytest.MonkeyPatch
):
    names = [f"reader{number}" for number in range(20)]
    owe(*names)
    ballast: list[Path] = []
    real = relay.handle_DATA

    async def fills(server: object, session: object, envelope: object) -> str:
        if len(relay.caught) == 5:
            ballast.append(fill(small))
        return await real(server, session, envelope)

    monkeypatch.setattr(relay, "handle_DATA", fills)
    with pytest.raises(OperationalError):
        for _ in range(3):
            outgoing.turn("w")
    db.session.rollback()
    taken = {one.recipients[0].partition("@")[0] for one in relay.caught}
    known = {name for name, state in states().items() if state is not DeliveryState.QUEUED}
    assert taken <= known, "a copy has left, and its row would send it again"
    ballast[0].unlink()
    monkeypatch.setattr(relay, "handle_DATA", real)
    lapse()
    outgoing.recover()
    outgoing.turn("w")
    assert set(states().values()) <= {DeliveryState.ACCEPTED, DeliveryState.UNCERTAIN}
    assert list(states().values()).count(DeliveryState.UNCERTAIN) <= 4  # one of each line
    sent = [one.recipients[0] for one in relay.caught]
    assert len(sent) == len(set(sent)) == len(names)


def lapse() -> None:
    """Let the leases of the turn that broke off run out."""
    with transaction():
        db.session.execute(
            text(
                "UPDATE deliveries SET lease_until = '2020-01-01 00:00:00', missed_at = '2020-01-01 00:00:00'"
                " WHERE lease_until IS NOT NULL"
            )
        )


def answer(handler: server.Handler, mail: bytes) -> list[str]:
    """What the server says to one message; a loop of its own runs in a thread, since a browser's may run in this one."""
    with ThreadPoolExecutor(1) as pool:
        return pool.submit(lambda: asyncio.run(handler.keep("", ["postmaster@caucus.example"], mail))).result()


def test_mail_that_comes_in_is_put_off_and_kept_as_soon_as_there_is_room(house: House, small: Path):
    handler = server.Handler(house.app_context)
    mails = [b"Subject: x\r\n\r\n" + bytes([65 + number]) * 200_000 for number in range(5)]
    ballast = fill(small)
    refused = [answer(handler, mail) for mail in mails]
    assert refused == [[server.LATER]] * len(mails)
    ballast.unlink()
    taken = [answer(handler, mail)[0][:3] for mail in mails]
    assert taken == ["250"] * len(mails)
    db.session.rollback()
    assert len(make.rows(Received)) == len(mails)
