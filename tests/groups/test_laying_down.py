import pytest

from caucusmail.database import transaction
from caucusmail.directory import keeping
from caucusmail.groups import laying_down, membership
from tests import letters, make
from tests.groups.leaving import PLACES, digest
from tests.groups.two_seats import two_seats

ALL = (*PLACES, make.Keeper)


@pytest.fixture
def two():
    made = two_seats()
    make.coordinator(made.water, made.rosa)
    return made


def left(two):
    with transaction():
        return membership.leave_all(two.rosa, by=two.rosa)


def subjects(person):
    return [one["Subject"] for one in letters.to(person.address)]


def test_the_last_coordinator_may_leave_and_the_secretariat_is_told_at_once(two):
    noor = make.secretary()
    assert [one.slug for one in laying_down.of(two.rosa).caucuses] == ["water"]
    left(two)
    assert keeping.serving(two.water) == []
    assert subjects(noor) == ["Nobody coordinates water caucus now"]
    assert "/caucuses/water" in letters.text(letters.to(noor.address)[-1])


def test_where_somebody_else_coordinates_nobody_is_told(two):
    noor, other = make.secretary(), make.coordinator(two.water)
    left(two)
    assert [one.person for one in keeping.serving(two.water)] == [other]
    assert subjects(noor) == []


def test_taken_back_they_coordinate_as_before(two):
    before = digest(*ALL)
    step = left(two)
    with transaction():
        membership.take_back(two.rosa, step, by=two.rosa)
    assert digest(*ALL) == before


def test_what_the_secretariat_changed_since_is_not_taken_up(two):
    step = left(two)
    (keeper,) = make.rows(make.Keeper)
    with transaction():
        keeping.resume(keeper, by=make.secretary())
        keeping.end(keeper, by=make.secretary())
        membership.take_back(two.rosa, step, by=two.rosa)
    assert keeping.serving(two.water) == []


def test_the_last_administrator_may_leave_and_who_remains_is_told(two):
    noor, admin = make.secretary(), two.andina.admin.person
    make.member(two.water, admin, two.group)
    with transaction():
        membership.leave_all(admin, by=admin)
    assert subjects(noor) == ["Nobody looks after Andina now"]
    assert "Nobody looks after Andina now" in subjects(two.rosa)
