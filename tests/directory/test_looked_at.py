"""Who looked at a member's address or took the list along, as the member is told."""

import pytest

from caucusmail.database import transaction
from caucusmail.directory import exporting, looked_at, roster, visibility
from caucusmail.directory.models import Affiliation, AffiliationState, Caucus
from tests import make


@pytest.fixture
def caucus() -> Caucus:
    return make.caucus("water")


def told(person):
    return [(one["what"], one["caucus"], one["role"], one["addresses"]) for one in looked_at.export(person)]


def take(caucus: Caucus, who, **more):
    with transaction():
        exporting.take(caucus, visibility.viewer(who), "Seating plan of Ilse", **more)


def test_a_look_at_the_address_is_told_by_role_and_never_by_name_or_reason(caucus):
    ada, ben, staff = make.member(caucus), make.member(caucus), make.secretary()
    (place,) = [one for one in make.rows(Affiliation) if one.person_id == ada.id]
    with transaction():
        roster.reveal(place.id, caucus, "Her phone is off", visibility.viewer(staff))
    assert told(ada) == [("address.shown", "water caucus", "secretariat", True)]
    assert staff.name not in str(looked_at.export(ada))
    assert "phone" not in str(looked_at.export(ada))
    assert told(ben) == []


def test_a_list_is_told_to_those_who_were_on_it_with_the_role_and_whether_addresses_went_along(caucus):
    keeper, ada = make.coordinator(caucus), make.member(caucus)
    take(caucus, keeper)
    late = make.member(caucus)
    take(caucus, make.secretary(), addresses=True)
    first, second = [
        ("roster.exported", "water caucus", *more) for more in (("coordinator", False), ("secretariat", True))
    ]
    assert told(ada) == [first, second]
    assert told(late) == [second]
    assert told(make.member(make.caucus())) == []


def test_who_has_left_is_still_told_what_was_taken_before(caucus):
    ada, keeper = make.member(caucus), make.coordinator(caucus)
    take(caucus, keeper)
    (place,) = [one for one in make.rows(Affiliation) if one.person_id == ada.id]
    with transaction():
        place.state = AffiliationState.ENDED
    take(caucus, keeper)
    assert told(ada) == [("roster.exported", "water caucus", "coordinator", False)]
