from datetime import timedelta

import pyotp
import pytest

from caucusmail import clock
from caucusmail.accounts import factors, queries, recovery_codes, signing_in, totp
from caucusmail.accounts.factors import NoSuchFactor, TooManyFactors, WrongCode
from caucusmail.accounts.models import CredentialKind
from caucusmail.database import transaction
from caucusmail.errors import TooMany
from tests import letters, make
from tests.accounts.devices import app_of, code_of, half, signed_in


def test_an_app_is_added_by_a_code_it_shows_and_its_secret_is_not_to_be_read():
    anna = make.person(address="anna@ngo.example")
    secret = app_of(anna, "Work phone")
    (kept,) = factors.of(anna)
    assert (kept.kind, kept.label, secret in kept.secret) == (CredentialKind.TOTP, "Work phone", False)
    (told,) = letters.to("anna@ngo.example")
    assert "“Work phone” was added" in letters.text(told)
    assert "http://localhost/en/account/password" in letters.text(told)


def test_a_wrong_code_adds_nothing_and_says_what_was_read():
    device = signed_in(make.person())
    with pytest.raises(WrongCode, match="“000000” is not the code"), transaction():
        factors.add_app(device, totp.new_secret(), "000000", "")
    assert factors.of(device.person) == []


def test_a_clock_that_goes_wrong_is_named():
    device, secret = signed_in(make.person()), totp.new_secret()
    late = pyotp.TOTP(secret).at(clock.now() - timedelta(minutes=7))
    with pytest.raises(WrongCode, match="about 7 minutes wrong"), transaction():
        factors.add_app(device, secret, late, "")


def test_the_eleventh_is_refused():
    anna = make.person()
    for _ in range(10):
        app_of(anna)
    with pytest.raises(TooManyFactors):
        app_of(anna)


def test_a_label_is_one_short_line_and_never_empty():
    anna = make.person()
    app_of(anna, "a\r\nBcc: b@c.example" + "x" * 100)
    (kept,) = factors.of(anna)
    assert "\n" not in kept.label
    assert len(kept.label) <= 60
    with transaction():
        factors.named(anna, kept.id, "")
    assert kept.label
    with transaction():
        factors.named(anna, kept.id, "Old phone")
    assert kept.label == "Old phone"


def test_nobody_renames_or_removes_what_is_somebody_elses():
    anna, ben = make.person(), make.person()
    app_of(anna)
    number = factors.of(anna)[0].id
    for do in (
        lambda: factors.remove(ben, number),
        lambda: factors.named(ben, number, "x"),
        lambda: factors.remove(anna, 0),
    ):
        with pytest.raises(NoSuchFactor), transaction():
            do()
    assert len(factors.of(anna)) == 1


def test_with_the_last_factor_the_recovery_codes_go_and_it_is_told():
    anna = make.person(address="anna@ngo.example")
    app_of(anna)
    app_of(anna)
    with transaction():
        recovery_codes.made(anna)
    first, second = factors.of(anna)
    with transaction():
        factors.remove(anna, first.id)
    assert recovery_codes.left(anna) == 10
    with transaction():
        factors.remove(anna, second.id)
    assert recovery_codes.left(anna) == 0
    assert letters.to("anna@ngo.example")[-1]["Subject"] == "A way to sign in was removed"


def test_neither_a_password_nor_a_recovery_code_can_be_removed_as_a_factor():
    anna = make.person()
    with transaction():
        recovery_codes.made(anna)
    code = queries.of_kind(anna, CredentialKind.RECOVERY_CODE)[0]
    with pytest.raises(NoSuchFactor), transaction():
        factors.remove(anna, code.id)


def test_a_code_of_the_app_proves_once(stopped_clock):
    anna = make.person()
    secret = app_of(anna)
    stopped_clock.shift(60)
    first, second, code = half(anna), half(anna), code_of(secret)
    with transaction():
        factors.prove(first, code)
    assert factors.remembered(first)
    with pytest.raises(WrongCode), transaction():
        factors.prove(second, code)
    assert not factors.remembered(second)


def test_the_code_that_set_the_app_up_proves_nothing_more(stopped_clock):
    anna = make.person()
    secret = app_of(anna)
    with pytest.raises(WrongCode), transaction():
        factors.prove(half(anna), code_of(secret))


def test_it_is_remembered_for_twelve_hours_on_that_device_alone(stopped_clock):
    anna = make.person()
    with transaction():
        codes = recovery_codes.made(anna)
    here, there = signed_in(anna), signed_in(anna)
    with transaction():
        factors.prove(here, codes[0])
    assert (factors.remembered(here), factors.remembered(there)) == (True, False)
    stopped_clock.shift(12 * 3600)
    assert not factors.remembered(here)


def test_guessing_ends_after_ten_tries_of_one_sign_in():
    anna = make.person()
    app_of(anna)
    with transaction():
        codes = recovery_codes.made(anna)
    waiting = half(anna)
    for _ in range(10):
        with pytest.raises(WrongCode), transaction():
            factors.prove(waiting, "000000")
    with pytest.raises(TooMany), transaction():
        factors.prove(waiting, codes[0])


def test_who_guesses_an_apps_codes_from_elsewhere_locks_nobody_out(stopped_clock):
    anna = make.person()
    secret = app_of(anna)
    with transaction():
        codes = recovery_codes.made(anna)
    for _ in range(2):
        thief = half(anna)
        for _ in range(10):
            with pytest.raises(WrongCode), transaction():
                factors.prove(thief, "000000")
    stopped_clock.shift(60)
    with pytest.raises(TooMany, match="recovery code or a passkey works at once"), transaction():
        factors.prove(half(anna), code_of(secret))
    with transaction():
        factors.prove(half(anna), codes[0])


def test_an_app_whose_secret_cannot_be_read_any_more_proves_nothing_and_breaks_nothing():
    anna = make.person()
    secret = app_of(anna)
    with transaction():
        factors.of(anna)[0].secret = "AAAA"
    with pytest.raises(WrongCode), transaction():
        factors.prove(half(anna), code_of(secret))


def test_a_sign_in_that_waits_opens_nothing_else():
    anna = make.person()
    with transaction():
        secret = signing_in.wait(anna)
    assert queries.signed_in(secret) is None
    assert queries.live_sign_ins(anna) == []
    assert queries.signed_in(secret, waiting=True)


def test_a_sign_in_waits_for_a_quarter_of_an_hour_and_ends_with_the_others(stopped_clock):
    anna = make.person()
    with transaction():
        first, second = signing_in.wait(anna), signing_in.wait(anna)
        signing_in.sign_out(first)
    assert queries.signed_in(first, waiting=True) is None
    stopped_clock.shift(900)
    assert queries.signed_in(second, waiting=True) is None
    with transaction():
        third = signing_in.wait(anna)
        signing_in.sign_out_everywhere(anna, by=anna)
    assert queries.signed_in(third, waiting=True) is None
