"""Who is told of a hand-over, and who of its way back: one letter each."""

import pytest

from caucusmail.database import transaction
from caucusmail.groups import handing_back, handing_over
from tests import letters, make
from tests.groups.handed import AMINA, office


@pytest.fixture
def haki():
    return office()


def test_who_keeps_two_of_the_caucuses_reads_one_letter_of_each(haki):
    keeper = make.coordinator(haki.caucuses[0])
    make.coordinator(haki.caucuses[1], keeper)
    offered = haki.offered()
    with transaction():
        step = handing_over.accept(offered)
    with transaction():
        handing_back.take_back(step, by=haki.rosa)
    there, back = letters.to(keeper.address)
    assert (there["Subject"], back["Subject"]) == ("Haki has a new representative", "The seats of Haki went back")
    assert all(name in letters.text(back) for name in ("water caucus", "peace caucus"))


def test_the_ways_back_in_both_letters_are_different_persons(haki):
    offered = haki.offered()
    with transaction():
        handing_over.accept(offered)
    assert "/undo/" in letters.text(letters.to(haki.rosa.address)[0])
    assert "/undo/" not in letters.text(letters.to(AMINA)[-1])
