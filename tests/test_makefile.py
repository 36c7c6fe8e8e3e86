import shutil
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
PYTHON = """#!/bin/sh
if [ "$2" = venv ]; then mkdir -p .venv/bin && cp python .venv/bin/python && cp pip .venv/bin/pip; fi
"""
PIP = """#!/bin/sh
for list; do :; done
head -1 "$list" >> installed
! grep -q broken "$list"
"""


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """The Makefile with lists of requirements and a Python that only notes what it would install."""
    shutil.copy(ROOT / "Makefile", tmp_path)
    for name, text in (("python", PYTHON), ("pip", PIP)):
        (tmp_path / name).write_text(text)
        (tmp_path / name).chmod(0o755)
    return tmp_path


def make(checkout: Path, list_: str, goal: str = "memory") -> list[str]:
    """Make ``goal`` while the lists begin with ``list_``; what was installed for it."""
    (checkout / "installed").write_text("")
    (checkout / "requirements.txt").write_text(f"run {list_}\n")
    (checkout / "requirements-dev.txt").write_text(f"dev {list_}\n")
    subprocess.run(["make", "-s", goal, "PYTHON=./python"], cwd=checkout, capture_output=True, check=False)
    return (checkout / "installed").read_text().splitlines()


def test_what_is_installed_is_not_installed_again(checkout: Path) -> None:
    assert make(checkout, "A") == ["run A"]
    assert make(checkout, "A") == []


@pytest.mark.parametrize("goal", ["memory", "test"])
def test_a_list_that_returns_is_installed_again(checkout: Path, goal: str) -> None:
    kind = {"memory": "run", "test": "dev"}[goal]
    assert [make(checkout, name, goal) for name in "ABA"] == [[f"{kind} A"], [f"{kind} B"], [f"{kind} A"]]


def test_tools_for_tests_hold_what_runs_and_are_not_lost_to_it(checkout: Path) -> None:
    assert make(checkout, "A", "test") == ["dev A"]
    assert make(checkout, "A") == []
    assert make(checkout, "B") == ["run B"]
    assert make(checkout, "A", "test") == ["dev A"]


def test_an_installation_that_broke_off_is_not_believed(checkout: Path) -> None:
    make(checkout, "A")
    assert make(checkout, "broken") == ["run broken"]
    assert make(checkout, "A") == ["run A"]
