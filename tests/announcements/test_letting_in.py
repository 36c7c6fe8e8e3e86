import pytest

from caucusmail.accounts.models import Person
from caucusmail.announcements import audience, letting_in
from caucusmail.announcements.choice import Audience, Role
from caucusmail.database import transaction
from caucusmail.directory.models import Affiliation, Caucus, Ngo, Seat, SeatRole
from tests import make
from tests.announcements.rooms import Room, seated


def test_the_list_tells_the_seat_and_the_filters_that_let_each_in():
    room = Room()
    ben = seated(room, "Ben", "Bright Future")
    seated(room, "Ada")
    with transaction():
        ben.languages = ["fr", "en"]
    plain = room.drafted()
    assert [list(one.let_in) for one in audience.people(plain, room.by).rows] == [
        ["individual expert"],
        ["representative"],
    ]
    chosen = Audience(
        caucus_ids=(room.caucus.id,),
        languages=("fr", "en"),
        region_ids=(make.region().id,),
        roles=(Role.REPRESENTATIVE,),
    )
    narrowed = room.drafted(audience=chosen)
    [row] = audience.people(narrowed, room.by).rows
    assert (row.name, list(row.let_in)) == ("Ben", ["representative", "Africa", "reads French, English"])


def test_a_role_beside_the_seat_is_named_where_it_was_chosen():
    room = Room()
    make.member(room.caucus, room.by.person, room.group)
    kept = room.drafted(audience=Audience(caucus_ids=(room.caucus.id,), roles=(Role.KEEPER,)))
    [row] = audience.people(kept, room.by).rows
    assert list(row.let_in) == ["individual expert", "keeps a group"]


def place(role=None, *, region_id=None, own_region=None, languages=("en",)) -> Affiliation:
    """A place in a caucus of ``region_id``; with a role, on a seat of an organisation in ``own_region``."""
    seat = None if role is None else Seat(role=role, ngo=Ngo(name="A", region_id=own_region))
    return Affiliation(
        seat=seat, caucus=Caucus(slug="c", region_id=region_id), person=Person(languages=list(languages))
    )


REGIONS = {1: {"en": "Africa", "fr": "Afrique"}, 2: {"en": "Europe", "fr": "Europe"}}


@pytest.mark.parametrize(
    ("role", "said"),
    [(None, "individual expert"), (SeatRole.REPRESENTATIVE, "representative"), (SeatRole.ALTERNATE, "alternate")],
)
def test_without_a_filter_the_seat_alone_is_told(role, said):
    assert letting_in.words(Audience(), place(role, own_region=1, region_id=2), {}) == [said]


def test_the_region_told_is_that_of_the_organisation_before_that_of_the_caucus():
    assert letting_in.words(Audience(), place(SeatRole.ALTERNATE, own_region=2, region_id=1), REGIONS)[1:] == ["Europe"]
    assert letting_in.words(Audience(), place(SeatRole.ALTERNATE, own_region=3, region_id=1), REGIONS)[1:] == ["Africa"]
    assert letting_in.words(Audience(), place(region_id=3), REGIONS)[1:] == []


def test_where_it_cannot_be_told_which_role_let_somebody_in_that_one_of_them_did_is_told():
    chosen = Audience(roles=(Role.KEEPER, Role.ADMINISTRATOR, Role.REPRESENTATIVE))
    assert letting_in.words(chosen, place(), {}) == ["individual expert", "has one of the chosen roles"]
    assert letting_in.words(chosen, place(SeatRole.REPRESENTATIVE), {}) == ["representative"]


def test_of_the_chosen_languages_those_read_are_told_in_the_readers_order(french):
    chosen = Audience(languages=("en", "fr", "ar"))
    found = letting_in.words(chosen, place(region_id=1, languages=("fr", "es", "ar")), REGIONS)
    assert found[1:] == ["Afrique", "lit\u00a0: français, arabe"]
