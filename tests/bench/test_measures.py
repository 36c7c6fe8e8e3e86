"""Each measure in small: that it runs and tells its figure. Nothing here says how fast."""

from typing import Any

import pytest

from tests import services
from tests.bench.__main__ import MEASURES, chosen, said
from tests.bench.figures import Asked, ratio, spread
from tests.faults.stores import LeftOut

SMALL = Asked(letters=12, runs=1, workers=(2,), lines=(4,))


def told(name: str, asked: Asked = SMALL) -> list[dict[str, Any]]:
    """The lines of one measure."""
    lines: list[dict[str, Any]] = []
    try:
        MEASURES[name](lambda measure, **figures: lines.append({"measure": measure, **figures}), asked)
    except LeftOut as why:
        services.missing(str(why))
    return lines


def test_what_is_asked_for_is_chosen_and_a_name_of_nothing_is_refused():
    assert chosen("engine_sqlite, bounces") == ["engine_sqlite", "bounces"]
    assert chosen("") == list(MEASURES)
    with pytest.raises(SystemExit, match="no such measure: speed"):
        chosen("speed")


def test_the_command_line_is_understood_and_what_it_does_not_say_is_usual():
    assert said({}) == Asked()
    assert said({"N": "500", "RUNS": "5", "WORKERS": "2", "LINES": "4,16"}) == Asked(500, 5, (2,), (4, 16))


def test_the_middle_of_several_runs_is_told_with_its_neighbours():
    assert spread([30.4, 10.2, 20.3]) == {"median": 20, "min": 10, "max": 30, "runs": 3}
    assert ratio([1.0, 3.0, 2.0], [4.0]) == 0.5


@pytest.mark.journey
def test_the_raw_limit_is_told():
    [line] = told("relay_limit")
    assert (line["n"], line["runs"]) == (12, 1)
    assert line["median"] > 0


@pytest.mark.journey
@pytest.mark.parametrize("database", ["sqlite", "postgresql"])
def test_the_engine_sends_everything_once_beside_the_raw_limit(database: str):
    [line] = told(f"engine_{database}")
    assert (line["database"], line["workers"], line["lines"], line["n"]) == (database, 2, 4, 12)
    assert line["ratio"] == pytest.approx(line["median"] / line["R"]["median"], rel=0.05)
    assert line["cpu_us_a_letter"]["median"] > 0
    assert line["octets"] > 3000
