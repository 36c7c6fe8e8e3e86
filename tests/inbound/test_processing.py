from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import time_machine
from sqlalchemy import event, update
from sqlalchemy.orm import Session

from caucusmail import clock
from caucusmail.audit.models import AuditEntry
from caucusmail.database import db, transaction
from caucusmail.delivery.models import AddressTrouble
from caucusmail.inbound import handling, intake, processing, queries
from caucusmail.inbound.models import Fate, Received
from tests import make
from tests.delivery.owed import again, copy
from tests.inbound.mails import letter, report, return_path, take
from tests.mail.bombs import BOMBS, FUSE


@pytest.fixture
def poison() -> Iterator[None]:
    """The database refuses whatever is written about a copy with the word poison."""

    def refuse(session: Any, _context: Any, _instances: Any) -> None:
        if any(isinstance(row, AuditEntry) and row.detail.get("status") == "5.1.6" for row in session.new):
            raise RuntimeError("poison")

    event.listen(Session, "before_flush", refuse)
    yield
    event.remove(Session, "before_flush", refuse)


def test_a_message_that_fails_lets_the_others_overtake_and_is_put_aside_in_the_end(poison: None) -> None:
    bad, row = copy("bad@mail.example"), copy()
    with transaction():
        intake.store("", return_path(bad), report(bad, status="5.1.6", words="550 5.1.6 has moved"))
        intake.store("", return_path(row), report(row))
    processing.turn()
    db.session.expire_all()
    first, second = make.rows(Received)
    assert second.fate is Fate.DONE
    assert (first.fate, first.attempts, first.detail) == (Fate.ASIDE, processing.TRIES, "RuntimeError")
    assert (again(row).bounce, again(bad).bounce) == ("gone", None)


def test_of_two_who_judge_the_same_message_only_the_first_is_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    row = copy("ada@mail.example")
    with transaction():
        intake.store("", return_path(row), report(row, status="5.1.1", words="550 5.1.1 no such user"))
    handle = handling.handle

    def overtaken(received: Received, destination: Any) -> Any:
        """A clock has jumped; another worker takes the lease for lapsed, and is done first."""
        found = handle(received, destination)
        db.session.flush()
        theirs = update(Received).values(fate=Fate.ASIDE, outcome="by another")
        db.session.execute(theirs.execution_options(synchronize_session=False))
        return found

    monkeypatch.setattr(handling, "handle", overtaken)
    processing.turn()
    db.session.expire_all()
    assert again(row).bounce is None


def test_what_ended_the_process_that_judged_it_is_put_aside_in_the_end() -> None:
    with transaction():
        intake.store("", "postmaster@caucus.example", letter())
    for _attempt in range(processing.TRIES):
        assert processing._claim() is not None  # and the process ends here
        with transaction():
            make.rows(Received)[0].lease_until = clock.now() - timedelta(seconds=1)
    assert processing.turn() == 0
    db.session.expire_all()
    assert make.rows(Received)[0].fate is Fate.ASIDE


def test_what_was_judged_is_deleted_after_ninety_days_and_what_waits_is_not() -> None:
    take(letter(), "postmaster@caucus.example", "bea@ngo.example")
    with transaction():
        intake.store("", "postmaster@caucus.example", letter(text="waits"))
    assert queries.waiting() == 1
    with time_machine.travel(clock.now() + timedelta(days=91)), transaction():
        processing.forget()
    assert [row.fate for row in make.rows(Received)] == [Fate.WAITING]


@pytest.mark.parametrize("bomb", BOMBS)
def test_no_bomb_stays_in_the_way(bomb: str) -> None:
    row = copy()
    with transaction():
        intake.store("", return_path(row), FUSE + BOMBS[bomb] + b"\r\n\r\n")
        intake.store("", "postmaster@caucus.example", FUSE + BOMBS[bomb] + b"\r\n\r\n")
    processing.turn()
    db.session.expire_all()
    assert [(one.fate is Fate.WAITING, one.attempts) for one in make.rows(Received)] == [(False, 1)] * 2
    assert make.rows(AddressTrouble) == []


@pytest.mark.corpora
def test_whatever_others_have_written_is_judged_at_the_first_try_and_held_against_nobody(corpora: Path) -> None:
    row = copy()
    files = [*(corpora / "ordinary").glob("*.txt"), *(corpora / "mime").rglob("*.eml")]
    with transaction():
        for file in files:
            intake.store("a@a.example", "postmaster@caucus.example", file.read_bytes())
            intake.store("", return_path(row), file.read_bytes())
    while processing.turn():
        pass
    db.session.expire_all()
    assert {(one.fate is Fate.WAITING, one.attempts) for one in make.rows(Received)} == {(False, 1)}
    assert again(row).bounce is None
    assert make.rows(AddressTrouble) == []
