from collections import Counter

from caucusmail.database import transaction
from caucusmail.directory import founding
from caucusmail.directory.models import Caucus, Country, Family, JoinMode, Region, Status
from caucusmail.groups import founding as groups_founding
from caucusmail.groups.models import EmailGroup
from tests import make


def found() -> None:
    with transaction():
        founding.found()
        groups_founding.found()


def test_the_world_has_195_places_each_in_one_region():
    found()
    countries = make.rows_by(Country, Country.code)
    assert len(countries) == 195
    assert Counter(country.region.slug for country in countries) == {
        "africa": 49, "americas": 35, "asia-pacific": 38, "europe": 54, "mena": 19,
    }  # fmt: skip


def test_the_six_caucuses_have_six_different_natures():
    found()
    six = [(c.slug, c.status, c.join_mode) for c in make.rows(Caucus) if c.family is Family.CAUCUS]
    assert six == [
        ("wigj", Status.ACTIVE, JoinMode.EXTERNAL),
        ("vrwg", Status.ACTIVE, JoinMode.APPROVAL),
        ("fenicc", Status.DORMANT, JoinMode.APPROVAL),
        ("uj", Status.ACTIVE, JoinMode.APPROVAL),
        ("children", Status.GATHERING, JoinMode.INTEREST),
        ("peace", Status.ARCHIVED, JoinMode.CLOSED),
    ]


def test_families_beside_the_caucuses():
    found()
    assert Counter(c.family for c in make.rows(Caucus)) == {
        Family.CAUCUS: 6, Family.TEAM: 11, Family.NETWORK: 5, Family.COALITION: 12,
    }  # fmt: skip


def test_a_second_founding_changes_nothing():
    found()
    before = len(make.rows(Caucus)), len(make.rows(Region)), len(make.rows(EmailGroup))
    found()
    assert (len(make.rows(Caucus)), len(make.rows(Region)), len(make.rows(EmailGroup))) == before
