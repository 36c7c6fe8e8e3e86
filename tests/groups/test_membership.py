from datetime import timedelta

import pytest

from caucusmail import clock
from caucusmail.database import transaction
from caucusmail.directory import queries as directory
from caucusmail.directory.models import AffiliationState, Consent, Seat
from caucusmail.groups import membership, queries, undo
from caucusmail.groups.models import Mode, Subscription
from tests import make
from tests.groups.leaving import PLACES, copy, digest, letters_to, served


def test_subscribing_gives_a_place_on_every_open_group():
    caucus = make.caucus()
    group = make.group(caucus)
    make.group(caucus, local_part="closed", closed_at=clock.now(), closed_why="Done.")
    person = make.member(caucus)
    assert membership.subscribe(person, caucus) == [group]
    assert served(group) == [person]


def test_subscribing_twice_changes_nothing():
    caucus = make.caucus()
    make.group(caucus)
    person = make.member(caucus)
    with transaction():
        membership.subscribe(person, caucus)
    assert membership.subscribe(person, caucus) == []


def test_only_members_are_subscribed():
    with pytest.raises(membership.NotAMember, match="is not a member"):
        membership.subscribe(make.person(), make.caucus())


def test_leaving_ends_membership_places_and_consent(water):
    person, caucus, _group = water
    with transaction():
        membership.leave_caucus(person, caucus, by=person)
    assert directory.affiliation(person, caucus).state is AffiliationState.ENDED
    assert queries.subscriptions(person) == []
    assert make.rows(Consent)[0].withdrawn_at is not None
    assert make.rows(Seat)[0].holder_id is None


def test_leaving_twice_says_there_was_nothing_and_writes_no_second_letter(water):
    person, caucus, _group = water
    with transaction():
        assert membership.leave_caucus(person, caucus, by=person)
        assert membership.leave_caucus(person, caucus, by=person) is None
    assert len(letters_to(person)) == 1


def test_leaving_one_caucus_leaves_the_other_alone(water):
    person, caucus, _group = water
    other = make.caucus()
    make.member(other, person, make.group(other))
    membership.leave_caucus(person, caucus, by=person)
    assert [place.caucus for place in queries.places(person)] == [other]


def test_coming_back_restores_one_caucus_of_many(water):
    person, caucus, _group = water
    other = make.caucus()
    make.member(other, person, make.group(other))
    with transaction():
        membership.leave_all(person, by=person)
    assert {former.caucus for former in queries.left_lately(person)} == {caucus, other}
    with transaction():
        membership.come_back(person, caucus, by=person)
    assert [place.caucus for place in queries.places(person)] == [caucus]
    assert [s.group.caucus for s in queries.subscriptions(person)] == [caucus]
    assert [former.caucus for former in queries.left_lately(person)] == [other]
    assert person.left_at is None


def test_after_thirty_days_one_joins_anew(water, monkeypatch):
    person, caucus, _group = water
    with transaction():
        membership.leave_caucus(person, caucus, by=person)
    later = clock.now() + timedelta(days=31)
    monkeypatch.setattr(clock, "now", lambda: later)
    assert queries.left_lately(person) == []
    with pytest.raises(membership.NoWayBack, match="30 days"):
        membership.come_back(person, caucus, by=person)


def test_a_copy_leaves_the_groups_that_brought_it_and_their_caucus():
    person, one, two, three = make.person(), make.caucus(), make.caucus(), make.caucus()
    groups = [make.group(caucus) for caucus in (one, two, three)]
    for caucus, group in zip((one, two, three), groups, strict=True):
        make.member(caucus, person, group)
    with transaction():
        membership.leave_by_copy(copy(person, groups[0], groups[2]))
    assert [place.caucus for place in queries.places(person)] == [two]


def test_a_caucus_of_which_another_group_is_left_is_not_left():
    person, caucus = make.person(), make.caucus()
    news, talk = make.group(caucus), make.group(caucus, local_part="talk")
    make.member(caucus, person, news)
    make.keep(Subscription(group_id=talk.id, person_id=person.id, since=clock.now()))
    before = digest(*PLACES)
    with transaction():
        step = membership.leave_by_copy(copy(person, talk))
    (place,) = queries.places(person)
    assert [s.group for s in place.subscriptions] == [news]
    with transaction():
        undo.take_back(step)
    assert digest(*PLACES) == before


def test_a_copy_whose_reader_is_gone_leaves_nothing():
    assert membership.leave_by_copy(copy(make.person(), person_id=None)) is None


def test_a_test_letter_leaves_nothing(water):
    person, _caucus, _group = water
    assert membership.leave_by_copy(copy(person, why="t")) is None
    assert queries.subscriptions(person)


def test_every_member_gets_a_place_on_a_new_group_and_is_served_there_as_on_the_first_one(water):
    paused, caucus, group = water
    plain = make.member(caucus, group=group)
    bare = make.member(caucus)
    make.member(caucus, state=AffiliationState.WAITING)
    new = make.group(caucus, local_part="water-news")
    with transaction():
        membership.subscribe_everybody(new)
        membership.subscribe_everybody(new)
    assert len(make.rows(Subscription)) == 5
    served = {one.person_id: one for one in make.rows(Subscription) if one.group_id == new.id}
    assert set(served) == {paused.id, plain.id, bare.id}
    first = queries.subscriptions(paused)[0]
    assert (served[paused.id].mode, served[paused.id].paused_until) == (first.mode, first.paused_until)
    assert served[plain.id].mode is served[bare.id].mode is Mode.EVERY
    assert served[plain.id].paused_from is None
