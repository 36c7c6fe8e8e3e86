"""Places at which a test breaks off: off they do nothing, and outside tests they cannot be switched on."""

import re
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from caucusmail import failpoints, settings
from tests import another, settings_for

CODE = Path(failpoints.__file__).parent


@pytest.fixture(autouse=True)
def off() -> Iterator[None]:
    yield
    failpoints.arm("")


def test_nothing_happens_anywhere_while_none_is_armed():
    for place in failpoints.PLACES:
        failpoints.reach(place)


def test_only_the_time_that_was_named_is_broken_off():
    failpoints.arm("after_mark=raise@3")
    failpoints.reach("after_mark")
    failpoints.reach("after_claim")
    failpoints.reach("after_mark")
    with pytest.raises(failpoints.Reached, match="after_mark"):
        failpoints.reach("after_mark")
    failpoints.reach("after_mark")


def test_a_kill_leaves_no_time_for_anything():
    script = (
        "from caucusmail import failpoints\nfailpoints.arm('after_250=kill')\n"
        "try:\n    failpoints.reach('after_250')\nfinally:\n    print('cleaned up')"
    )
    done = subprocess.run([sys.executable, "-c", script], cwd=CODE.parent, capture_output=True, check=False)
    assert (done.returncode, done.stdout) == (-9, b"")


def test_a_pause_ends_when_its_file_is_there(tmp_path: Path):
    failpoints.arm(f"before_dot=pause:{tmp_path / 'go-on'}; after_250=sleep:0")
    waits = threading.Thread(target=failpoints.reach, args=("before_dot",))
    waits.start()
    time.sleep(0.05)
    assert waits.is_alive()
    (tmp_path / "go-on").touch()
    waits.join(10)
    assert not waits.is_alive()
    failpoints.reach("after_250")


@pytest.mark.parametrize("words", ["nowhere=kill", "after_mark=explode", "after_mark"])
def test_a_place_or_an_act_that_is_unknown_is_refused(words: str):
    with pytest.raises(ValueError, match="no such"):
        failpoints.arm(words)


def test_every_place_is_reached_by_one_line_of_the_program_and_no_other_is():
    reached = [
        place
        for path in CODE.rglob("*.py")
        for place in re.findall(r'failpoints\.reach\("(\w+)"\)', path.read_text(encoding="utf-8"))
    ]
    assert sorted(reached) == sorted(failpoints.PLACES)


def test_outside_tests_a_failpoint_is_refused(tmp_path: Path):
    config = settings_for.testing("sqlite://", tmp_path, FAILPOINTS="after_mark=kill", TESTING=False)
    with pytest.raises(settings.BadSetting, match="CAUCUSMAIL_FAILPOINTS"):
        settings.check(config | {"BROKER_URL": f"sqla+sqlite:///{tmp_path / 'broker.sqlite3'}"})


def test_an_application_of_a_test_arms_what_it_was_told(tmp_path: Path):
    armed = settings_for.testing("sqlite://", tmp_path, FAILPOINTS="after_claim=raise")
    with another.house(armed, tables=False), pytest.raises(failpoints.Reached):
        failpoints.reach("after_claim")
