import pytest

from caucusmail.database import transaction
from caucusmail.delivery import outgoing
from caucusmail.delivery.models import Delivery, DeliveryState
from caucusmail.groups import membership, undo
from tests import make
from tests.groups.leaving import letters_to


def test_the_receipt_names_what_was_left_and_links_the_way_back(water):
    person, caucus, _group = water
    with transaction():
        membership.leave_caucus(person, caucus, by=person)
    (letter,) = letters_to(person)
    assert "water caucus" in letter
    assert "/undo/" in letter


def test_who_was_taken_out_by_others_gets_no_way_back_of_their_own(water):
    person, caucus, _group = water
    with transaction():
        step = membership.leave_caucus(person, caucus, by=make.secretary())
    (letter,) = letters_to(person)
    assert "/undo/" not in letter
    assert undo.person(step) is None
    with pytest.raises(membership.NoWayBack):
        membership.come_back(person, caucus, by=person)


@pytest.mark.parametrize("name", ["\ue000x\ue001", "A\u2028B", "A\nB"])
def test_whatever_their_name_holds_they_can_leave_and_get_the_letter(name, sink):
    caucus = make.caucus()
    who = make.member(caucus, make.person(name), make.group(caucus))
    with transaction():
        membership.leave_caucus(who, caucus, by=who)
    outgoing.turn("test")
    assert [row.state for row in make.rows(Delivery)] == [DeliveryState.ACCEPTED]
