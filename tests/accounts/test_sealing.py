from dataclasses import replace

import pytest

from caucusmail import settings
from caucusmail.accounts import sealing
from caucusmail.accounts.sealing import Unreadable
from tests import make


def test_what_is_sealed_can_be_read_again_and_not_from_the_table():
    anna = make.person()
    kept = sealing.seal(anna, "JBSWY3DP")
    assert sealing.unseal(anna, kept) == "JBSWY3DP"
    assert "JBSWY3DP" not in kept
    assert sealing.seal(anna, "JBSWY3DP") != kept


def test_a_row_moved_to_somebody_else_opens_nothing():
    anna, ben = make.person(), make.person()
    with pytest.raises(Unreadable):
        sealing.unseal(ben, sealing.seal(anna, "JBSWY3DP"))


@pytest.mark.parametrize("kept", ["", "x", "AAAA", "A" * 60, "é" * 20])
def test_what_was_never_sealed_cannot_be_read(kept):
    with pytest.raises(Unreadable):
        sealing.unseal(make.person(), kept)


def test_one_changed_letter_is_noticed():
    anna = make.person()
    kept = sealing.seal(anna, "JBSWY3DP")
    with pytest.raises(Unreadable):
        sealing.unseal(anna, ("B" if kept[20] != "B" else "C").join([kept[:20], kept[21:]]))


def test_another_key_of_the_house_reads_nothing(monkeypatch):
    anna = make.person()
    kept = sealing.seal(anna, "JBSWY3DP")
    monkeypatch.setattr(settings, "_current", replace(settings.current(), secret_key="another" * 8))
    with pytest.raises(Unreadable):
        sealing.unseal(anna, kept)
