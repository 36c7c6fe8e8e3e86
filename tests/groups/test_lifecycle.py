import pytest

from caucusmail.database import transaction
from caucusmail.directory.models import Status
from caucusmail.groups import lifecycle, membership, queries
from tests import make
from tests.groups.leaving import served


def test_a_new_group_is_open_and_empty():
    caucus = make.caucus()
    with transaction():
        group = lifecycle.open_group(caucus, "water-news", {"en": "Water news"}, by=None)
    assert (queries.open_groups(caucus), served(group)) == ([group], [])


@pytest.mark.parametrize(
    "name", ["", "Water", "wa ter", "a@b", "-a", "a-", "a--b", "a\n", "é", "x" * 41, "water-owner"]
)
def test_a_name_that_cannot_stand_before_the_at_is_refused(name):
    with pytest.raises(lifecycle.BadName, match="small letters"):
        lifecycle.open_group(make.caucus(), name, {}, by=None)


@pytest.mark.parametrize("name", ["postmaster", "notices", "water"])
def test_an_address_in_use_is_refused(name):
    caucus = make.caucus("water")
    make.group(caucus)
    with pytest.raises(lifecycle.Taken):
        lifecycle.open_group(caucus, name, {}, by=None)


def test_an_archived_caucus_opens_no_group():
    with pytest.raises(lifecycle.Archived):
        lifecycle.open_group(make.caucus(status=Status.ARCHIVED), "peace", {}, by=None)


def test_closing_twice_is_closing_once_and_opening_again_keeps_the_places():
    caucus = make.caucus()
    group = make.group(caucus)
    person = make.member(caucus, group=group)
    with transaction():
        assert lifecycle.close_group(group, by=None)
        assert not lifecycle.close_group(group, by=None)
    assert membership.subscribe(person, caucus) == []
    with transaction():
        assert lifecycle.reopen_group(group, by=None)
    assert served(group) == [person]
