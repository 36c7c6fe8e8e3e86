"""Workers are killed while digests are made and while they leave: each announcement reaches each reader once, or is named."""

from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import select

from caucusmail.delivery.models import Delivery, DeliveryState, Lane
from tests import services
from tests.faults import digesting
from tests.faults.house import Child, House

pytestmark = pytest.mark.journey
N = 40


class Digests(House):
    """Two announcements that wait for ``count`` readers of digests."""

    def prepare(self) -> None:
        assert self._act("owe", self.count).wait() == 0, (self.folder / "log").read_text()

    def gatherer(self, points: str = "") -> Child:
        return self._act("gather", CAUCUSMAIL_FAILPOINTS=points)

    def _act(self, act: str, *arguments: int, **env: str) -> Child:
        return self.start(digesting.main, self.url, str(self.folder), self.port, act, *arguments, **env)

    def riders(self) -> dict[str, set[DeliveryState]]:
        """By address, what became of the announcements."""
        columns = select(Delivery.address, Delivery.state).where(Delivery.lane == Lane.DIGEST)
        with self.engine.connect() as connection:
            rows = connection.execute(columns).all()
        assert len(rows) == self.count * digesting.ANNOUNCEMENTS
        found: dict[str, set[DeliveryState]] = {}
        for row in rows:
            found.setdefault(row.address, set()).add(row.state)
        return found


@pytest.fixture(params=["sqlite", "postgresql"])
def house(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Digests]:
    with services.fresh(request.param, "digests") as url:
        house = Digests(tmp_path, url, N)
        yield house
        house.end()


def test_kills_while_digests_are_made_and_sent_lose_nothing_and_double_nothing(house: Digests):
    house.relay()
    for point in (
        "before_digest_commit=kill@2",
        "after_mark=kill@3",
        "after_250=kill@5",
        "before_digest_commit=kill@1",
    ):
        assert house.gatherer(point).wait(120) == -9, (house.folder / "log").read_text()
        house.let_leases_lapse()
    assert house.gatherer().wait(120) == 0, (house.folder / "log").read_text()
    copies = Counter(line.partition("\t")[0] for line in house.log.read_text().splitlines())
    assert max(copies.values()) == 1
    uncertain = 0
    for address, states in house.riders().items():
        assert len(states) == 1, "what was in one letter ends alike"
        assert states <= {DeliveryState.ACCEPTED, DeliveryState.UNCERTAIN}
        assert states == {DeliveryState.UNCERTAIN} or copies[address] == 1
        uncertain += states == {DeliveryState.UNCERTAIN}
    assert 1 <= uncertain <= 2 * 4, "as many as there are lines, for each kill while letters left"
