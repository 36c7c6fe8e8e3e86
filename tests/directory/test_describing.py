import pytest

from caucusmail.database import transaction
from caucusmail.directory import describing
from caucusmail.directory.describing import ChangedAgain, Nameless
from caucusmail.directory.models import RosterPolicy
from caucusmail.errors import NotFound
from tests import make

WORDS = {"en": "Faith and Ethics", "fr": ""}


def described(caucus, names=WORDS):
    with transaction():
        return describing.describe(caucus, names, {"en": "For all."}, RosterPolicy.MEMBERS, by=make.secretary())


def test_a_former_name_is_kept_and_an_empty_language_is_not():
    caucus = make.caucus("faith")
    described(caucus)
    assert caucus.names == {"en": "Faith and Ethics"}
    assert caucus.former_names == ["faith caucus"]


def test_words_without_english_are_refused():
    with pytest.raises(Nameless):
        described(make.caucus(), {"en": " ", "fr": "Foi"})


def test_the_same_words_once_more_are_no_change():
    caucus = make.caucus()
    described(caucus)
    assert described(caucus) is None


def test_a_change_of_words_is_taken_back_exactly_and_once():
    caucus, by = make.caucus("faith"), make.secretary()
    was = dict(caucus.names), dict(caucus.about), list(caucus.former_names), caucus.roster
    change = describing.step(caucus, described(caucus).id)
    with transaction():
        assert describing.take_back(caucus, change, by=by)
    assert (caucus.names, caucus.about, caucus.former_names, caucus.roster) == was
    with transaction():
        assert not describing.take_back(caucus, change, by=by)


def test_newer_words_are_not_overwritten_by_taking_back_an_older_change():
    caucus = make.caucus()
    first = described(caucus)
    described(caucus, {"en": "Faith"})
    with pytest.raises(ChangedAgain):
        describing.take_back(caucus, first, by=make.secretary())
    assert caucus.names == {"en": "Faith"}


def test_the_change_of_another_caucus_is_not_found():
    change = described(make.caucus())
    with pytest.raises(NotFound):
        describing.step(make.caucus(), change.id)
