import pytest

from caucusmail.doctor import finding
from caucusmail.doctor.finding import not_used, ok, warning, wrong

FINDINGS = {
    "ok": ok("a", "b"),
    "not used": not_used("a", "b"),
    "warning": warning("a", "b", "c"),
    "wrong": wrong("a", "b", "c"),
}


@pytest.mark.parametrize(
    ("named", "status"),
    [
        ([], 0),
        (["ok", "not used"], 0),
        (["warning", "ok"], 1),
        (["wrong", "warning", "ok"], 2),
        (["ok", "wrong"], 2),
    ],
)
def test_the_worst_finding_is_the_status(named: list[str], status: int) -> None:
    assert finding.status([FINDINGS[name] for name in named]) == status


def test_a_line_says_what_to_do_only_if_something_is_to_be_done() -> None:
    assert finding.line(ok("SPF", "fine")) == "ok            SPF: fine"
    assert finding.line(wrong("SPF", "none", "publish one")) == ("wrong         SPF: none\n              → publish one")
