"""How well reports are read: the shared corpora against what another program (Sisimai) reads in them.

Its words for a reason are mapped to our five. "filtered" is its guess, by the host's name, that "user unknown" came from
a filter and not from a mailbox that is missing; both readings count as right, and ``strict`` counts without such leave.
"""

import json
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from caucusmail.mail import reports
from caucusmail.mail.faults import AGAINST_THE_ADDRESS, Fault
from caucusmail.mail.reports import Kind, Recipient, Report

_POLICY = (
    "blocked rejected spamdetected authfailure securityerror requireptr policyviolation toomanyconn norelaying badreputation"
    " speeding virusdetected contenterror mesgtoobig exceedlimit syntaxerror"
)
_TRANSPORT = "networkerror systemerror mailererror systemfull expired notaccept"
_TEMPORARY = "filtered suspend onhold undefined"
REASONS = {
    **dict.fromkeys(_POLICY.split(), Fault.POLICY),
    **dict.fromkeys(_TRANSPORT.split(), Fault.TRANSPORT),
    **dict.fromkeys(_TEMPORARY.split(), Fault.TEMPORARY),
    "mailboxfull": Fault.FULL,
}
LEAVE = {
    "filtered": {Fault.GONE, Fault.POLICY},
    "expired": {Fault.TEMPORARY},
    "undefined": {Fault.TRANSPORT, Fault.POLICY},
    "systemerror": {Fault.TEMPORARY, Fault.POLICY},
    "notaccept": {Fault.POLICY, Fault.TEMPORARY},
}
"""Readings that are as good: none of them changes what is held against anybody, "filtered" apart."""


@dataclass
class Measured:
    """Counts over bounces, and the names of what went wrong."""

    bounces: int = 0
    readings: int = 0
    right: int = 0
    strict: int = 0
    exact: int = 0
    wrong: list[str] = field(default_factory=list)  # a foreign address named
    against: list[str] = field(default_factory=list)  # policy or transport held against a member
    taken_for_bounces: list[str] = field(default_factory=list)  # complaints, auto-replies, successes
    crashed: list[str] = field(default_factory=list)

    def share(self, count: int, of: int) -> float:
        return round(count / of, 4) if of else 0.0


def samples(corpora: Path) -> Iterator[tuple[str, bytes, list[dict[str, Any]]]]:
    """Name, bytes and the yardstick's reading of each report."""
    folder = corpora / "bounces"
    for name, expected in json.loads((folder / "expected.json").read_text()).items():
        yield name, (folder / name).read_bytes(), expected


def measure(read: Iterable[tuple[str, bytes, list[dict[str, Any]]]]) -> Measured:
    """Read all of them."""
    found = Measured()
    for name, raw, expected in read:
        try:
            report = reports.read(raw)
        except Exception:  # what is measured
            found.crashed.append(name)
            continue
        if not expected or {one["reason"] for one in expected} <= {"feedback", "delivered"}:
            if report.kind in (Kind.BOUNCE, Kind.DELAY):
                found.taken_for_bounces.append(name)
            continue
        _add(found, name, report, expected)
    return found


def _add(found: Measured, name: str, report: Report, expected: list[dict[str, Any]]) -> None:
    known = [{one["recipient"].lower(), one["alias"].lower()} - {""} for one in expected]
    named = [{address.lower() for address in one.addresses} for one in report.recipients]
    foreign = [one for one in named if not any(one & other for other in known)]
    found.bounces += 1
    found.exact += not foreign and all(any(one & other for other in named) for one in known)
    if foreign:
        found.wrong.append(name)
    for one in expected:
        reading = _of(report, one)
        want = Fault.GONE if one["hard"] else REASONS[one["reason"]]
        found.readings += 1
        found.strict += reading is not None and reading.fault is want
        leave = set() if one["hard"] else LEAVE.get(one["reason"], set())
        found.right += reading is not None and (reading.fault is want or reading.fault in leave)
        held = reading is not None and report.kind is Kind.BOUNCE and reading.fault in AGAINST_THE_ADDRESS
        if held and want in (Fault.POLICY, Fault.TRANSPORT):
            found.against.append(name)


def _of(report: Report, expected: dict[str, Any]) -> Recipient | None:
    names = {expected["recipient"].lower(), expected["alias"].lower()} - {""}
    for one in report.recipients:
        if names & {address.lower() for address in one.addresses}:
            return one
    return report.recipients[0] if report.recipients else None


def with_line_endings(raw: bytes, ending: bytes) -> bytes:
    """The same message with other line endings."""
    return raw.replace(b"\r\n", b"\n").replace(b"\r", b"\n").replace(b"\n", ending)


def elsewhere(text: str) -> str:
    """Other names for the same addresses, as long as they are lower case: nothing may hang on a domain of the corpus."""
    return re.sub(r"\b(kijitora|neko|shironeko|mikeneko|sabineko)(?=[@+.-])", lambda found: found[1][::-1] + "7", text)
