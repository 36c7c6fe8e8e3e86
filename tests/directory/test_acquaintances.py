from datetime import timedelta

import pytest

from caucusmail import clock
from caucusmail.directory import acquaintances, visibility
from caucusmail.directory.models import AffiliationState, Seat
from caucusmail.errors import NotFound
from tests import make
from tests.statements import counted


@pytest.fixture
def noor():
    return visibility.viewer(make.secretary(name="Noor"))


def names(found):
    return [one.person.name for one in found]


def test_somebody_is_found_by_words_of_the_name_or_the_whole_address_and_by_no_part_of_it(noor):
    make.person("Ana Maria Fix", "ana@mail.example"), make.person("Ben", "ben@mail.example")
    assert names(acquaintances.find(noor, "fix ana")) == ["Ana Maria Fix"]
    assert names(acquaintances.find(noor, " ANA@mail.example ")) == ["Ana Maria Fix"]
    for nothing in ("mail.example", "ana@", "%", "fix ben", " "):
        assert acquaintances.find(noor, nothing) == []


def test_what_somebody_is_here_is_known_and_their_address_masked(noor):
    caucus, ngo, ana = make.caucus("water"), make.ngo("Haki"), make.person("Ana", "ana@mail.example")
    (
        make.representative(ana, ngo),
        make.representative(ana, make.ngo("Old"), since=clock.now() - timedelta(days=9), until=clock.now()),
    )
    seat = make.keep(Seat(ngo_id=ngo.id, caucus_id=caucus.id, holder_id=ana.id, since=clock.now()))
    make.member(caucus, ana, seat_id=seat.id), make.coordinator(caucus, ana)
    make.member(make.caucus(), ana, state=AffiliationState.ENDED)
    one = acquaintances.one(noor, ana.id)
    assert ([place.seat.ngo for place in one.memberships], one.represents, one.keeps) == ([ngo], (ngo,), (caucus,))
    assert "ana@mail.example" not in one.masked
    assert not one.alone


def test_experts_are_listed_without_a_search_and_nobody_else_is(noor):
    caucus = make.caucus()
    make.member(caucus, make.person("Expert")), make.person("Nobody")
    make.member(caucus, make.person("Waiting"), state=AffiliationState.WAITING)
    make.representative(make.member(caucus, make.person("Speaker")), make.ngo())
    make.representative(
        make.member(caucus, make.person("Former")), make.ngo(), since=clock.now() - timedelta(days=9), until=clock.now()
    )
    assert names(acquaintances.find(noor, "", alone=True)) == ["Expert", "Former", "Waiting"]
    assert names(acquaintances.find(noor, "wait", alone=True)) == ["Waiting"]


def test_no_more_than_the_first_are_shown_and_the_statements_stay_the_same(noor):
    for number in range(acquaintances.MOST_FOUND + 1):
        make.member(make.caucus(), make.person(f"Ana {number}"))
    with counted() as statements:
        assert len(acquaintances.find(noor, "ana")) == acquaintances.MOST_FOUND
    assert len(statements) == 5


def test_who_is_not_the_secretariat_finds_nobody():
    keeper = make.coordinator(make.caucus())
    for viewer in (visibility.STRANGER, visibility.viewer(keeper)):
        with pytest.raises(NotFound):
            acquaintances.find(viewer, "ana")
        with pytest.raises(NotFound):
            acquaintances.one(viewer, keeper.id)


def test_a_person_who_is_not_there_is_not_found(noor):
    with pytest.raises(NotFound):
        acquaintances.one(noor, 2**31 - 1)
