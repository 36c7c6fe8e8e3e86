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
from tests import services
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
    def __init__(self, folder: Path, port: int, url: str = "") -> None:
        self.url = url or f"sqlite:///{folder / 'house.sqlite3'}"
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


LIMITED = """
from dataclasses import replace
from caucusmail import settings
settings.use(replace(settings.current(), mail_domain_limits={"mail.example": 40}, mail_server_per_minute=200))
"""


@pytest.mark.parametrize("database", ["sqlite", "postgresql"])
def test_two_workers_together_keep_to_a_limit_and_each_other_letter_leaves(tmp_path, relay, database):
    url = services.fresh_postgresql("caucusmail_limited") if database == "postgresql" else ""
    house = House(tmp_path, relay.port, url)
    owe = OWE.replace('"))\n', '"), lane=Lane.BULK)\n').replace(
        "with app", "from caucusmail.delivery.models import Lane\nwith app"
    )
    house.run(owe.format(count=N) + owe.replace("mail.example", "other.example").format(count=30))
    began = time.monotonic()
    workers = [house.start(LIMITED + WORK.format(turns=20)) for _ in range(2)]
    assert [worker.wait(120) for worker in workers] == [0] * 2
    within_s = time.monotonic() - began
    to = Counter(b"other.example" in raw for raw in relay.whole)
    assert 10 <= to[False] <= 10 + within_s * 40 / 60
    assert to[True] == 30
    assert max(copies(relay).values()) == 1
    assert house.states()[DeliveryState.QUEUED] == N - to[False]
    if url:
        services.drop_postgresql(url)


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
