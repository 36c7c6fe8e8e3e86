"""What ``make faults`` is asked, and that it says which faults were not stood."""

import json
from typing import Any

import pytest

from tests.faults import __main__ as faults
from tests.faults.matrix import FAULTS
from tests.faults.stores import LeftOut


def test_every_fault_of_the_matrix_is_tried_or_said_to_be_left_out():
    known = {name.partition(" ")[0] for name in faults.chosen("")}
    assert known == {f"S-F{number}" for number in range(1, 22)}


def test_a_fault_is_chosen_by_its_number_with_all_its_forms_or_by_one_form():
    assert faults.chosen("S-F3, S-F2 no PIPELINING") == ["S-F2 no PIPELINING", "S-F3"]
    assert [name for name in FAULTS if name.startswith("S-F1 ")] == faults.chosen("S-F1")


def test_a_name_of_nothing_is_refused():
    with pytest.raises(SystemExit, match="no such fault: S-F99; there are: S-F1 at random, "):
        faults.chosen("S-F1,S-F99")


def test_each_is_tried_on_both_databases_unless_one_was_asked_for():
    def heads(**environ: str) -> list[dict[str, str]]:
        return [head for head, _find_out in faults.lines(["S-F3", "S-F14"], environ)]

    both = [{"fault": "S-F3", "database": database} for database in ("sqlite", "postgresql")]
    test = {"fault": "S-F14", "tests": "tests/announcements/test_races.py"}
    assert heads() == [*both, test]
    assert heads(ON="postgresql") == [both[1], test]


def test_what_is_left_out_says_why_and_fails_nothing(capsys: pytest.CaptureFixture[str]):
    assert faults.told(next(faults.lines(["S-F10"], {"ON": "sqlite"})))
    assert json.loads(capsys.readouterr().out)["left_out"] == "SQLite has no server that could be restarted"


def test_what_breaks_is_told_and_fails(capsys: pytest.CaptureFixture[str]):
    def breaks() -> dict[str, Any]:
        raise RuntimeError("the harness itself")

    def left_out() -> dict[str, Any]:
        raise LeftOut("no root")

    heads = {"fault": "S-F0"}
    assert [faults.told((heads, one)) for one in (breaks, lambda: {"pass": False}, left_out, dict)] == [
        False,
        False,
        True,
        True,
    ]
    first = json.loads(capsys.readouterr().out.splitlines()[0])
    assert (first["pass"], first["broken"]) == (False, "RuntimeError: the harness itself")
