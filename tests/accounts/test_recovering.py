from datetime import timedelta

import pytest
import time_machine

from caucusmail import clock
from caucusmail.accounts import recovering, recovery_codes, recovery_course
from caucusmail.accounts.models import Recovery, RecoveryState
from caucusmail.accounts.recovering import TheSame
from caucusmail.accounts.recovery_course import NoLonger
from caucusmail.database import transaction
from caucusmail.delivery.models import Delivery
from caucusmail.errors import TooMany
from caucusmail.mail.addresses import BadAddress
from caucusmail.tokens import BadToken
from tests import letters, make
from tests.accounts.recoveries import NETWORK, NEW, OLD, by_code, by_people, codes_of, found, looked
from tests.accounts.test_addressing import subjects


@pytest.fixture
def ada():
    return make.person("Ada", OLD)


def test_a_recovery_code_brings_a_letter_to_the_new_address_and_word_to_the_old_one(ada):
    codes = codes_of(ada)
    told = len(subjects(OLD))
    asked = by_code(codes[0])
    assert (asked.person_id, asked.sealed_code, ada.address) == (ada.id, "", OLD)
    assert subjects(NEW) == ["Is this your new address?"]
    new = ["A recovery code was used", "Somebody asks for another address for your account"]
    assert subjects(OLD)[told:] == new
    letter = letters.text(letters.to(OLD)[-1])
    assert ("/recover/stop/" in letter, NEW in letter, "a***@new.example" in letter) == (True, False, True)
    assert "Ada" not in letters.to(NEW)[0].as_string()


def test_a_code_that_is_typed_waits_sealed_for_the_job(ada):
    code = codes_of(ada)[0]
    with transaction():
        recovering.by_code(OLD, code, NEW, NETWORK)
    (asked,) = make.rows(Recovery)
    assert code.replace("-", "") not in asked.sealed_code
    assert (recovery_codes.left(ada), subjects(NEW)) == (10, [])


@pytest.mark.parametrize(
    "which", ["nobody's address", "no code of theirs", "no codes at all", "a code of somebody else"]
)
def test_who_typed_what_does_not_fit_gets_no_letter_and_nothing_of_it_is_kept(ada, which):
    code, old = "abcde-23456", OLD
    if which == "nobody's address":
        code, old = codes_of(ada)[0], "nobody@x.example"
    elif which == "no code of theirs":
        codes_of(ada)
    elif which == "a code of somebody else":
        code = codes_of(make.person("Ben"))[0]
    before = len(make.rows(Delivery))
    with transaction():
        recovering.by_code(old, code, NEW, NETWORK)
    looked()
    assert (make.rows(Recovery), len(make.rows(Delivery))) == ([], before)


def test_a_code_works_once(ada):
    code = codes_of(ada)[0]
    by_code(code)
    with transaction():
        recovering.by_code(OLD, code, "other@x.example", NETWORK)
    looked()
    assert subjects("other@x.example") == []
    assert recovery_codes.left(ada) == 9


def test_of_two_who_share_a_mailbox_the_code_says_who_it_is(ada):
    ben = make.person("Ben", OLD)
    codes_of(ada)
    assert by_code(codes_of(ben)[3]).person_id == ben.id


def test_any_number_of_wrong_codes_shuts_nobody_out(ada):
    code = codes_of(ada)[0]
    for number in range(60):
        with transaction():
            recovering.by_code(OLD, "abcde-23456", "evil@x.example", f"198.51.{number}.0/24")
    looked()
    looked()
    assert by_code(code).person_id == ada.id


def test_a_network_asks_twenty_times_an_hour_and_another_still_can(ada):
    for _time in range(20):
        with transaction():
            recovering.by_code(OLD, "x", NEW, NETWORK)
    with pytest.raises(TooMany, match="from your network"), transaction():
        recovering.by_people(OLD, NEW, "Ada", "x", NETWORK)
    with transaction():
        recovering.by_people(OLD, NEW, "Ada", "x", "203.0.113.0/24")


def test_a_mailbox_is_written_to_three_times_a_day_whoever_is_known(ada):
    for old in (OLD, "nobody@x.example", "b@x.example", "c@x.example"):
        with transaction():
            recovering.by_people(old, NEW, "Ada", "x", NETWORK)
    assert subjects(NEW) == ["Is this your new address?"] * 3


def test_whoever_does_not_know_the_house_gets_the_same_letter(ada):
    for old, new in ((OLD, NEW), ("nobody@x.example", "stranger@x.example")):
        with transaction():
            recovering.by_people(old, new, "Ada", "x", NETWORK)
    one, other = (letters.text(letters.to(address)[0]) for address in (NEW, "stranger@x.example"))
    assert one.partition("/recover/")[0] == other.partition("/recover/")[0]


def test_of_somebody_unknown_the_page_tells_the_same_as_of_somebody_who_is_asked_about(ada):
    make.coordinator(water := make.caucus("water"))
    make.member(water, ada)
    known, unknown = by_people(), by_people("nobody@x.example", "stranger@x.example")
    assert (known.person_id, unknown.person_id) == (ada.id, None)
    assert recovering.shown(known) == recovering.shown(unknown) == "looking"
    with transaction():
        recovery_course.stop(known, by=None)
    assert recovering.shown(known) == "looking"
    assert subjects(NEW) == ["Is this your new address?"]


def test_the_link_works_for_two_days_and_its_button_once(ada):
    asked = by_code(codes_of(ada)[0])
    with time_machine.travel(clock.now() + timedelta(days=2, minutes=1)), pytest.raises(BadToken):
        found()
    with transaction():
        recovering.confirm(asked)
    assert (asked.state, recovering.shown(asked)) == (RecoveryState.WAITING, "waiting")
    with pytest.raises(NoLonger), transaction():
        recovering.confirm(asked)
    with time_machine.travel(clock.now() + timedelta(days=3)):
        assert found() is asked


def test_whoever_asked_can_do_without(ada):
    asked = by_code(codes_of(ada)[0])
    with transaction():
        recovering.confirm(asked)
    with transaction():
        recovering.give_up(asked)
    assert make.rows(Recovery) == []
    assert subjects(OLD)[-1] == "Your address stays as it is"
    with pytest.raises(BadToken):
        found()


def test_what_a_stranger_typed_goes_when_they_do_without(ada):
    asked = by_people("nobody@x.example")
    with transaction():
        recovering.give_up(asked)
    assert [one.address for one in make.rows(Delivery)] == [""]


@pytest.mark.parametrize(("old", "new", "field"), [("ada", NEW, "old"), (OLD, "ada", "address")])
def test_what_is_no_address_is_said_beside_its_field(old, new, field):
    with pytest.raises(BadAddress) as refusal, transaction():
        recovering.by_code(old, "x", new, NETWORK)
    assert refusal.value.field == field


def test_the_old_address_is_no_new_one():
    with pytest.raises(TheSame, match="cannot read any more"), transaction():
        recovering.by_people(OLD, "ADA@OLD.example", "Ada", "x", NETWORK)


def test_an_account_that_is_reached_at_the_new_address_already_is_not_meant(ada):
    code = codes_of(ada)[0]
    with transaction():
        ada.address = ada.address_key = NEW
    with transaction():
        recovering.by_code(NEW, code, OLD, NETWORK)
    looked()
    assert subjects(OLD)[-1] == "Is this your new address?"  # the other way round it is a change like any other
    with transaction():
        recovering.by_code(OLD, code, NEW, NETWORK)
    looked()
    assert subjects(NEW).count("Is this your new address?") == 0
