import re

import pytest

from tests import services
from tests.house.test_source import TESTS, short


def test_what_is_missing_leaves_a_test_out(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("CAUCUSMAIL_REQUIRE_SERVICES", raising=False)
    with pytest.raises(pytest.skip.Exception, match="no Chromium"):
        services.missing("no Chromium")


def test_where_everything_must_be_there_what_is_missing_is_a_failure(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CAUCUSMAIL_REQUIRE_SERVICES", "1")
    with pytest.raises(pytest.fail.Exception, match="no Chromium, and CAUCUSMAIL_REQUIRE_SERVICES is set"):
        services.missing("no Chromium")


def test_no_test_is_left_out_past_that_rule() -> None:
    leaves_out = re.compile(r"pytest\.(?:skip\(|importorskip\(|mark\.skip)")
    found = {short(path) for path in TESTS if leaves_out.search(path.read_text())}
    assert found == {"tests/services.py"}
