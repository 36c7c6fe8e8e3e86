from datetime import timedelta

import pytest
from sqlalchemy import event, select

from caucusmail import clock
from caucusmail.accounts.models import Person
from caucusmail.database import db, transaction
from caucusmail.directory import affiliation
from caucusmail.directory.models import JoinMode, Status
from caucusmail.errors import NotFound
from caucusmail.groups import membership, queries
from caucusmail.groups.models import Subscription
from caucusmail.groups.queries import Standing
from tests import make
from tests.groups.leaving import letters_to


def statements(work) -> int:
    """How many statements ``work`` takes."""
    seen = []

    def note(_connection, _cursor, statement, *_rest):
        if not statement.startswith(("SAVEPOINT", "RELEASE", "ROLLBACK")):
            seen.append(statement)

    db.session.expire_all()
    db.session.expunge_all()
    engine = db.session.connection().engine
    event.listen(engine, "before_cursor_execute", note)
    try:
        work()
    finally:
        event.remove(engine, "before_cursor_execute", note)
    return len(seen)


def crowded(caucuses: int) -> int:
    """A person in so many caucuses, who has left as many others; their id."""
    person = make.person()
    for _number in range(caucuses):
        caucus, former = make.caucus(), make.caucus()
        make.member(caucus, person, make.group(caucus))
        make.member(former, person, make.group(former))
        with transaction():
            membership.leave_caucus(person, former, by=person)
    assert len(letters_to(person)) == caucuses
    return person.id


def cards(person_id: int) -> None:
    person = db.session.get(Person, person_id)
    for place in queries.places(person):
        assert place.caucus.names
        assert [s.group.caucus.slug for s in place.subscriptions]
    assert queries.left_lately(person)


def test_the_number_of_statements_does_not_grow_with_the_caucuses():
    one, many = crowded(1), crowded(6)
    assert statements(lambda: cards(many)) == statements(lambda: cards(one)) <= 6


def test_each_standing_has_its_word():
    person = make.person()
    waiting, interest, archived = (
        make.caucus(place=1),
        make.caucus(place=2, join_mode=JoinMode.INTEREST),
        make.caucus(place=3, status=Status.ARCHIVED),
    )
    with transaction():
        affiliation.wait(person, waiting, by=person)
        affiliation.wait(person, interest, by=person)
    make.member(archived, person)
    assert [place.standing for place in queries.places(person)] == [
        Standing.WAITING,
        Standing.INTEREST,
        Standing.ARCHIVED,
    ]


def test_who_has_ended_or_was_declined_has_no_card():
    person, caucus = make.person(), make.caucus()
    with transaction():
        affiliation.decline(affiliation.wait(person, caucus, by=person), by=None)
    assert queries.places(person) == []


def test_keepers_see_how_many_are_on_each_group_and_how_many_it_serves_the_open_ones_first(water):
    _person, caucus, group = water
    make.member(caucus, group=group)
    closed = make.group(caucus, local_part="old", closed_at=clock.now(), closed_why="Done.")
    new = make.group(caucus, local_part="new")
    kept = [(one.group, one.places, one.served) for one in queries.of_caucus(caucus)]
    assert kept == [(group, 2, 1), (new, 0, 0), (closed, 0, 0)]


def test_a_pause_that_has_ended_or_not_begun_serves():
    caucus = make.caucus()
    group, now = make.group(caucus), clock.now()
    for first, back in ((-2, -1), (1, 2), (-1, 1), (-1, None)):
        place = queries.subscriptions(make.member(caucus, group=group))[0]
        with transaction():
            place.paused_from = now + timedelta(days=first)
            place.paused_until = now + timedelta(days=back) if back else None
        stands = db.session.scalar(select(queries.served(now)).where(Subscription.id == place.id))
        assert bool(stands) is not queries.is_paused(place, now)
    assert queries.of_caucus(caucus)[0].served == 2


def test_a_group_is_found_in_its_own_caucus_only():
    group = make.group(make.caucus("water"))
    assert queries.group(group.caucus, "water") == group
    with pytest.raises(NotFound):
        queries.group(make.caucus(), "water")
