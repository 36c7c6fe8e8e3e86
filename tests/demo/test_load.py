import pytest

from caucusmail.demo import load
from tests import make


def test_a_second_load_is_refused(demo_world):
    assert load.loaded()
    with pytest.raises(load.AlreadyLoaded):
        load.load()


def test_a_house_with_people_of_its_own_is_not_taken_for_the_demo():
    make.person()
    assert not load.loaded()
