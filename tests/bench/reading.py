"""How well, and how fast, reports are read: the corpora beside the project, and messages made to be dear."""

import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from caucusmail.mail import reports
from caucusmail.mail.reports import Kind
from tests.mail import yardstick
from tests.mail.bombs import BOMBS, FUSE


def measure(tell: Callable[..., Any], corpora: Path) -> None:
    """One line for each measure; a line that says so where the corpora are missing."""
    _bombs(tell)
    if not corpora.is_dir():
        tell("reports read", left_out="the corpora are not beside the project")
        return
    samples = list(yardstick.samples(corpora))
    began = time.perf_counter()
    found = yardstick.measure(samples)
    seconds = time.perf_counter() - began
    tell("reports read", files=len(samples), seconds=round(seconds, 2), crashed=len(found.crashed))
    tell("class right", share=found.share(found.right, found.readings), required=0.95)
    tell("class right, filtered counted strictly", share=found.share(found.strict, found.readings))
    tell("address exact without VERP", share=found.share(found.exact, found.bounces), required=0.90)
    tell("foreign address named", share=found.share(len(found.wrong), found.bounces), files=found.wrong, limit=0.01)
    tell("policy or transport held against a member", count=len(found.against), files=found.against, limit=0)
    tell("no bounce taken for one", count=len(found.taken_for_bounces), limit=0)
    ordinary = sorted((corpora / "ordinary").glob("*.txt"))
    false = [file.name for file in ordinary if reports.read(file.read_bytes()).kind is Kind.BOUNCE]
    tell("false alarms on ordinary mail", files=len(ordinary), count=len(false), limit=0)


def _bombs(tell: Callable[..., Any]) -> None:
    took = {}
    for name, bomb in BOMBS.items():
        began = time.process_time()
        reports.read(FUSE + bomb + b"\r\n\r\n")
        took[name] = round(time.process_time() - began, 2)
    dearest = max(took, key=lambda name: took[name])
    tell("the dearest of the messages made to be dear", messages=len(took), which=dearest, seconds=took[dearest])
