import pytest

from caucusmail import languages
from caucusmail.accounts.models import Person, SiteRole
from caucusmail.demo import cast, world
from caucusmail.directory.models import Affiliation, AffiliationState, Keeper, Representative
from caucusmail.mail import addresses
from tests import make
from tests.demo.test_world import NOW


def test_the_demo_people_are_what_they_are_said_to_be(demo_world):
    by_name = {person.name: person for person in make.rows(Person)}
    assert by_name[cast.SECRETARIAT.name].role is SiteRole.SECRETARIAT
    kept = [keeper.caucus.slug for keeper in make.rows(Keeper) if keeper.person_id == by_name[cast.COORDINATOR.name].id]
    assert "vrwg" in kept
    assert any(r.admin for r in make.rows(Representative) if r.person_id == by_name[cast.REPRESENTATIVE.name].id)
    active = [a for a in make.rows(Affiliation) if a.person_id == by_name[cast.MEMBER.name].id]
    assert {a.caucus.slug for a in active if a.state is AffiliationState.ACTIVE} >= {"vrwg", "uj", "fenicc"}


def test_two_organisations_take_the_parts_and_their_number_stays():
    built = world.build(NOW)
    cast.enter(built)
    assert len(built.ngos) == 2500
    [andina] = [ngo for ngo in built.ngos if ngo.name == cast.ANDINA]
    assert [(one.name, one.fate) for one in andina.people] == [
        (cast.REPRESENTATIVE.name, "active"),
        (cast.MEMBER.name, "active"),
    ]
    assert (andina.country, andina.acronym, andina.in_exile) == ("PE", "JA", False)
    [mwangaza] = [ngo for ngo in built.ngos if ngo.name == cast.MWANGAZA]
    assert [one.fate for one in mwangaza.people] == ["bouncing"]
    assert mwangaza.made_days_ago > 2000


@pytest.mark.parametrize("part", [*cast.PEOPLE, cast.SECOND_SECRETARIAT], ids=lambda part: part.name)
def test_whoever_can_be_played_has_an_address_that_leads_nowhere_and_a_part_in_both_languages(part):
    assert addresses.parse(part.address).domain.endswith(".example")
    english = str(part.what)
    with languages.use("fr"):
        assert str(part.what) != english
