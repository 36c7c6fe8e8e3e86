"""The numbers on the page that asks."""

from caucusmail.privacy import extent
from tests import make
from tests.house.test_personal import admitted, in_office


def test_it_counts_what_goes_and_what_cannot_be_called_back():
    her = admitted()
    in_office(her)
    found = extent.of(her)
    assert (found.places > 0, found.due > 0, found.written > 0) == (True, True, True)
    assert found.delivered == 0


def test_of_somebody_who_has_done_nothing_it_is_all_nothing():
    found = extent.of(make.person())
    assert (found.places, found.entries, found.due, found.delivered, found.files, found.written) == (0,) * 6
    assert (list(found.seats), list(found.hindrances)) == ([], [])
