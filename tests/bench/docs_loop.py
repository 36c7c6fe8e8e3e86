"""The loop of Flask-Mail's own documentation, with letters like ours, beside the engine and R.

As a program (``python -m tests.bench.docs_loop CONFIG``) it is one process of that loop; each word says how many letters.
"""

import json
import sys
from email import message_from_bytes, policy
from functools import partial
from typing import Any

from flask import Flask
from flask_mail import Mail, Message

from tests.bench import engine, postfix, worker
from tests.bench.crew import Crew, Done, crew
from tests.bench.engine import Runs
from tests.bench.figures import Asked, Tell, ratio
from tests.bench.world import World, world

KEPT = ("Message-ID", "Reply-To", "List-Id", "List-Unsubscribe", "List-Unsubscribe-Post", "Feedback-ID")
NAME, LINES = "Reader 0 of few", 4


def example(place: World) -> dict[str, Any]:
    """One copy of an announcement of ours, taken apart into what Flask-Mail's ``Message`` is given."""
    copy = message_from_bytes(place.copy(place.room("few", 1)), policy=policy.default)
    parts = {kind: copy.get_body((kind,)) for kind in ("plain", "html")}
    body, html = (part.get_content() if part is not None else "" for part in parts.values())
    assert NAME in body
    assert NAME in html
    headers = {name: str(copy[name]) for name in KEPT}
    return {
        "subject": str(copy["Subject"]),
        "sender": str(copy["From"]),
        "body": body,
        "html": html,
        "headers": headers,
    }


def send(mail: Mail, letter: dict[str, Any], word: str) -> None:
    """https://flask-mail.readthedocs.io, "Bulk emails": one connection, a message for each user."""
    with mail.connect() as connection:
        for number in range(int(word)):
            name = f"Reader {number}"
            message = Message(
                recipients=[f"{name} <reader{number}@members.example>"],
                subject=letter["subject"],
                sender=letter["sender"],
                body=letter["body"].replace(NAME, name),
                html=letter["html"].replace(NAME, name),
                extra_headers=letter["headers"] | {"Message-ID": f"<{number}@caucus.example>"},
            )
            connection.send(message)


def _peers(peers: Crew, port: int, count: int, processes: int) -> Done:
    each = count // processes
    with postfix.sink(port) as taker:
        done = peers.work(str(each))
        taker.holds(each * processes)
    return done


def run(processes: int, count: int, runs: int) -> tuple[Runs, Runs]:
    """What the loop does, and what the engine does beside it (SQLite)."""
    loop, ours, count = Runs(), Runs(), count // processes * processes
    with world("sqlite", MAIL_CONNECTIONS=LINES) as place:
        peer = {"MAIL_SERVER": "127.0.0.1", "MAIL_PORT": place.port, "letter": example(place)}
        many = place.room("many", count)
        staff, peers = crew([place.configuration] * processes), crew([peer] * processes, __name__)
        with staff as workers, peers as others:
            engine.sent(place, workers, many, count)
            _peers(others, place.port, processes, processes)
            for _ in range(runs):
                limit = postfix.limit(count)
                loop.add(count, limit, _peers(others, place.port, count, processes))
                ours.add(count, limit, engine.sent(place, workers, many, count))
    return loop, ours


def measure(tell: Tell, asked: Asked) -> None:
    """A line for each number of processes."""
    count = asked.number(3_000)
    for processes in asked.workers:
        loop, ours = run(processes, count, asked.runs)
        tell(
            "flask_mail_docs_loop", processes=processes, n=count, **loop.figures(),
            engine=ours.figures(), engine_to_loop=ratio(ours.rates, loop.rates), required=5, goal=15,
        )  # fmt: skip


def main(given: dict[str, Any]) -> None:
    app = Flask(__name__)
    app.config.update({name: value for name, value in given.items() if name.isupper()})
    with app.app_context():
        worker.serve(partial(send, Mail(app), given["letter"]))


if __name__ == "__main__":
    main(json.loads(sys.argv[1]))
