"""Several workers in processes of their own, killed at any moment: nothing is lost, nothing comes twice."""

import os
import random
import subprocess
import sys
import time
from collections import Counter
from pathlib import Path

import pytest
from sqlalchemy import create_engine, func, select, update

from caucusmail.delivery.models import Delivery, DeliveryState
from tests.delivery.rough import Rough

pytestmark = pytest.mark.journey
ROOT = Path(__file__).parent.parent.parent
N = 60

OWE = """
from caucusmail.mail.rendering import Letter
with app.app_context():
    Model.metadata.create_all(db.engine)
    with transaction():
        for number in range({count}):
            ledger.enqueue(Letter("t/t", "en", "Hello", "Hello\\n", "<p>Hello</p>"), To(f"p{{number}}@mail.example"))
"""
WORK = """
import time
with app.app_context():
    for _ in range({turns}):
        outgoing.recover()
        if not outgoing.turn("same-name", limit=7):
            time.sleep(0.05)
"""
HEAD = """
import sys
from caucusmail.app import create_app
from caucusmail.database import Model, db, transaction
from caucusmail.delivery import ledger, outgoing
from caucusmail.delivery.ledger import To
from tests import settings_for
from pathlib import Path
app = create_app(settings_for.testing(sys.argv[1], Path(sys.argv[2]), MAIL_PORT=int(sys.argv[3])))
"""


class House:
    def __init__(self, folder: Path, port: int) -> None:
        self.url = f"sqlite:///{folder / 'house.sqlite3'}"
        self._arguments = [self.url, str(folder), str(port)]

    def start(self, script: str) -> subprocess.Popen[bytes]:
        return subprocess.Popen(
            [sys.executable, "-c", HEAD + script, *self._arguments],
            cwd=ROOT,
            env=os.environ | {"PYTHONPATH": str(ROOT)},
        )

    def run(self, script: str) -> None:
        assert self.start(script).wait(120) == 0

    def states(self) -> Counter[DeliveryState]:
        with create_engine(self.url).connect() as connection:
            found = connection.execute(select(Delivery.state, func.count()).group_by(Delivery.state))
            return Counter({state: number for state, number in found})

    def let_leases_lapse(self) -> None:
        with create_engine(self.url).begin() as connection:
            past = func.datetime("now", "-1 hour")
            leased = update(Delivery).where(Delivery.lease_until.is_not(None))
            connection.execute(leased.values(lease_until=past, missed_at=past))


@pytest.fixture
def relay():
    servers = Rough(many=True).start()
    yield servers
    servers.stop()


def copies(relay: Rough) -> Counter[bytes]:
    return Counter(raw.split(b"Message-ID: ")[1].split(b"\r\n")[0] for raw in relay.whole)


def test_four_workers_of_the_same_name_send_each_letter_once(tmp_path, relay):
    house = House(tmp_path, relay.port)
    house.run(OWE.format(count=N))
    workers = [house.start(WORK.format(turns=12)) for _ in range(4)]
    assert [worker.wait(120) for worker in workers] == [0] * 4
    assert house.states() == {DeliveryState.ACCEPTED: N}
    assert len(copies(relay)) == N
    assert max(copies(relay).values()) == 1


def test_workers_that_are_killed_lose_nothing_and_double_nothing(tmp_path, relay):
    chance = random.Random(20261123)
    house = House(tmp_path, relay.port)
    relay.slow_s = 0.02
    house.run(OWE.format(count=N))
    kills = 5
    for _ in range(kills):
        worker = house.start(WORK.format(turns=1000))
        waited = time.monotonic() + 20
        before = len(relay.whole)
        while len(relay.whole) == before and time.monotonic() < waited:
            time.sleep(0.005)
        time.sleep(chance.random() / 5)
        worker.kill()
        worker.wait()
        house.let_leases_lapse()
    house.run(WORK.format(turns=12))
    states = house.states()
    accepted, uncertain = states[DeliveryState.ACCEPTED], states[DeliveryState.UNCERTAIN]
    assert accepted + uncertain == N, states
    assert uncertain <= kills
    assert max(copies(relay).values()) == 1
    assert accepted <= len(copies(relay)) <= N
