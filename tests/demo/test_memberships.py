import pytest

from caucusmail.demo import cast, memberships, places, world
from caucusmail.demo.memberships import Place
from tests.demo.test_world import NOW

TEAMS = ["team-elections", "team-gender"]


@pytest.fixture(scope="module")
def drawn() -> list[Place]:
    built = world.build(NOW)
    cast.enter(built)
    return memberships.draw(built, dict.fromkeys(places.counts(), "africa"), TEAMS)


def test_the_same_world_is_drawn_the_same_way(drawn):
    built = world.build(NOW)
    cast.enter(built)
    assert memberships.draw(built, dict.fromkeys(places.counts(), "africa"), TEAMS) == drawn


def test_only_verified_organisations_have_seats_and_an_alternate_stands_behind_a_first(drawn):
    seats = [place for place in drawn if place.ngo is not None]
    assert {place.ngo.state for place in seats} == {"verified"}
    firsts = {(place.slug, place.ngo.name) for place in seats if not place.alternate}
    assert {
        (place.slug, place.ngo.name) for place in seats if place.alternate and not place.slug.startswith("team")
    } <= firsts


def test_experts_are_in_the_two_open_caucuses_and_speak_for_nobody(drawn):
    assert {place.slug for place in drawn if place.ngo is None} == {"vrwg", "uj"}


def test_a_national_coalition_is_of_its_country_alone(drawn):
    for place in drawn:
        if place.slug.startswith("coalition-"):
            assert place.ngo.country == place.slug.removeprefix("coalition-").upper()


def test_every_verified_organisation_is_in_the_network_of_its_region_and_every_team_has_people(drawn):
    built = world.build(NOW)
    cast.enter(built)
    verified = {ngo.name for ngo in built.ngos if ngo.state == "verified" and ngo.people}
    assert {place.ngo.name for place in drawn if place.slug == "network-africa"} == verified
    assert set(TEAMS) <= {place.slug for place in drawn}


def test_those_of_the_scenarios_are_in_three_caucuses(drawn):
    assert {place.slug for place in drawn if place.ngo and place.ngo.name == cast.ANDINA} >= {"vrwg", "uj", "fenicc"}
