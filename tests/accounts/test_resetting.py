import pytest

from caucusmail.accounts import factors, recovery_codes, resetting
from caucusmail.accounts.resetting import NothingToRemove
from caucusmail.accounts.two_people import NoReason, NotByTheSame
from caucusmail.database import transaction
from tests import letters, make
from tests.accounts.devices import app_of, code_of, half


def asked(person, by):
    with transaction():
        resetting.ask(person, "called her", by=by)


def confirmed(person, by):
    with transaction():
        resetting.confirm(person, by=by)


def test_two_of_the_secretariat_remove_it_and_every_step_is_told():
    anna, noor, samuel = make.person(address="anna@ngo.example"), make.secretary(), make.secretary()
    app_of(anna)
    with transaction():
        recovery_codes.made(anna)
    asked(anna, noor)
    assert len(factors.of(anna)) == 1
    with pytest.raises(NotByTheSame):
        confirmed(anna, noor)
    confirmed(anna, samuel)
    assert (factors.of(anna), recovery_codes.left(anna), resetting.asked(anna)) == ([], 0, None)
    assert [one["Subject"] for one in letters.to("anna@ngo.example")][-2:] == [
        "Your second step at sign-in is to be removed",
        "Your second step at sign-in was removed",
    ]


def test_nobody_confirms_the_removal_of_their_own():
    noor, samuel = make.secretary(), make.secretary()
    app_of(noor)
    asked(noor, samuel)
    with pytest.raises(NotByTheSame):
        confirmed(noor, noor)


def test_it_needs_a_reason_and_something_to_remove():
    anna, noor = make.person(), make.secretary()
    with pytest.raises(NothingToRemove):
        asked(anna, noor)
    app_of(anna)
    with pytest.raises(NoReason), transaction():
        resetting.ask(anna, "  ", by=noor)
    with pytest.raises(NothingToRemove):
        confirmed(anna, noor)


def test_who_still_has_it_stops_the_removal_by_using_it(stopped_clock):
    anna, noor, samuel = make.person(), make.secretary(), make.secretary()
    secret = app_of(anna)
    asked(anna, noor)
    stopped_clock.shift(60)
    with transaction():
        factors.prove(half(anna), code_of(secret))
    with pytest.raises(NothingToRemove):
        confirmed(anna, samuel)
    assert len(factors.of(anna)) == 1


def test_a_recovery_code_stops_it_too(stopped_clock):
    anna, noor = make.person(), make.secretary()
    app_of(anna)
    with transaction():
        codes = recovery_codes.made(anna)
    asked(anna, noor)
    stopped_clock.shift(1)
    with transaction():
        recovery_codes.use(anna, codes[0])
    assert resetting.asked(anna) is None


def test_what_was_dropped_or_is_a_week_old_cannot_be_confirmed(stopped_clock):
    anna, noor, samuel = make.person(), make.secretary(), make.secretary()
    app_of(anna)
    asked(anna, noor)
    with transaction():
        resetting.REMOVAL.drop(anna, by=samuel)
    with pytest.raises(NothingToRemove):
        confirmed(anna, samuel)
    asked(anna, noor)
    stopped_clock.shift(7 * 86400 + 1)
    with pytest.raises(NothingToRemove):
        confirmed(anna, samuel)


def test_asking_twice_is_one_asking_of_the_first():
    anna, noor, samuel = make.person(), make.secretary(), make.secretary()
    app_of(anna)
    asked(anna, noor)
    asked(anna, samuel)
    with pytest.raises(NotByTheSame):
        confirmed(anna, noor)
    confirmed(anna, samuel)
