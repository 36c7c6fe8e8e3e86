"""Tests mirror the tree: where a module stands tells where its tests stand, and no test file outgrows its reader."""

from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).parent.parent.parent
CODE, TESTS, WEB = ROOT / "caucusmail", ROOT / "tests", ROOT / "caucusmail" / "web"
LONGEST = 300  # lines

EXEMPT = {
    "audit/models": "columns and nothing that SQL forbids",
}
"""Modules without a test file of their own, with the reason. ``__init__`` assembles a package and ``__main__`` is a door:
the journeys go through both."""


def modules() -> Iterator[str]:
    """The modules of the domain and of the top floor, as ``package/module``."""
    for path in sorted(CODE.rglob("*.py")):
        if not path.is_relative_to(WEB) and not path.stem.startswith("__"):
            yield path.relative_to(CODE).with_suffix("").as_posix()


def mirror(module: str) -> Path:
    """Where the tests of ``module`` stand."""
    path = TESTS / module
    return path.with_name(f"test_{path.name}.py")


def test_a_module_is_found_again_among_the_tests():
    found = list(modules())
    assert {"clock", "mail/verp"} <= set(found)
    assert "web/forms" not in found
    assert mirror("mail/verp") == TESTS / "mail" / "test_verp.py"
    assert mirror("clock") == TESTS / "test_clock.py"


def test_every_module_has_its_tests_where_it_stands_itself():
    bare = [module for module in modules() if module not in EXEMPT]
    assert [module for module in bare if not mirror(module).exists()] == []


def test_what_is_exempt_is_there_and_has_no_tests():
    assert set(EXEMPT) <= set(modules())
    assert [module for module in EXEMPT if mirror(module).exists()] == []


def test_every_package_of_pages_has_tests_that_bear_its_name():
    packages = [path.parent.name for path in sorted(WEB.glob("*/__init__.py"))]
    assert "groups" in packages
    assert [name for name in packages if not list((TESTS / "web").glob(f"test_{name}*.py"))] == []


def test_no_test_file_is_longer_than_three_hundred_lines():
    lengths = {path.relative_to(TESTS).as_posix(): len(path.read_text().splitlines()) for path in TESTS.rglob("*.py")}
    assert {name: lines for name, lines in lengths.items() if lines > LONGEST} == {}
