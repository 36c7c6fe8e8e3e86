"""An announcement to every eligible person of the demo world: how many, how long, and exactly one letter each."""

import json
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable
from typing import Any

from tests.bench import postfix
from tests.journeys import processes
from tests.journeys.processes import House, until
from tests.journeys.visitor import everything

R_OF = 10_000  # letters
WRITE = """
import config, sys
from datetime import timedelta
from caucusmail import clock
from caucusmail.accounts import queries as accounts
from caucusmail.announcements import audience, composition, dispatch, naming
from caucusmail.announcements.choice import Audience
from caucusmail.announcements.composition import Draft, Text
from caucusmail.announcements.models import Announcement, AnnouncementKind
from caucusmail.app import create_app
from caucusmail.database import db, transaction
from caucusmail.directory import visibility
from caucusmail.directory.models import Caucus
app = create_app(config.from_environment())
with app.app_context():
    with transaction():
        by = visibility.viewer(accounts.by_address("noor@secretariat.example")[0])
        vrwg = db.session.scalars(db.select(Caucus).where(Caucus.slug == "vrwg")).one()
        texts = {"en": Text("To all members", "A word to **everybody**.\\n\\n- one\\n- two"), "fr": Text("À tous les membres", "Un mot à **tous**.")}
        made = composition.draft(Draft(vrwg.id, AnnouncementKind.NOTICE, texts, Audience(everybody=True)), by)
        dispatch.send_test(made, by)
        word = naming.word(made, audience.estimate(made).total)
        dispatch.confirm(made, word, made.revision, by)
        print(made.id, made.message_id)
"""

LOOK = """
import config, json, sys
from caucusmail.app import create_app
from caucusmail.announcements import progress
from caucusmail.announcements.models import Announcement
from caucusmail.database import db
app = create_app(config.from_environment())
with app.app_context():
    one = db.session.get_one(Announcement, int(sys.argv[1]))
    seen = progress.numbers(one)
    print(json.dumps({"counts": {state.value: count for state, count in seen.states.items()}, "left": seen.open,
                      "seconds": (one.ended_at - one.begun_at).total_seconds() if one.ended_at else 0}))
"""


def _python(house: House, code: str, *arguments: str) -> str:
    env = processes.environment(house.instance, CAUCUSMAIL_DEMO="1", PORT=str(house.port), **house_ports(house))
    done = subprocess.run(
        [sys.executable, "-c", code, *arguments], cwd=processes.ROOT, env=env, capture_output=True, text=True
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def house_ports(house: House) -> dict[str, str]:
    """The mailbox's port, as the running house was given it."""
    path = f"/proc/{house.process.pid}/environ"
    with open(path, "rb") as file:
        given = dict(one.split("=", 1) for one in file.read().decode().split("\0") if "=" in one)
    return {"MAIL_PORT": given["MAIL_PORT"]}


def measure(house: House, tell: Callable[..., None]) -> None:
    """Write, confirm, wait for the hold and the last copy, count the letters."""
    began = time.monotonic()
    announcement, message = _python(house, WRITE).split()
    confirmed = time.monotonic() - began

    def settled() -> Any:
        time.sleep(4)  # each look is a process of its own and would slow down what is measured
        seen = json.loads(_python(house, LOOK, announcement))
        return seen if seen["seconds"] and not seen["left"] else None

    seen = until(settled, "the last copy", 1200)
    total = sum(seen["counts"].values())
    tell(
        "announcement to every eligible person", people=total, counts=seen["counts"], confirm_seconds=round(confirmed, 2),
        seconds_first_to_last=round(seen["seconds"], 1), letters_a_second=round(total / max(seen["seconds"], 0.001), 1),
        R=round(postfix.limit(R_OF)), exactly_one_each=exactly_once(house, message, seen["counts"].get("accepted", 0)),
    )  # fmt: skip


def exactly_once(house: House, message: str, accepted: int) -> bool:
    """Whether the mailbox holds one letter for each accepted row and no row's letter twice."""
    ids = Counter(
        letter["Message-ID"] for letter in everything(house) if str(letter["Feedback-ID"]).startswith(f"{message}:")
    )
    return len(ids) == accepted and max(ids.values(), default=0) == 1
