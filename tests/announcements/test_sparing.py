"""Whoever said that they do not come is spared a change only if its author wants it so, and nobody learns who in a hidden group."""

import pytest
from sqlalchemy import select

from caucusmail.accounts.models import Person
from caucusmail.announcements import changes, estimate, sparing
from caucusmail.announcements.choice import Audience
from caucusmail.announcements.models import LeftOut
from caucusmail.database import db, transaction
from caucusmail.directory.models import RosterPolicy
from caucusmail.errors import NotAllowed
from caucusmail.meetings.models import AnswerState
from tests import make
from tests.announcements import rooms
from tests.announcements.rooms import Room, copies
from tests.announcements.test_changes import gone, to_room, told
from tests.meetings.test_answers import COMING, say


@pytest.fixture
def room() -> Room:
    room = rooms.vrwg()
    with transaction():
        room.caucus.roster = RosterPolicy.MEMBERS
    for name in ("Ada", "Ben", "Chi"):
        make.member(room.caucus, make.person(name), room.group)
    return room


@pytest.fixture
def sent(room, sink):
    made = gone(room, rooms.strategy(room="K-12"))
    say(made.meeting, named("Ada"), AnswerState.NOT_COMING)
    say(made.meeting, named("Ben"), COMING)
    return made


def named(name: str) -> Person:
    return db.session.scalars(select(Person).where(Person.name == name)).one()


def reached(change) -> set[str]:
    return {one.name for one in copies(change)}


def test_unless_asked_everybody_is_told_also_who_declined(room, sent):
    assert reached(told(sent, to_room(sent.meeting, "E-04"), room)) == {"Ada", "Ben", "Chi"}


def test_who_declined_is_spared_and_named_with_the_reason(room, sent):
    made = told(sent, to_room(sent.meeting, "E-04", spares=True), room)
    assert reached(made) == {"Ben", "Chi"}
    assert estimate.of(made).left_out == {LeftOut.DECLINED: 1}


def test_who_was_spared_once_is_told_of_the_next_change(room, sent):
    told(sent, to_room(sent.meeting, "E-04", spares=True), room)
    made = told(sent, to_room(sent.meeting, "E-05"), room)
    assert reached(made) == {"Ada", "Ben", "Chi"}


def test_who_changes_their_mind_is_told(room, sent):
    say(sent.meeting, named("Ada"), AnswerState.MAYBE)
    assert sparing.number(sent.meeting) == 0
    assert reached(told(sent, to_room(sent.meeting, "E-04", spares=True), room)) == {"Ada", "Ben", "Chi"}


def test_in_a_hidden_group_nobody_is_spared(room, sent):
    with transaction():
        room.caucus.roster = RosterPolicy.HIDDEN
    assert sparing.number(sent.meeting) == 0
    with pytest.raises(NotAllowed), transaction():
        changes.tell(sent.meeting, to_room(sent.meeting, "E-04", spares=True), room.by)
    assert sent.meeting.room == "K-12"


def test_nor_where_it_was_announced_to_a_hidden_one_too(sent):
    assert sparing.possible(sent.meeting)
    hidden = make.caucus(roster=RosterPolicy.HIDDEN)
    make.group(hidden)
    with transaction():
        sent.audience = Audience(caucus_ids=(sent.caucus_id, hidden.id)).to_json()
    assert not sparing.possible(sent.meeting)
