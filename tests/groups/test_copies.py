from datetime import timedelta

import pytest

from caucusmail import clock
from caucusmail.database import db, transaction
from caucusmail.delivery.models import DeliveryState
from caucusmail.groups import copies, lifecycle, membership, queries, undo
from caucusmail.groups.models import Mode, Subscription
from tests import make
from tests.groups.leaving import copy


def test_leaving_withdraws_what_only_this_group_brought(water):
    person, caucus, group = water
    other = make.caucus()
    second = make.group(other)
    make.member(other, person, second)
    only, both, letter = copy(person, group), copy(person, group, second), copy(person)
    with transaction():
        membership.leave_caucus(person, caucus, by=person)
    db.session.expire_all()
    assert [d.state for d in (only, both, letter)] == [
        DeliveryState.WITHDRAWN,
        DeliveryState.QUEUED,
        DeliveryState.QUEUED,
    ]


def test_a_slip_taken_back_at_once_costs_no_letter(water):
    person, caucus, group = water
    with transaction():
        place = queries.subscriptions(person)[0]
        place.mode, place.paused_from, place.paused_until = Mode.EVERY, None, None
    waiting = copy(person, group)
    with transaction():
        step = membership.leave_caucus(person, caucus, by=person)
    db.session.refresh(waiting)
    assert waiting.state is DeliveryState.WITHDRAWN
    with transaction():
        undo.take_back(step)
    db.session.refresh(waiting)
    assert (waiting.state, waiting.settled_at, waiting.note) == (DeliveryState.QUEUED, None, "")


def test_what_has_left_the_house_is_not_withdrawn(water):
    person, caucus, group = water
    gone = copy(person, group, state=DeliveryState.IN_FLIGHT)
    membership.leave_caucus(person, caucus, by=person)
    db.session.refresh(gone)
    assert gone.state is DeliveryState.IN_FLIGHT


def test_other_peoples_copies_stay(water):
    person, caucus, group = water
    theirs = copy(make.member(caucus, group=group), group)
    membership.leave_caucus(person, caucus, by=person)
    db.session.refresh(theirs)
    assert theirs.state is DeliveryState.QUEUED


@pytest.mark.parametrize(
    ("why", "groups"), [("g1 g23", {1, 23}), ("t", set()), ("", set()), ("g1 r7 x2", {1}), ("g", set()), ("g1x", set())]
)
def test_the_groups_that_brought_a_copy_are_read_from_its_reasons(why, groups):
    assert copies.groups_of(why) == groups


def test_a_copy_names_the_caucus_that_leaving_would_leave_and_what_would_stay(water):
    person, caucus, group = water
    other = make.caucus("peace")
    news, talk = make.group(other), make.group(other, local_part="talk", names={"en": "Talk"})
    make.member(other, person, news)
    make.keep(Subscription(group_id=talk.id, person_id=person.id, since=clock.now()))
    going, staying = copies.brought_by(copy(person, group, talk), person)
    assert going == [copies.Brought(caucus.names, (group.id,)), copies.Brought(talk.names, (talk.id,))]
    assert staying == [other.names]


def test_a_copy_knows_its_reader_until_they_are_forgotten(water):
    person, _caucus, group = water
    mine = copy(person, group)
    assert copies.reader(copies.copy(mine.id)) == person
    assert copies.reader(copy(make.person(), group, person_id=None)) is None
    assert copies.copy(mine.id + 1000) is None


def test_a_copy_that_is_owed_for_another_reason_than_a_group_stays():
    person = make.person()
    test, both = copy(person, why="t"), copy(person, why="g1 t")
    copies.withdraw(person)
    db.session.expire_all()
    assert (test.state, both.state) == (DeliveryState.QUEUED, DeliveryState.QUEUED)


def test_a_copy_whose_time_has_passed_by_more_than_an_hour_is_not_owed_again():
    caucus = make.caucus()
    group = make.group(caucus)
    person = make.member(caucus, group=group)
    values = {"state": DeliveryState.WITHDRAWN, "note": copies.NOTE, "settled_at": clock.now()}
    late, soon = (
        copy(person, group, due_at=clock.now() - copies.SLIP + timedelta(minutes=minutes), **values)
        for minutes in (-1, 1)
    )
    with transaction():
        copies.ready_again(person, [late.id, soon.id])
    db.session.expire_all()
    assert (late.state, soon.state) == (DeliveryState.WITHDRAWN, DeliveryState.QUEUED)


def test_what_was_withdrawn_for_another_reason_is_not_owed_again():
    caucus = make.caucus()
    group = make.group(caucus)
    person = make.member(caucus, group=group)
    stopped = copy(person, group, state=DeliveryState.WITHDRAWN, note="stopped", settled_at=clock.now())
    with transaction():
        copies.match(person)
    db.session.refresh(stopped)
    assert (stopped.state, stopped.note) == (DeliveryState.WITHDRAWN, "stopped")


def test_closing_a_group_withdraws_what_it_alone_brings_and_opening_it_again_owes_that_anew():
    caucus = make.caucus()
    group, other = make.group(caucus), make.group(caucus, local_part="other")
    person = make.member(caucus, group=group)
    make.keep(Subscription(group_id=other.id, person_id=person.id, since=clock.now()))
    rows = [copy(person, group), copy(person, other), copy(person, group, other), copy(person, group, why="t")]
    left = copy(person, group, state=DeliveryState.WITHDRAWN, note=copies.NOTE, settled_at=clock.now())
    with transaction():
        lifecycle.close_group(group, "Done.", by=None)
    db.session.expire_all()
    assert [row.state for row in rows] == [DeliveryState.WITHDRAWN, *[DeliveryState.QUEUED] * 3]
    with transaction():
        copies.match(person)
    db.session.expire_all()
    assert (rows[0].state, left.state) == (DeliveryState.WITHDRAWN, DeliveryState.WITHDRAWN)
    with transaction():
        lifecycle.reopen_group(group, by=None)
    db.session.expire_all()
    assert {row.state for row in rows} == {DeliveryState.QUEUED}


def test_a_copy_that_names_a_closed_group_and_one_that_its_reader_has_left_is_withdrawn():
    caucus = make.caucus()
    group, other = make.group(caucus), make.group(caucus, local_part="other")
    person = make.member(caucus, group=group)
    both = copy(person, group, other)
    similar = copy(person, why=f"g{group.id}1")
    with transaction():
        lifecycle.close_group(group, "Done.", by=None)
    db.session.expire_all()
    assert (both.state, similar.state) == (DeliveryState.WITHDRAWN, DeliveryState.QUEUED)
