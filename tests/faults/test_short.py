"""The short form of ``make faults``: two kills at the worst moments, one at any, and a relay that takes a letter without a word."""

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from caucusmail.delivery.models import DeliveryState
from tests import services
from tests.faults.house import House

pytestmark = pytest.mark.journey
N = 150


@pytest.fixture(params=["sqlite", "postgresql"])
def house(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[House]:
    with services.fresh(request.param, "short") as url:
        house = House(tmp_path, url, N)
        yield house
        house.end()


def test_kills_and_a_relay_that_hangs_up_lose_nothing_and_double_nothing(house: House):
    house.relay({"step": "DOT", "every": 10, "times": 1, "drop": True}, slow_s=0.005)
    for place in ("after_250=kill@15", "after_mark=kill@5"):
        assert house.worker(CAUCUSMAIL_FAILPOINTS=place).wait(120) == -9, (house.folder / "log").read_text()
        house.crashes += 1
        house.let_leases_lapse()
    worker, before = house.worker(), house.taken()
    house.until_taken(before + 20)
    house.kill(worker)
    house.finish()
    house.notes["uncertain_at_most"] = 4 * house.crashes + 1
    found = house.reckoning()
    assert found["pass"], found
    assert (found["lost"], found["duplicates"]) == (0, 0)
    assert found["uncertain"] >= 2, "the relay has taken two letters without our hearing of it"
    assert set(house.states()) == {DeliveryState.ACCEPTED, DeliveryState.UNCERTAIN}


def test_the_reckoning_finds_a_letter_that_is_lost_one_that_came_twice_and_one_still_in_flight(tmp_path: Path):
    house = House(tmp_path, f"sqlite:///{tmp_path / 'house.sqlite3'}", 3)
    try:
        house._change(state=DeliveryState.ACCEPTED, settled_at=datetime.now(UTC))
        lines = [f"p{number}@mail.example\t<{number}@x>\n" for number in range(3)]
        house.log.write_text("".join(lines))
        assert house.reckoning()["pass"]
        house.log.write_text("".join(lines[:2]))
        assert (house.reckoning()["lost"], house.reckoning()["pass"]) == (1, False)
        house.log.write_text("".join([*lines, lines[0]]))
        assert (house.reckoning()["duplicates"], house.reckoning()["pass"]) == (1, False)
        house.log.write_text("".join(lines))
        house._change(state=DeliveryState.IN_FLIGHT)
        assert not house.reckoning()["pass"]
    finally:
        house.end()
