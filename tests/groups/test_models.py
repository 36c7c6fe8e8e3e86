"""What the tables of groups forbid, whoever writes to them, and what goes with what."""

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import delete
from sqlalchemy.exc import IntegrityError

from caucusmail import clock
from caucusmail.accounts.models import Person
from caucusmail.database import db, transaction
from caucusmail.directory.models import Caucus
from caucusmail.groups.models import EmailGroup, Mode, Subscription
from tests import make


def place(group: EmailGroup, who: Person, **more: Any) -> Subscription:
    return make.keep(Subscription(group_id=group.id, person_id=who.id, since=clock.now(), **more))


def test_no_two_groups_have_one_address():
    make.group(make.caucus(), local_part="water")
    with pytest.raises(IntegrityError):
        make.group(make.caucus(), local_part="water")


def test_a_person_is_on_a_group_once():
    group, who = make.group(make.caucus()), make.person()
    place(group, who)
    with pytest.raises(IntegrityError):
        place(group, who, mode=Mode.NONE)


def test_a_pause_that_ends_has_a_beginning_and_one_that_began_needs_no_end():
    group, now = make.group(make.caucus()), clock.now()
    assert place(group, make.person(), paused_from=now).paused_until is None
    with pytest.raises(IntegrityError):
        place(group, make.person(), paused_until=now + timedelta(days=1))


@pytest.mark.parametrize("table", [Caucus, EmailGroup, Person])
def test_a_place_goes_with_its_person_its_group_and_its_caucus(table):
    caucus = make.caucus()
    make.member(caucus, group=make.group(caucus))
    with transaction():
        db.session.execute(delete(table))
    assert make.rows(Subscription) == []
