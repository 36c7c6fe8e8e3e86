import json
from datetime import timedelta

import pytest
from sqlalchemy import delete, true

from caucusmail import clock
from caucusmail.accounts.models import Person
from caucusmail.database import db, transaction
from caucusmail.groups import snapshots
from caucusmail.groups.models import EmailGroup, Mode, Subscription
from tests import make
from tests.groups.leaving import digest


@pytest.fixture
def two() -> tuple[Person, EmailGroup, EmailGroup]:
    """Somebody with a plain place, and one that is paused and not served by mail; somebody else is on both groups."""
    caucus, other = make.caucus(), make.caucus()
    plain, quiet = make.group(caucus), make.group(other)
    who, now = make.member(caucus, group=plain), clock.now()
    pause = {"paused_from": now, "paused_until": now + timedelta(days=3), "mode": Mode.NONE}
    make.keep(Subscription(group_id=quiet.id, person_id=who.id, since=now - timedelta(days=400), **pause))
    make.member(other, make.member(caucus, group=plain), quiet)
    return who, plain, quiet


def off(who: Person) -> list[snapshots.Was]:
    """All of their places, taken away; as the journal gives them back."""
    with transaction():
        return json.loads(json.dumps(snapshots.take_off(who, true())))


def test_places_are_put_back_exactly_as_they_were(two):
    before = digest(Subscription)
    was = off(two[0])
    assert len(make.rows(Subscription)) == 2
    with transaction():
        snapshots.put_back(two[0], was)
    assert digest(Subscription) == before


def test_what_is_taken_is_told_by_group_with_the_caucus_of_each(two):
    who, plain, quiet = two
    assert [(one["group"], one["caucus"], one["mode"]) for one in off(who)] == [
        (plain.id, plain.caucus_id, "every"),
        (quiet.id, quiet.caucus_id, "none"),
    ]
    assert off(who) == []


def test_only_what_is_asked_for_is_taken(two):
    who, plain, quiet = two
    with transaction():
        snapshots.take_off(who, Subscription.group_id == quiet.id)
    assert [one.group_id for one in make.rows(Subscription) if one.person_id == who.id] == [plain.id]


def test_a_place_that_was_taken_anew_stays_as_it_is(two):
    who, _plain, quiet = two
    was = off(who)
    anew = make.keep(Subscription(group_id=quiet.id, person_id=who.id, since=clock.now()))
    with transaction():
        snapshots.put_back(who, was)
    assert (anew.mode, anew.paused_from) == (Mode.EVERY, None)
    assert len([one for one in make.rows(Subscription) if one.person_id == who.id]) == 2


def test_on_a_group_that_is_no_more_nothing_is_put_back(two):
    who, plain, quiet = two
    was = off(who)
    with transaction():
        db.session.execute(delete(EmailGroup).where(EmailGroup.id == quiet.id))
    with transaction():
        snapshots.put_back(who, was)
    assert [one.group_id for one in make.rows(Subscription) if one.person_id == who.id] == [plain.id]
