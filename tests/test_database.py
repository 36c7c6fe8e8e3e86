from collections.abc import Iterator
from datetime import UTC, datetime, timedelta, timezone

import pytest
from sqlalchemy import select, text, update
from sqlalchemy.exc import OperationalError, ProgrammingError, StatementError
from sqlalchemy.orm import joinedload

from caucusmail import database
from caucusmail.app import House
from caucusmail.database import WroteWhileReading, db, transaction
from caucusmail.directory.models import Caucus, Region, Status
from tests import make


def put(slug: str) -> None:
    db.session.add(Region(slug=slug, names={}))
    db.session.flush()


def slugs() -> list[str]:
    return [one.slug for one in make.rows(Region)]


@pytest.fixture
def woken() -> Iterator[list[str]]:
    """The queues that were woken; whoever listened before listens again afterwards."""
    before, found = list(database._on_wake), []
    database.on_wake(found.append)
    yield found
    database._on_wake[:] = before


def test_a_statement_that_fails_does_not_tell_whom_it_was_about(app: House) -> None:
    statement = text("UPDATE no_such_table SET address = :address")
    with pytest.raises((OperationalError, ProgrammingError)) as failed, db.session.begin_nested():
        db.session.execute(statement, {"address": "amina@mail.example"})
    assert "amina" not in str(failed.value)


def test_a_unit_of_work_is_kept_whole_or_not_at_all():
    with transaction():
        put("a")
    with pytest.raises(ZeroDivisionError), transaction():
        put("b")
        1 / 0  # noqa: B018 - the refusal
    with transaction():
        put("c")
        database.give_up()
    assert slugs() == ["a"]


def test_queues_are_woken_once_each_after_the_commit_and_never_for_what_was_refused(woken: list[str]):
    with transaction():
        database.wake("process")
        database.wake("deliver")
        database.wake("deliver")
        assert woken == []
    assert woken == ["deliver", "process"]
    with pytest.raises(ZeroDivisionError), transaction():
        database.wake("deliver")
        1 / 0  # noqa: B018 - the refusal
    with transaction():
        database.wake("deliver")
        database.give_up()
    database.wake("deliver")  # outside of any unit of work nobody hears it; the sweep finds the rows
    assert woken == ["deliver", "process"]


@pytest.mark.parametrize(
    "write",
    [lambda: put("a"), lambda: db.session.execute(update(Region).values(slug="b"))],
    ids=["a new row", "a statement"],
)
def test_whoever_only_reads_cannot_write(write):
    with pytest.raises(WroteWhileReading), database.reading():
        write()
    assert slugs() == []


def test_what_is_kept_aside_stays_though_the_request_is_refused():
    with pytest.raises(ZeroDivisionError), transaction():
        with database.aside() as session:
            session.add(Region(slug="aside", names={}))
        put("refused")
        1 / 0  # noqa: B018 - the refusal
    assert slugs() == ["aside"]


def test_of_two_who_move_one_state_the_second_is_told():
    caucus = make.caucus()
    guard = (Caucus.id == caucus.id, Caucus.status == Status.ACTIVE)
    with transaction():
        assert database.moved(Caucus, *guard, status=Status.DORMANT)
        assert caucus.status is Status.DORMANT
        assert not database.moved(Caucus, *guard, status=Status.ARCHIVED)
    assert caucus.status is Status.DORMANT


def test_a_row_that_was_read_with_others_beside_it_is_locked_alone() -> None:
    caucus = make.caucus("water")
    beside = joinedload(Caucus.region)
    found = db.session.scalars(select(Caucus).options(beside).execution_options(populate_existing=True)).one()
    with transaction():
        db.session.execute(update(Caucus).values(tag="NEW").execution_options(synchronize_session=False))
        database.lock(found)
        assert found.tag == "NEW"
    assert caucus is found


def test_an_instant_comes_back_aware_in_utc_from_whatever_zone_it_was_given():
    there = datetime(2027, 11, 30, 8, 15, tzinfo=timezone(timedelta(hours=1)))
    caucus = make.caucus(status_since=there)
    found = db.session.scalar(select(Caucus.status_since).where(Caucus.id == caucus.id))
    assert (found, found.tzinfo) == (there, UTC)


def test_a_naive_time_does_not_reach_the_database():
    with pytest.raises(StatementError, match="a naive time reached the database"):
        make.caucus(status_since=datetime(2027, 11, 30, 8, 15))


def test_an_enum_is_kept_by_its_value_in_words():
    caucus = make.caucus(status=Status.DORMANT)
    kept = db.session.execute(text("SELECT status FROM caucuses WHERE id = :id"), {"id": caucus.id}).scalar()
    assert kept == "dormant"


def test_the_id_of_a_deleted_row_is_not_given_again():
    first = make.region("a")
    was = first.id
    with transaction():
        db.session.delete(first)
    assert make.region("b").id > was
