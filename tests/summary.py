"""One plain summary of what was left out, and why, above pytest's last line."""

import os
from collections import Counter

import pytest


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    reasons: Counter[str] = Counter()
    for report in terminalreporter.stats.get("skipped", []):
        reasons[str(report.longrepr[2] if isinstance(report.longrepr, tuple) else report.longrepr)] += 1
    lines = [f"{number} × {reason.removeprefix('Skipped: ')}" for reason, number in reasons.most_common()]
    if os.environ.get("CAUCUSMAIL_LEFT_OUT"):
        lines.insert(0, os.environ["CAUCUSMAIL_LEFT_OUT"])
    if lines:
        terminalreporter.section("left out")
        for line in lines:
            terminalreporter.line(line)
