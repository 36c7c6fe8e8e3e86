import pytest

from caucusmail import clock
from caucusmail.accounts import passwords, queries, signing_in
from caucusmail.accounts.models import SecondAddress
from caucusmail.accounts.passwords import WeakPassword
from caucusmail.database import transaction
from tests import letters, make


@pytest.mark.parametrize(
    "weak",
    ["short", "elevenchars", "x" * 201, "aaaaaaaaaaaaaaaa", "anna.k@ngo.example", "annakovac12", "caucusmail123"],
)
def test_a_password_that_can_be_guessed_is_refused(weak):
    anna = make.person(name="annakovac", address="anna.k@ngo.example")
    with pytest.raises(WeakPassword) as problem, transaction():
        passwords.replace(anna, weak)
    assert problem.value.field == "password"


def test_the_refusal_names_how_long_it_was():
    with pytest.raises(WeakPassword, match=r"This has 5 characters.*at least 12"), transaction():
        passwords.replace(make.person(), "short")


def test_a_password_is_kept_as_argon2id_only():
    anna = make.person()
    with transaction():
        passwords.replace(anna, "correct horse battery")
    (credential,) = queries.passwords([anna])
    assert credential.secret.startswith("$argon2id$")
    assert "correct" not in credential.secret


def test_changing_it_leaves_one_and_signs_out_elsewhere():
    anna = make.person()
    with transaction():
        passwords.replace(anna, "correct horse battery")
        here, there = signing_in.begin(anna), signing_in.begin(anna)
    with transaction():
        passwords.replace(anna, "staple of the other", keep=queries.signed_in(here).id)
    assert len(queries.passwords([anna])) == 1
    assert queries.signed_in(here)
    assert queries.signed_in(there) is None


def test_a_change_is_told_by_letter():
    anna = make.person(address="anna@ngo.example")
    with transaction():
        passwords.replace(anna, "correct horse battery")
        passwords.remove(anna)
    assert [one["Subject"] for one in letters.to("anna@ngo.example")] == [
        "Your password was changed",
        "Your password was removed",
    ]


def test_a_change_is_told_to_further_addresses_too():
    anna = make.person(address="anna@ngo.example")
    home = {"address": "anna@home.example", "address_key": "anna@home.example", "verified_at": clock.now()}
    make.keep(SecondAddress(person_id=anna.id, **home))
    with transaction():
        passwords.replace(anna, "correct horse battery")
    assert [one["Subject"] for one in letters.to("anna@home.example")] == ["Your password was changed"]


def test_removing_what_is_not_there_says_nothing():
    anna = make.person(address="anna@ngo.example")
    with transaction():
        passwords.remove(anna)
    assert letters.to("anna@ngo.example") == []
