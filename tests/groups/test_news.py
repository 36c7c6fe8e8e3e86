"""What those on an email group are told of its life, and what is not said because it was taken back in time."""

from datetime import timedelta

import pytest

from caucusmail import clock
from caucusmail.accounts import queries as accounts
from caucusmail.database import db, transaction
from caucusmail.delivery.models import Delivery, DeliveryState, Lane
from caucusmail.directory import queries as directory
from caucusmail.directory.models import AffiliationState
from caucusmail.groups import lifecycle, news, queries
from caucusmail.groups.models import Mode
from tests import letters, make
from tests.statements import counted


@pytest.fixture
def group():
    """An email group with three on it: one is served, one has paused, one reads on the site."""
    made = make.group(make.caucus("water"))
    make.member(made.caucus, make.person("Ana", "ana@mail.example", languages=["fr", "en"]), made)
    paused = make.member(made.caucus, make.person("Ben", "ben@mail.example"), made)
    reading = make.member(made.caucus, make.person("Cleo", "cleo@mail.example"), made)
    with transaction():
        queries.subscriptions(paused)[0].paused_from = clock.now()
        queries.subscriptions(reading)[0].mode = Mode.NONE
    return made


def close(group):
    with transaction():
        return lifecycle.close_group(group, "Its work is done.", by=None)


def reopen(group):
    with transaction():
        return lifecycle.reopen_group(group, by=None)


def leave():
    """Everything that is due leaves."""
    with transaction():
        for row in make.rows(Delivery):
            if row.state is DeliveryState.QUEUED:
                row.state, row.settled_at = DeliveryState.ACCEPTED, clock.now()


def told():
    db.session.expire_all()
    return [(row.name, row.message.kind) for row in make.rows(Delivery) if row.state is not DeliveryState.WITHDRAWN]


def test_whom_the_group_serves_is_told_in_ten_minutes_and_with_what_has_time(group):
    close(group)
    (row,) = make.rows(Delivery)
    assert (row.name, row.language, row.lane) == ("Ana", "fr", Lane.BULK)
    assert timedelta(minutes=9) < row.due_at - clock.now() <= news.TOLD_AFTER


def test_the_letter_says_what_was_closed_why_and_what_stays(group):
    make.group(group.caucus, local_part="water-2", names={"en": "Springs"})
    close(group)
    (letter,) = letters.to("ana@mail.example")
    text = letters.text(letter)
    assert letter["Subject"] == "Fermée : Groupe water"
    assert "Its work is done." in text
    assert "Springs" in text
    assert "/fr/caucuses/water" in text


def test_what_is_taken_back_in_time_is_told_to_nobody(group):
    close(group)
    reopen(group)
    assert told() == []


def test_who_was_told_that_it_is_closed_is_told_that_it_is_open_again(group):
    close(group)
    leave()
    reopen(group)
    assert told() == [("Ana", "groups/group_closed"), ("Ana", "groups/group_reopened")]


def test_only_those_who_were_told_hear_of_the_way_back(group):
    make.member(group.caucus, make.person("Dana", "dana@mail.example"), group)
    close(group)
    with transaction():
        first = make.rows(Delivery)[0]
        first.state, first.settled_at = DeliveryState.ACCEPTED, clock.now()
    reopen(group)
    assert told() == [("Ana", "groups/group_closed"), ("Ana", "groups/group_reopened")]


def test_a_group_that_nobody_was_told_of_can_be_unsaid_and_another_not(group):
    assert not news.said(group)
    close(group)
    assert not news.said(group)
    with transaction():
        news.unsay(group)
    assert make.rows(Delivery) == []
    reopen(group)
    leave()
    assert news.said(group)


def test_who_has_left_the_caucus_or_the_house_is_not_told(group):
    dana = make.member(group.caucus, make.person("Dana", "dana@mail.example"), group)
    with transaction():
        accounts.by_address("ana@mail.example")[0].left_at = clock.now()
        directory.affiliation(dana, group.caucus).state = AffiliationState.ENDED
    close(group)
    assert told() == []


def test_the_statements_of_telling_do_not_grow_with_the_readers(group):
    with counted() as few:
        close(group)
    with transaction():
        lifecycle.take_back(group, lifecycle.latest(group), by=make.secretary())
    for _ in range(12):
        make.member(group.caucus, group=group)
    with counted() as many:
        close(group)
    assert len(many) == len(few)
