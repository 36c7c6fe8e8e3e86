"""One button for somebody at risk with 10,000 letters, 200 announcements of theirs and 40 that quote them: how long it takes, and lifting."""

import tempfile
import time
from functools import partial
from pathlib import Path
from typing import Any

from sqlalchemy import insert

from caucusmail import clock
from caucusmail.accounts.models import Person
from caucusmail.announcements.choice import Audience
from caucusmail.announcements.models import AnnouncementState, AnnouncementText
from caucusmail.database import db, transaction
from caucusmail.delivery.models import Delivery, DeliveryState, Lane, OutgoingMessage, OutgoingText
from caucusmail.mail import compiled, headers
from caucusmail.mail.rendering import Letter
from caucusmail.privacy import protecting
from caucusmail.privacy.protection_models import How
from tests import another, make, settings_for
from tests.announcements.rooms import announcement
from tests.bench.figures import Asked, Tell, spread
from tests.faults.stores import fresh

NAME, ADDRESS = "Zuleikha Canarywood", "zuleikha@haki.example"
POSTS, QUOTES, LIMIT_S = 200, 40, 10


def fill(count: int) -> Person:
    """Somebody with so many letters, each of its own text; every tenth names them. And what they and others wrote."""
    person, caucus, now = make.person(NAME, ADDRESS), make.caucus(), clock.now()
    make.member(caucus, person, make.group(caucus))
    words = "the meeting moves to another room on the second floor of the same house, " * 20
    texts = [_letter(f"Dear {NAME if n % 10 == 0 else 'member'},\n\n{words}{n}.\n") for n in range(count)]
    message = {"lane": Lane.TRANSACTIONAL, "kind": "bench", "sender": "house", "made_at": now, "released_at": now}
    row = {"person_id": person.id, "lane": Lane.TRANSACTIONAL, "name": NAME, "address": ADDRESS, "address_key": ADDRESS}
    row |= {"language": "en", "state": DeliveryState.ACCEPTED, "due_at": now, "begun_at": now, "settled_at": now}
    with transaction():
        db.session.execute(insert(OutgoingMessage), [message | {"id": n + 1} for n in range(count)])
        db.session.execute(
            insert(OutgoingText),
            [{"message_id": n + 1, "language": "en", "raw": text, "words": {}} for n, text in enumerate(texts)],
        )
        db.session.execute(insert(Delivery), [row | {"message_id": n + 1, "reply": f"250 {n}"} for n in range(count)])
    for number in range(POSTS + QUOTES):
        wrote = person.id if number < POSTS else None
        made = announcement(caucus, Audience(caucus_ids=(caucus.id,)), reference=f"a{number}", author_id=wrote, state=AnnouncementState.SENT, release_at=now)  # fmt: skip
        body = f"{words} As {NAME} wrote." if number % 5 == 0 or number >= POSTS else words
        make.keep(AnnouncementText(announcement_id=made.id, language="fr", subject="x", body=body))
    return person


def _letter(text: str) -> bytes:
    letter = Letter("bench", "en", "Hello", text, f"<p>{text}</p>")
    return compiled.compile_letter(letter, "house@x.example", headers.of_letter())


def timed(url: str, folder: Path, count: int, runs: int) -> tuple[list[float], list[float], dict[str, Any]]:
    """Seconds of protecting and of lifting, again and again; and the numbers of the receipt."""
    on, off, numbers = [], [], {}
    with another.house(settings_for.testing(url, folder)) as app, app.app_context():
        person = fill(count)
        for _run in range(runs):
            began = time.perf_counter()
            with transaction():
                made = protecting.protect(person, by=person, how=How.SELF)
            between = time.perf_counter()
            numbers = dict(made.numbers)
            with transaction():
                protecting.lift(made, by=person)
            on.append(between - began)
            off.append(time.perf_counter() - between)
            assert (person.name, made.numbers["changed_meanwhile"]) == (NAME, 0)
    return on, off, numbers


def measure(database: str, tell: Tell, asked: Asked) -> None:
    """A line for one database."""
    count = asked.number(10_000)
    with tempfile.TemporaryDirectory(prefix="bench-") as name, fresh(database) as url:
        on, off, numbers = timed(url, Path(name), count, asked.runs)
    tell(
        "protect_now", database=database, unit="s", letters=count, protect=spread(on, 2), lift=spread(off, 2),
        rows=numbers["rows"], quotes=numbers["quotes"], required=LIMIT_S,
    )  # fmt: skip


sqlite, postgresql = partial(measure, "sqlite"), partial(measure, "postgresql")
