"""Of who is protected, or erased, nothing is left in the octets of the database's file, nor in the log beside it."""

import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pytest

from caucusmail import jobs
from caucusmail.accounts.models import Person
from caucusmail.audit import journal
from caucusmail.database import db, transaction
from caucusmail.privacy import erasing
from tests import another, make, settings_for
from tests.bench import protect_now
from tests.bench.protect_now import ADDRESS, NAME
from tests.privacy.protected import lift, protect


@pytest.fixture
def folder(tmp_path: Path) -> Iterator[Path]:
    settings = settings_for.testing(f"sqlite:///{tmp_path / 'house.sqlite3'}", tmp_path)
    with another.house(settings) as house, house.app_context():
        yield tmp_path


def told(folder: Path, *words: str) -> set[str]:
    """Which of these words the files hold."""
    db.session.rollback()
    octets = b"".join(one.read_bytes() for one in sorted(folder.glob("house.sqlite3*"))).lower()
    return {word for word in words if word.lower().encode() in octets}


def with_letters() -> Person:
    """Somebody with letters and a history of some pages in every table of theirs."""
    person = protect_now.fill(150)
    with transaction():
        journal.record("test", person, None, reason=f"{NAME} called")
    return person


def test_nothing_of_who_is_protected_is_read_in_the_file_until_it_is_lifted(folder: Path) -> None:
    person = with_letters()
    assert told(folder, NAME, ADDRESS) == {NAME, ADDRESS}
    made = protect(person)
    assert told(folder, NAME, ADDRESS) == set()
    lift(made)
    assert told(folder, NAME, ADDRESS) == {NAME, ADDRESS}


def test_nor_of_who_is_erased_but_where_the_last_letter_goes(folder: Path) -> None:
    person = with_letters()
    with transaction():
        erasing.erase(person, remember=False, by=None)
    assert told(folder, NAME, ADDRESS) == {ADDRESS}


def test_who_reads_at_that_moment_holds_it_up_until_the_next_turn_of_the_job(folder: Path) -> None:
    person = make.person(NAME, ADDRESS)
    reader = sqlite3.connect(folder / "house.sqlite3", isolation_level=None)
    reader.execute("BEGIN")
    assert reader.execute("SELECT name FROM people").fetchall() == [(NAME,)]
    protect(person)
    reader.execute("COMMIT")
    reader.close()
    assert told(folder, NAME, ADDRESS) == {NAME, ADDRESS}
    jobs.end_protections()
    assert told(folder, NAME, ADDRESS) == set()
