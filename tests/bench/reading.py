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
        tell("bounces", left_out="the corpora are not beside the project")
        return
    samples = list(yardstick.samples(corpora))
    began = time.perf_counter()
    found = yardstick.measure(samples)
    seconds = round(time.perf_counter() - began, 2)
    ordinary = _ordinary(corpora)
    tell(
        "bounces", reports=len(samples), ordinary=ordinary.bounces, seconds=seconds,
        class_right=found.share(found.right, found.readings), address_exact_without_verp=found.share(found.exact, found.bounces),
        wrong=found.share(len(found.wrong), found.bounces), false_on_ordinary=len(ordinary.taken_for_bounces),
        crashes=len(found.crashed) + len(ordinary.crashed),
        required={"class_right": 0.95, "address_exact_without_verp": 0.9, "wrong": 0.01, "false_on_ordinary": 0, "crashes": 0},
    )  # fmt: skip
    tell(
        "bounces, in detail", class_counted_strictly=found.share(found.strict, found.readings), foreign_address_named_in=found.wrong,
        policy_or_transport_held_against_a_member=found.against, no_bounce_taken_for_one=found.taken_for_bounces,
        ordinary_taken_for_one=ordinary.taken_for_bounces, crashed=found.crashed + ordinary.crashed,
    )  # fmt: skip


def _ordinary(corpora: Path) -> yardstick.Measured:
    """Ordinary mail, of which nothing is a bounce."""
    found = yardstick.Measured()
    for file in sorted((corpora / "ordinary").glob("*.txt")):
        found.bounces += 1
        try:
            if reports.read(file.read_bytes()).kind is Kind.BOUNCE:
                found.taken_for_bounces.append(file.name)
        except Exception:  # what is measured
            found.crashed.append(file.name)
    return found


def _bombs(tell: Callable[..., Any]) -> None:
    took = {}
    for name, bomb in BOMBS.items():
        began = time.process_time()
        reports.read(FUSE + bomb + b"\r\n\r\n")
        took[name] = round(time.process_time() - began, 2)
    dearest = max(took, key=lambda name: took[name])
    tell("the dearest of the messages made to be dear", messages=len(took), which=dearest, seconds=took[dearest])
