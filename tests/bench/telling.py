"""Whether the time of an answer tells who is known: each form, 200 known and 200 unknown addresses, in mixed order."""

import math
import random
import re
import statistics
import tempfile
import time
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

from flask.testing import FlaskClient

from caucusmail import clock
from caucusmail.accounts.models import Person
from caucusmail.database import db, transaction
from caucusmail.directory.models import Affiliation
from tests import another, make, settings_for
from tests.web.joining import Walk, to_check

SAMPLES = 200
KNOWN, NOBODY = "known", "nobod"


def measure(tell: Callable[..., None]) -> None:
    """One line for each form: the ratio of the medians, and Mann and Whitney's z (beyond 3.29: p < 0.001)."""
    with tempfile.TemporaryDirectory() as folder:
        config = settings_for.testing(f"sqlite:///{folder}/telling.sqlite3", Path(folder), WTF_CSRF_ENABLED=False)
        with another.house(config) as house, house.app_context():
            _people()
            real = clock.now
            clock.now = lambda: real() + timedelta(minutes=1)  # the forms were opened a minute ago
            try:
                for name, ask in (
                    ("sign up", _sign_up(house.test_client())),
                    ("sign in", _sign_in(house.test_client())),
                ):
                    took = _times(ask)
                    known, nobody = took[KNOWN], took[NOBODY]
                    tell(
                        f"does the time tell: {name}",
                        known_to_unknown=round(statistics.median(known) / statistics.median(nobody), 3),
                        z=round(rank_sum(known, nobody), 2), samples=2 * SAMPLES,
                    )  # fmt: skip
            finally:
                clock.now = real


def _people() -> None:
    caucus = make.caucus("vrwg")
    make.country("KE")
    with transaction():
        for number in range(SAMPLES):
            address = f"{KNOWN}{number}@mhi.example"
            person = Person(name="K", address=address, address_key=address, languages=["en"], made_at=clock.now())
            db.session.add(person)
            db.session.flush()
            db.session.add(Affiliation(person_id=person.id, caucus_id=caucus.id, state="active", since=clock.now()))
    db.session.remove()


def _times(ask: Callable[[str, int], int]) -> dict[str, list[float]]:
    order = [(kind, number) for kind in (KNOWN, NOBODY) for number in range(SAMPLES)]
    random.Random(7).shuffle(order)
    took: dict[str, list[float]] = {KNOWN: [], NOBODY: []}
    for place, (kind, number) in enumerate(order):
        began = time.perf_counter()
        status = ask(f"{kind}{number}@mhi.example", place)
        took[kind].append(time.perf_counter() - began)
        assert status == 303, status
    return took


def _from(place: int) -> dict[str, Any]:
    return {"environ_base": {"REMOTE_ADDR": f"10.{place // 250}.{place % 250}.1"}}


def _sign_up(client: FlaskClient) -> Callable[[str, int], int]:
    one = {"people__0__name": "A", "people__0__address": "a@x.example"}
    real, clock.now = clock.now, lambda: real() - timedelta(minutes=1)
    fields = to_check(Walk(client), "vrwg", people=one).fields
    clock.now = real

    def ask(address: str, place: int) -> int:
        fields["people-0-address"], fields["submission"] = address, f"submission-{place:06}"
        return client.post("/join/send", data=fields, **_from(place)).status_code

    return ask


def _sign_in(client: FlaskClient) -> Callable[[str, int], int]:
    made = re.search(r'name="made"[^>]*value="([^"]+)"', client.get("/sign-in").text)

    def ask(address: str, place: int) -> int:
        data = {"address": address, "made": made[1] if made else ""}
        return client.post("/sign-in", data=data, **_from(place)).status_code

    return ask


def rank_sum(one: list[float], other: list[float]) -> float:
    """Mann and Whitney's z, two-sided."""
    ranked = sorted([(value, 0) for value in one] + [(value, 1) for value in other])
    ranks = sum(place for place, (_value, which) in enumerate(ranked, 1) if which == 0)
    n, m = len(one), len(other)
    return (ranks - n * (n + m + 1) / 2) / math.sqrt(n * m * (n + m + 1) / 12)
