"""What a look at one thing found."""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum


class Verdict(StrEnum):
    """How a thing stands."""

    NOT_USED = "not used here"
    OK = "ok"
    WARNING = "warning"
    WRONG = "wrong"


STATUS = {Verdict.NOT_USED: 0, Verdict.OK: 0, Verdict.WARNING: 1, Verdict.WRONG: 2}


@dataclass(frozen=True)
class Finding:
    """One line of the report: ``words`` say what was seen, ``todo`` what to do about it ("" where nothing is to be done)."""

    check: str
    verdict: Verdict
    words: str
    todo: str = ""


def ok(check: str, words: str) -> Finding:
    """All is well."""
    return Finding(check, Verdict.OK, words)


def warning(check: str, words: str, todo: str) -> Finding:
    """It works, and not for everybody or not for long; or it could not be seen."""
    return Finding(check, Verdict.WARNING, words, todo)


def wrong(check: str, words: str, todo: str) -> Finding:
    """Letters, or the proof of what became of them, will be lost."""
    return Finding(check, Verdict.WRONG, words, todo)


def not_used(check: str, words: str) -> Finding:
    """This installation does without."""
    return Finding(check, Verdict.NOT_USED, words)


def status(findings: Iterable[Finding]) -> int:
    """The exit status: 0 if all is well, 1 if something deserves a look, 2 if something is wrong."""
    return max((STATUS[one.verdict] for one in findings), default=0)


def line(finding: Finding) -> str:
    """A finding as it is printed."""
    told = f"{finding.verdict:<13} {finding.check}: {finding.words}"
    return f"{told}\n{'':<13} → {finding.todo}" if finding.todo else told
