from collections import Counter
from datetime import UTC, datetime, timedelta

import pytest

from caucusmail import languages, zones
from caucusmail.demo import world
from caucusmail.demo.world import DemoPerson, World
from caucusmail.mail import addresses

NOW = datetime(2026, 11, 23, 9, tzinfo=UTC)


@pytest.fixture(scope="module")
def built() -> World:
    return world.build(NOW)


@pytest.fixture(scope="module")
def people(built) -> list[DemoPerson]:
    return [person for ngo in built.ngos for person in ngo.people] + built.experts


def test_the_same_seed_makes_the_same_world():
    assert world.build(NOW) == world.build(NOW)


def test_every_address_is_in_a_reserved_domain_and_can_be_written_to():
    built = world.build(NOW)
    people = [person for ngo in built.ngos for person in ngo.people] + built.experts
    assert all(addresses.parse(person.address).domain.endswith(".example") for person in people)


def test_no_two_organisations_have_one_name_and_each_state_has_its_share(built):
    assert len({ngo.name for ngo in built.ngos}) == len(built.ngos) == 2500
    assert Counter(ngo.state for ngo in built.ngos) == {
        "verified": 2050,
        "provisional": 150,
        "pending": 125,
        "lapsed": 125,
        "declined": 50,
    }


def test_one_mailbox_is_shared_and_no_other(people):
    shared = [count for count in Counter(person.address for person in people).values() if count > 1]
    assert shared == [2]


def test_everybody_reads_a_language_and_has_a_clock_that_the_house_knows(people):
    assert {language for person in people for language in person.languages} <= set(languages.WRITTEN)
    assert {person.zone for person in people} <= set(zones.names())
    assert {person.fate for person in people} == {"active", "paused", "bouncing", "unconfirmed", "left"}


def test_what_real_rosters_hold_is_there(built, people):
    names = {person.name for person in people}
    assert {world.LONG_NAME, "Wahyuni", "Siobhán O’Brien-N’Diaye", "欧阳文静", "أمينة بن يوسفي"} <= names
    assert any(not person.address.isascii() for person in people)
    assert any(ngo.in_exile for ngo in built.ngos)
    assert any(not ngo.people for ngo in built.ngos)
    assert any(person.discreet for person in people)


def test_the_past_is_counted_from_now_and_lies_in_office_hours():
    for days in range(60):
        at = world.ago(NOW, days)
        assert at.date() == (NOW - timedelta(days=days)).date()
        assert 9 <= at.hour < 17
