"""What is sealed says nothing, and opens with its own salt, in its own place, in this house alone."""

import dataclasses

import pytest

from caucusmail import settings
from caucusmail.meetings import seals

NAME = "Zuleikha Canarywood, مركز حقوق الإنسان"


def test_it_opens_again_and_says_nothing_before():
    salt = seals.salt()
    sealed = seals.seal(NAME, salt, "1:2")
    assert seals.unseal(sealed, salt, "1:2") == NAME
    assert b"Canary" not in sealed
    assert seals.seal(NAME, salt, "1:2") != sealed


@pytest.mark.parametrize(
    "how", ["another salt", "no salt", "another place", "changed", "cut short", "empty", "another house"]
)
def test_it_opens_no_other_way(how, monkeypatch):
    salt = seals.salt()
    sealed, place = seals.seal(NAME, salt, "1:2"), "1:2"
    if how == "another house":
        other = dataclasses.replace(settings.current(), secret_key="x" * 40)
        monkeypatch.setattr(settings, "_current", other)
    sealed = {"changed": sealed[:-1] + bytes([sealed[-1] ^ 1]), "cut short": sealed[:8], "empty": b""}.get(how, sealed)
    salt = {"another salt": seals.salt(), "no salt": b""}.get(how, salt)
    with pytest.raises(seals.Broken):
        seals.unseal(sealed, salt, "1:3" if how == "another place" else place)
