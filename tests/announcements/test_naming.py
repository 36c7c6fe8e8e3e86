from dataclasses import replace

import pytest

from caucusmail.announcements import composition, dispatch, naming
from caucusmail.announcements.choice import Audience, Role
from caucusmail.announcements.composition import Text
from caucusmail.announcements.dispatch import NotConfirmed
from caucusmail.database import transaction
from caucusmail.directory import visibility
from tests import make
from tests.announcements.rooms import Room


@pytest.fixture
def room():
    return Room(slug="vrwg", tag="VRWG")


def meant(room, **chosen):
    with transaction():
        return composition.draft(room.draft(audience=Audience(**chosen)), visibility.viewer(make.secretary()))


def test_one_group_is_named_by_its_own_short_name_whoever_writes(room):
    other = Room(slug="fenicc", tag="FENICC")
    assert naming.word(meant(room, caucus_ids=(other.caucus.id,)), 3) == "FENICC"
    assert naming.word(meant(room, group_ids=(other.group.id,)), 3) == "fenicc"


def test_several_groups_and_everybody_are_named_by_their_number(room):
    other = Room()
    assert naming.word(meant(room, caucus_ids=(room.caucus.id, other.caucus.id)), 594) == "ALL 594"
    assert naming.word(meant(room, everybody=True, caucus_ids=(room.caucus.id,)), 2756) == "ALL 2756"


@pytest.mark.parametrize("typed", ["all 2756", "ALL 2,756", "All2756", " [ALL 2 756] "])
def test_it_may_be_typed_loosely(typed):
    assert naming.same(typed, "ALL 2756")


@pytest.mark.parametrize("typed", ["", "ALL", "2756", "ALL 2755", "VRWG"])
def test_something_else_is_something_else(typed):
    assert not naming.same(typed, "ALL 2756")


def test_the_short_name_of_the_writer_does_not_send_to_everybody(room):
    make.member(room.caucus, group=room.group)
    sent = meant(room, everybody=True)
    with pytest.raises(NotConfirmed, match="ALL 1"):
        dispatch.confirm(sent, "VRWG", 1, visibility.viewer(make.secretary()))


def test_filters_are_said_by_name(room):
    africa = make.region("africa")
    chosen = Audience(
        caucus_ids=(room.caucus.id,),
        region_ids=(africa.id,),
        languages=("fr",),
        roles=(Role.KEEPER,),
        exclude_group_ids=(room.group.id,),
        exclude_announcement_ids=(room.drafted().id,),
        sent_announcement_ids=(room.drafted(texts={"en": Text("Old news")}).id,),
    )
    named = naming.named(meant(room, **{name: getattr(chosen, name) for name in chosen.__dataclass_fields__}))
    assert (named.groups, named.regions, named.languages, named.roles) == (
        ["vrwg caucus"],
        ["Africa"],
        ("fr",),
        (Role.KEEPER,),
    )
    assert (named.not_in, named.not_on, named.not_sent) == ([], ["vrwg caucus"], ["News"])
    assert named.sent == ["Old news"]
    assert not named.everybody
    assert replace(chosen, everybody=True).to_json()["everybody"] is True
    assert Audience.from_json(chosen.to_json()) == chosen
