from caucusmail.directory import choices, visibility
from caucusmail.directory.models import Family, Keeper, KeeperRole
from tests import make


def slugs(by: visibility.Viewer) -> list[str]:
    return [caucus.slug for caucus in choices.kept(by)]


def test_the_secretariat_chooses_among_all_by_family_and_in_their_own_order():
    make.caucus("kenya", family=Family.COALITION)
    make.caucus("late", place=2)
    make.caucus("early", place=1)
    make.caucus("africa", family=Family.NETWORK)
    make.caucus("press", family=Family.TEAM)
    assert slugs(visibility.viewer(make.secretary())) == ["early", "late", "press", "africa", "kenya"]


def test_a_coordinator_chooses_among_what_they_coordinate():
    make.caucus("other")
    mine, moderated = make.caucus("mine"), make.caucus("moderated")
    who = make.coordinator(mine)
    make.keep(Keeper(person_id=who.id, caucus_id=moderated.id, role=KeeperRole.MODERATOR, since=mine.status_since))
    make.member(make.caucus("in"), who)
    assert slugs(visibility.viewer(who)) == ["mine"]
    assert slugs(visibility.STRANGER) == []


def test_regions_stand_in_their_order():
    make.region("mena", place=2), make.region("africa", place=3), make.region("europe", place=1)
    assert [region.slug for region in choices.regions()] == ["europe", "mena", "africa"]
