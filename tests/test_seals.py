import pytest

from caucusmail import seals
from caucusmail.seals import Unreadable


def test_what_is_sealed_opens_again_and_reads_as_nothing_before(app):
    kept = seals.seal("tea", "shelf 1", "Darjeeling é")
    assert seals.unseal("tea", "shelf 1", kept) == "Darjeeling é"
    assert "Darjeeling" not in kept
    assert seals.seal("tea", "shelf 1", "Darjeeling é") != kept


@pytest.mark.parametrize(("use", "place"), [("coffee", "shelf 1"), ("tea", "shelf 2")])
def test_it_opens_for_its_own_use_and_place_alone(app, use, place):
    kept = seals.seal("tea", "shelf 1", "Darjeeling")
    with pytest.raises(Unreadable):
        seals.unseal(use, place, kept)


@pytest.mark.parametrize("kept", ["", "x", "AAAA", "A" * 60, "é" * 20])
def test_what_was_never_sealed_does_not_open(app, kept):
    with pytest.raises(Unreadable):
        seals.unseal("tea", "shelf 1", kept)
