"""Whether the time an answer takes tells who is known: for each form that takes an address from a stranger, 200 presses for each
kind of address, in turns and each from a network of its own, against 200 for addresses that nobody is reached at.

``auc``: how often a press for a known address took longer than one for an unknown one (Mann and Whitney's U over the number of
pairs): 0.5 tells nothing, 1 everything. With 200 and 200 chance alone moves it by 0.03 (one standard deviation); ``control`` shows it.
"""

import random
import tempfile
import time
from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from pathlib import Path

from flask.testing import FlaskClient

from caucusmail.app import House
from tests import another, enumeration, make, settings_for
from tests.bench.figures import Asked, Tell, ratio

SAMPLES = 200
PASSWORDS = ("with a password", "shared")
"""Kinds that no form but one looks at."""
AWAY = 0.1
"""How far from one half is called a difference: more than three standard deviations, for there are some thirty comparisons."""


def auc(values: Sequence[float], others: Sequence[float]) -> float:
    """How often one of ``values`` is greater than one of ``others``, ties counted half."""
    order = sorted(others)
    greater = sum(bisect_left(order, one) + bisect_right(order, one) for one in values) / 2
    return greater / (len(values) * len(others))


def _client(app: House, number: int) -> FlaskClient:
    client = app.test_client()
    client.environ_base["REMOTE_ADDR"] = f"10.{number // 250}.{number % 250}.9"
    return client


def _timed(app: House, form: str, kind: str, number: int, place: int) -> float:
    """Milliseconds of the last press alone."""
    press = enumeration.FORMS[form](_client(app, place), enumeration.address(kind, number))
    began = time.perf_counter()
    answer = press()
    took = (time.perf_counter() - began) * 1000
    assert answer.status_code in (200, 422), (form, kind, answer.status_code)
    return took


def _took(app: House, form: str, samples: int) -> dict[str, list[float]]:
    """By kind, in turns whose order is of chance."""
    took: dict[str, list[float]] = {
        kind: [] for kind in enumeration.KINDS if form == enumeration.BY_PASSWORD or kind not in PASSWORDS
    }
    turns, place = random.Random(7), 0
    for number in range(samples):
        for kind in turns.sample(list(took), len(took)):
            place += 1
            took[kind].append(_timed(app, form, kind, number, place))
    return took


def measure(tell: Tell, asked: Asked) -> None:
    """A line for each form."""
    samples = asked.number(SAMPLES)
    with tempfile.TemporaryDirectory(prefix="bench-") as folder:
        url = f"sqlite:///{Path(folder) / 'house.sqlite3'}"
        with another.house(settings_for.testing(url, Path(folder))) as app, app.app_context():
            app.config["WTF_CSRF_ENABLED"] = False
            make.country("KE")
            make.caucus("vrwg")
            for kind in enumeration.KINDS:
                for number in range(samples):
                    enumeration.settle(kind, number)
            for form in enumeration.FORMS:
                _told(tell, form, _took(app, form, samples))


def _told(tell: Tell, form: str, took: dict[str, list[float]]) -> None:
    nobody = took.pop("nobody")
    found = {
        kind: {"auc": round(auc(times, nobody), 3), "medians": ratio(times, nobody)} for kind, times in took.items()
    }
    worst = max(abs(one["auc"] - 0.5) for one in found.values())
    tell(
        "enumeration", form=form, samples=len(nobody), nobody_ms=round(sorted(nobody)[len(nobody) // 2], 2), **found,
        farthest_from_half=round(worst, 3), required=AWAY, met=worst <= AWAY,
    )  # fmt: skip
