"""Mailman 3 beside the engine: one post, personalised for each member, to a sink that only takes and counts.

``MAILMAN=`` names the ``bin`` folder of its installation (``pip install mailman==3.3.10 'sqlalchemy<2.1'`` in an environment of
its own). It runs in its best configuration known: SQLite, a return path for each member, no archive.
"""

import contextlib
import os
import smtplib
import subprocess
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from email.message import EmailMessage
from pathlib import Path
from typing import Any

from tests.bench import docs_loop, engine, postfix
from tests.bench.crew import crew
from tests.bench.engine import Runs
from tests.bench.figures import Asked, Tell
from tests.bench.world import world
from tests.faults.stores import LeftOut
from tests.journeys import processes
from tests.journeys.processes import free_port, until

NAMED = "MAILMAN"  # the environment variable
LIST, OWNER = "news@lists.example.org", "owner@example.org"
LINES, WORKERS = 4, 2  # of the engine
PATIENCE_S = 1800
CONFIGURATION = """
[mailman]
layout: here
site_owner: {owner}
[paths.here]
var_dir: {folder}
[mta]
incoming: mailman.mta.null.NullMTA
smtp_host: 127.0.0.1
smtp_port: {smtp}
lmtp_host: 127.0.0.1
lmtp_port: {lmtp}
verp_personalized_deliveries: yes
[webservice]
port: {rest}
[archiver.mhonarc]
enable: no
[archiver.mail_archive]
enable: no
[archiver.prototype]
enable: no
"""
PERSONAL = """
def personal(mlist):
    from mailman.interfaces.action import Action
    from mailman.interfaces.mailinglist import Personalization
    mlist.personalize = Personalization.individual
    mlist.default_nonmember_action = Action.accept
"""


@dataclass(frozen=True)
class Mailman:
    """One installation with a folder, and ports, of its own."""

    programs: Path
    folder: Path
    smtp: int
    lmtp: int

    def configure(self) -> None:
        """Its settings, for this folder."""
        words = {"owner": OWNER, "folder": self.folder, "smtp": self.smtp, "lmtp": self.lmtp, "rest": free_port()}
        (self.folder / "mailman.cfg").write_text(CONFIGURATION.format(**words))
        (self.folder / "personal.py").write_text(PERSONAL)

    def run(self, *arguments: str) -> str:
        """One of its commands; what it said."""
        root = ["--run-as-root"] if os.geteuid() == 0 else []
        command = [str(self.programs / "mailman"), *root, "-C", str(self.folder / "mailman.cfg"), *arguments]
        env = processes.environment(self.folder, PYTHONPATH=str(self.folder))
        done = subprocess.run(command, cwd=self.folder, env=env, capture_output=True, text=True)
        if done.returncode:
            raise RuntimeError(f"mailman {arguments[0]}: {done.stderr[-1000:]}")
        return done.stdout

    @contextlib.contextmanager
    def at_work(self) -> Iterator[None]:
        """All its runners."""
        command = [str(self.programs / "master"), "-C", str(self.folder / "mailman.cfg")]
        with (self.folder / "log").open("wb") as log:
            master = subprocess.Popen(command, cwd=self.folder, stdout=log, stderr=log, start_new_session=True)
        try:
            until(lambda: postfix.listens(self.lmtp), f"Mailman listens; its log is {self.folder}/log", 120)
            yield
        finally:
            processes.end(master)

    def post(self, letter: dict[str, Any]) -> None:
        """Hand a post to it, as a mail server does."""
        post = EmailMessage()
        post["From"], post["To"], post["Subject"], post["Message-ID"] = (
            OWNER,
            LIST,
            letter["subject"],
            "<1@example.org>",
        )
        post.set_content(letter["body"])
        post.add_alternative(letter["html"], subtype="html")
        with smtplib.LMTP("127.0.0.1", self.lmtp) as client:
            client.send_message(post)


def installed() -> Path:
    """Where its programs are.

    :raises LeftOut: nobody named them.
    """
    named = os.environ.get(NAMED, "")
    if not named:
        raise LeftOut(f"{NAMED} names no installation of Mailman 3 (the bin folder of its environment)")
    if not (Path(named) / "master").exists():
        raise LeftOut(f"{NAMED}: {named} holds no program called master")
    return Path(named)


def peer(programs: Path, letter: dict[str, Any], count: int) -> dict[str, Any]:
    """What it does with ``count`` members."""
    with tempfile.TemporaryDirectory(prefix="bench-") as folder:
        made = Mailman(programs, Path(folder), free_port(), free_port())
        made.configure()
        made.run("create", "-o", OWNER, LIST)
        members = "".join(f"Reader {number} <reader{number}@members.example>\n" for number in range(count))
        (made.folder / "members").write_text(members)
        began = time.monotonic()
        made.run("addmembers", "--no-welcome-msg", str(made.folder / "members"), LIST)
        took = time.monotonic() - began
        made.run("shell", "-l", LIST, "-r", "personal")
        with postfix.sink(made.smtp) as taker, made.at_work():
            posted = time.monotonic()
            made.post(letter)
            first = taker.reaches(1, PATIENCE_S)
            last = taker.reaches(count, PATIENCE_S)
            taker.holds(count)
        return {
            "version": made.run("--version").strip(),
            "rate": count / (last - posted),
            "first_letter_s": round(first - posted, 1),
            "after_the_first": round(count / max(last - first, 0.001), 1),
            "import_a_second": round(count / took),
        }


def measure(tell: Tell, asked: Asked) -> None:
    """One line: one run of Mailman's, and ours beside it."""
    programs, count, ours = installed(), asked.number(2_000), Runs()
    with world("sqlite", MAIL_CONNECTIONS=LINES) as place:
        few, many = place.room("warm", 1), place.room("many", count)
        letter = docs_loop.example(place)
        limit = postfix.limit(count)
        theirs = peer(programs, letter, count)
        with crew([place.configuration] * WORKERS) as staff:
            engine.sent(place, staff, few, 1)
            for _ in range(asked.runs):
                ours.add(count, postfix.limit(count), engine.sent(place, staff, many, count))
    rate = theirs.pop("rate")
    figures = ours.figures()
    tell(
        "mailman", what="one personalised post to a null sink, from the injection to the last copy", n=count,
        unit="letters/s", letters_a_second=round(rate, 1), R=round(limit), ratio=round(rate / limit, 4),
        **theirs, engine=figures, engine_to_mailman=round(figures["median"] / rate, 1), required=50, goal=200,
    )  # fmt: skip
