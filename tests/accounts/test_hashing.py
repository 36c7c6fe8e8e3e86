import argon2
import pytest

from caucusmail import clock
from caucusmail.accounts import hashing
from caucusmail.accounts.models import Credential, CredentialKind

WORDS = "correct horse battery"
HASH = hashing.hashed(WORDS)


def credential(secret: str) -> Credential:
    return Credential(person_id=1, kind=CredentialKind.PASSWORD, secret=secret, made_at=clock.now())


def test_a_hash_is_argon2id_of_at_least_the_parameters_of_the_rfc_and_another_each_time():
    """RFC 9106, 4: the second recommended option, 3 passes over 64 MiB in 4 lanes."""
    found = argon2.extract_parameters(HASH)
    assert (found.type, found.salt_len, found.hash_len) == (argon2.Type.ID, 16, 32)
    assert found.time_cost >= 3
    assert found.memory_cost >= 65536  # KiB
    assert found.parallelism >= 4
    assert hashing.hashed(WORDS) != HASH


@pytest.mark.parametrize(
    ("typed", "fits"), [(WORDS, True), ("", False), ("Correct horse battery", False), ("correct horse battery ", False)]
)
def test_only_the_very_password_fits(typed: str, fits: bool):
    assert hashing.fits(HASH, typed) is fits


@pytest.mark.parametrize(
    "kept", ["", "plain", "$argon2id$v=19$m=65536", HASH[:-4]], ids=["empty", "plain", "begun", "cut"]
)
def test_what_is_no_hash_fits_nothing_and_breaks_nothing(kept: str):
    assert not hashing.fits(kept, WORDS)


def test_of_several_the_first_that_fits_is_found_and_of_none_none():
    wrong, first, second = credential(hashing.hashed("staple")), credential(HASH), credential(HASH)
    assert hashing.first_fitting([wrong, first, second], WORDS) is first
    assert hashing.first_fitting([], WORDS) is None


def test_the_hash_of_nobody_fits_no_password_that_can_be_typed_here():
    assert not hashing.fits(hashing._NOBODY, "")
    assert argon2.extract_parameters(hashing._NOBODY) == argon2.extract_parameters(HASH)
