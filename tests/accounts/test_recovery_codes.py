import re

import pytest

from caucusmail.accounts import queries, recovery_codes
from caucusmail.accounts.models import CredentialKind
from caucusmail.database import transaction
from tests import letters, make


def codes_of(person):
    with transaction():
        return recovery_codes.made(person)


def used(person, code):
    with transaction():
        return recovery_codes.use(person, code)


def test_ten_codes_are_made_that_no_two_letters_of_look_alike():
    codes = codes_of(make.person())
    assert len(set(codes)) == 10
    assert all(re.fullmatch(r"[2-9a-hjkmnp-z]{5}-[2-9a-hjkmnp-z]{5}", code) for code in codes)


def test_only_fingerprints_are_kept():
    anna = make.person()
    codes = codes_of(anna)
    kept = " ".join(one.secret for one in queries.of_kind(anna, CredentialKind.RECOVERY_CODE))
    assert not any(code in kept or code.replace("-", "") in kept for code in codes)


@pytest.mark.parametrize("spelt", [str, str.upper, lambda c: c.replace("-", " "), lambda c: f" {c.replace('-', '')} "])
def test_a_code_works_once_however_it_is_spelt(spelt):
    anna = make.person()
    code = codes_of(anna)[3]
    assert used(anna, spelt(code))
    assert not used(anna, code)
    assert recovery_codes.left(anna) == 9


def test_a_new_set_ends_the_old_one():
    anna = make.person()
    old, new = codes_of(anna), codes_of(anna)
    assert not any(used(anna, code) for code in old)
    assert used(anna, new[0])


def test_a_code_of_somebody_else_opens_nothing():
    anna, ben = make.person(), make.person()
    codes = codes_of(anna)
    codes_of(ben)
    assert not used(ben, codes[0])


@pytest.mark.parametrize("text", ["", "abcde-23456", "x" * 1000, "é", "%", "' or 1=1"])
def test_what_is_no_code_opens_nothing(text):
    anna = make.person()
    codes_of(anna)
    assert not used(anna, text)


def test_making_and_using_is_told():
    anna = make.person(address="anna@ngo.example")
    used(anna, codes_of(anna)[0])
    told = letters.to("anna@ngo.example")
    assert [one["Subject"] for one in told] == ["New recovery codes were made", "A recovery code was used"]
    assert "You have 9 left." in letters.text(told[1])


def test_what_is_handed_out_as_a_file_are_the_present_codes_only():
    anna = make.person()
    codes = codes_of(anna)
    assert recovery_codes.are_of(anna, codes)
    for other in (codes[:9], [*codes[:9], codes[0]], [*codes, codes[0]], [], ["buy at evil.example"] * 10):
        assert not recovery_codes.are_of(anna, other)
