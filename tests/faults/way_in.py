"""S-F16: the LMTP server is killed while it keeps what a mail server hands over, and that one comes again."""

import smtplib
import time
from collections import Counter
from contextlib import suppress
from typing import Any

from sqlalchemy import select

from caucusmail.delivery.models import Delivery
from caucusmail.inbound.handling import Outcome
from caucusmail.inbound.models import Fate, Received
from tests.faults.house import PATIENCE_S, Child, House, K, Late

KILLS = 5
"""At each of the two places."""

PLACES = {"before the commit": "before_keep_commit", "after the commit, before 250": "after_keep_commit"}
ROLE = "postmaster@caucus.example"


def message(number: int) -> bytes:
    """What a person writes."""
    return (
        f"From: Bea <bea{number}@ngo.example>\r\nTo: {ROLE}\r\nSubject: Room?\r\n"
        f"Message-ID: <{number}@ngo.example>\r\n\r\nWhich room, number {number}?\r\n"
    ).encode()


class WayIn(House):
    """A house to which ``count`` messages come in, one after another; its reckoning is of these."""

    def prepare(self) -> None:
        assert self.worker("receive").wait() == 0, (self.folder / "log").read_text()

    def serve(self, failpoint: str = "") -> Child:
        """The LMTP server, listening."""
        server = self.worker("lmtp", CAUCUSMAIL_FAILPOINTS=failpoint)
        self.until(lambda: server.ended or self._listens(), "the LMTP server listens")
        return server

    def _listens(self) -> bool:
        with suppress(OSError), smtplib.LMTP("127.0.0.1", self.port):
            return True
        return False

    def hand_over(self, number: int) -> bool:
        """As the mail server in front does; whether we said 250."""
        try:
            with smtplib.LMTP("127.0.0.1", self.port, timeout=PATIENCE_S) as client:
                client.sendmail(f"bea{number}@ngo.example", [ROLE], message(number))
        except (OSError, smtplib.SMTPException):
            return False
        return True

    def reckoning(self) -> dict[str, Any]:
        """Each message was kept once, judged once and passed on once."""
        columns = (Received.message_id, Received.fate, Received.attempts, Received.outcome)
        with self.engine.connect() as connection:
            rows = list(connection.execute(select(*columns)))
            passed_on = Counter(connection.scalars(select(Delivery.address)))["person1@mail.example"]
        kept = Counter(row.message_id.strip("<>") for row in rows)
        lost = {f"{number}@ngo.example" for number in range(self.count)} - set(kept)
        duplicates = (
            sum(kept.values()) - len(kept) + passed_on - Counter(row.outcome for row in rows)[Outcome.PASSED_ON]
        )
        found: dict[str, Any] = {"N": self.count, "lost": len(lost), "duplicates": duplicates, "uncertain": 0, "K": K}
        found |= {"crashes": self.crashes, "recovery_s": round(self.recovery_s, 1), "passed_on": passed_on}
        once = all(row.fate is not Fate.WAITING and row.attempts == 1 for row in rows)
        good = not lost and not duplicates and once and passed_on > 0
        return found | self.notes | {"pass": good and all(self.notes.get("also", {}).values())}


def killed(house: House) -> None:
    """kill -9 of the LMTP server, five times after the commit and before 250, five times before the commit."""
    assert isinstance(house, WayIn)
    each = max(house.count // (2 * KILLS + 1), 1)
    plan = [f"{place}=kill@{each}" for place in list(PLACES.values()) * KILLS]
    server, died = house.serve(plan.pop(0)), Counter[int]()
    for number in range(house.count):
        began = time.monotonic()
        while not house.hand_over(number):
            died[server.wait(30)] += 1
            house.crashes += 1
            server = house.serve(plan.pop(0) if plan else "")
            if time.monotonic() - began > PATIENCE_S:
                raise Late("250")
        if time.monotonic() - began > house.recovery_s and house.crashes:
            house.recovery_s = time.monotonic() - began
    server.terminate()
    server.wait()
    house.worker("judge").wait()
    house.notes["also"] = {"died there": died == Counter({-9: 2 * KILLS})}
