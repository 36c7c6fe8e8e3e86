from datetime import timedelta

import pytest

from caucusmail import clock
from caucusmail.accounts import passwords, queries, signing_in
from caucusmail.accounts.models import SecondAddress, SignInLetter
from caucusmail.accounts.signing_in import WhoAreYou, WrongCode, WrongPassword
from caucusmail.database import db, transaction
from caucusmail.errors import TooMany
from caucusmail.tokens import BadToken
from tests import letters, make
from tests.statements import counted

HERE = "192.0.2.7"


def asked(address: str, network: str = HERE) -> int:
    with transaction():
        return signing_in.ask(address, network)


def token_to(address: str) -> str:
    asked(address)
    return letters.link(letters.to(address)[-1], "/sign-in/").rpartition("/")[2]


def test_the_link_in_the_letter_proves_who_it_was_written_to():
    anna = make.person(address="anna@ngo.example")
    assert signing_in.by_token(token_to("anna@ngo.example")) == anna


def test_an_address_is_found_however_it_is_typed():
    make.person(address="Anna@ngo.example")
    asked("  ANNA@NGO.EXAMPLE ")
    assert len(letters.to("anna@ngo.example")) == 1


def test_a_link_works_once():
    make.person(address="anna@ngo.example")
    token = token_to("anna@ngo.example")
    signing_in.by_token(token)
    with pytest.raises(BadToken):
        signing_in.by_token(token)


def test_a_link_is_dead_after_fifteen_minutes(monkeypatch):
    make.person(address="anna@ngo.example")
    token = token_to("anna@ngo.example")
    later = clock.now() + timedelta(minutes=15, seconds=1)
    monkeypatch.setattr(clock, "now", lambda: later)
    with pytest.raises(BadToken):
        signing_in.people(token)


def test_looking_at_a_link_does_not_use_it_up():
    anna = make.person(address="anna@ngo.example")
    token = token_to("anna@ngo.example")
    for _ in range(3):
        assert list(signing_in.people(token)) == [anna]
    assert signing_in.by_token(token) == anna


def test_a_link_to_an_address_that_was_given_up_is_dead():
    anna = make.person(address="anna@ngo.example")
    token = token_to("anna@ngo.example")
    with transaction():
        anna.address = anna.address_key = "anna@new.example"
    with pytest.raises(BadToken):
        signing_in.by_token(token)


def test_every_changed_character_of_a_link_kills_it():
    make.person(address="anna@ngo.example")
    token = token_to("anna@ngo.example")
    for place, letter in enumerate(token):
        forged = token[:place] + ("A" if letter != "A" else "B") + token[place + 1 :]
        with pytest.raises(BadToken):
            signing_in.people(forged)


def test_nobody_is_written_to_at_an_unknown_address():
    asked("nobody@ngo.example")
    assert letters.to("nobody@ngo.example") == []


def test_an_unknown_address_costs_as_many_statements_as_a_known_one():
    make.person(address="anna@ngo.example")
    with counted() as known:
        asked("anna@ngo.example")
    with counted() as unknown:
        asked("nobody@ngo.example")
    assert [one.split()[:3] for one in known] == [one.split()[:3] for one in unknown]


def test_the_letter_echoes_nothing_that_was_typed_and_names_its_terms():
    make.person(name="Anna <b>", address="anna@ngo.example")
    asked("anna@ngo.example")
    text = letters.text(letters.to("anna@ngo.example")[0])
    assert "Anna" not in text
    assert "15 minutes" in text
    assert "do nothing" in text


def test_a_verified_second_address_signs_in_and_an_unverified_one_does_not():
    anna = make.person(address="anna@ngo.example")
    make.keep(
        SecondAddress(person_id=anna.id, address="a@b.example", address_key="a@b.example", verified_at=clock.now())
    )
    make.keep(SecondAddress(person_id=anna.id, address="c@d.example", address_key="c@d.example"))
    asked("c@d.example")
    assert signing_in.by_token(token_to("a@b.example")) == anna
    assert letters.to("c@d.example") == []


def test_two_who_share_a_mailbox_choose_who_they_are():
    anna = make.person(address="office@ngo.example")
    ben = make.person(address="office@ngo.example")
    stranger = make.person()
    token = token_to("office@ngo.example")
    assert list(signing_in.people(token)) == [anna, ben]
    for wrong in (None, stranger.id):
        with pytest.raises(WhoAreYou):
            signing_in.by_token(token, wrong)
    assert signing_in.by_token(token, ben.id) == ben


def test_the_code_is_as_good_as_the_link():
    anna = make.person(address="anna@ngo.example")
    asked_id = asked("anna@ngo.example")
    code = letters.code(letters.to("anna@ngo.example")[0])
    assert signing_in.by_token(signing_in.by_code(asked_id, f" {code.replace('-', ' ')} ", HERE)) == anna


def test_a_code_counts_only_with_the_asking_it_belongs_to():
    make.person(address="anna@ngo.example")
    asked("anna@ngo.example")
    code = letters.code(letters.to("anna@ngo.example")[0])
    other = asked("anna@ngo.example", "198.51.100.9")
    with pytest.raises(WrongCode):
        signing_in.by_code(other, code, HERE)


def test_after_five_wrong_codes_the_right_one_is_refused_and_the_link_still_works():
    anna = make.person(address="anna@ngo.example")
    asked_id = asked("anna@ngo.example")
    letter = letters.to("anna@ngo.example")[0]
    for _ in range(5):
        with pytest.raises(WrongCode):
            signing_in.by_code(asked_id, "0000-000x", HERE)
    with pytest.raises(WrongCode):
        signing_in.by_code(asked_id, letters.code(letter), HERE)
    assert signing_in.by_token(letters.link(letter, "/sign-in/").rpartition("/")[2]) == anna


def test_a_stranger_who_asks_and_guesses_from_one_network_keeps_no_code_from_its_owner():
    anna = make.person(address="anna@ngo.example")
    for _ in range(6):
        asked_id = asked("anna@ngo.example", "198.51.100.0/24")
        for _again in range(6):
            with pytest.raises((WrongCode, TooMany)):
                signing_in.by_code(asked_id, "0000-000x", "198.51.100.0/24")
    own = asked("anna@ngo.example")
    code = letters.code(letters.to("anna@ngo.example")[-1])
    assert signing_in.by_token(signing_in.by_code(own, code, HERE)) == anna


def test_codes_for_one_address_cannot_be_guessed_from_however_many_networks():
    make.person(address="anna@ngo.example")
    for number in range(30):
        asked_id = asked("anna@ngo.example", f"2001:db8:{number}::/64")
        with pytest.raises(WrongCode):
            signing_in.by_code(asked_id, "0000-000x", f"2001:db8:{number}::/64")
    good = len(letters.to("anna@ngo.example"))
    assert good == signing_in.LETTERS_PER_ADDRESS.tries
    a_year = good * signing_in.TRIES_PER_CODE.tries * (timedelta(days=365) / signing_in.LETTERS_PER_ADDRESS.window)
    assert a_year / 10 ** (2 * signing_in.GROUP) < 1 / 40


def test_a_stranger_who_asks_all_the_time_floods_nobody_and_locks_nobody_out():
    anna = make.person(address="anna@ngo.example")
    for number in range(20):
        asked("anna@ngo.example", f"198.51.100.{number}")
    arrived = letters.to("anna@ngo.example")
    assert len(arrived) == 9
    assert signing_in.by_token(letters.link(arrived[-1], "/sign-in/").rpartition("/")[2]) == anna


def test_the_limit_of_letters_ends_before_the_last_letter_does():
    assert signing_in.LETTERS_PER_ADDRESS.window < signing_in.VALID


def test_one_network_may_not_ask_for_ever():
    for number in range(30):
        asked(f"person{number}@ngo.example")
    with pytest.raises(TooMany):
        asked("one-more@ngo.example")
    asked("one-more@ngo.example", "203.0.113.5")


def test_asking_leaves_only_a_fingerprint_of_the_code():
    make.person(address="anna@ngo.example")
    asked("anna@ngo.example")
    code = letters.code(letters.to("anna@ngo.example")[0])
    assert code not in make.rows(SignInLetter)[-1].code_fingerprint


def test_a_password_signs_in_whose_it_is_among_those_who_share_a_mailbox():
    anna, ben = (make.person(address="office@ngo.example") for _ in range(2))
    with transaction():
        passwords.replace(anna, "correct horse battery")
        passwords.replace(ben, "staple of the other")
    assert signing_in.by_password("office@ngo.example", "staple of the other", HERE) == ben


@pytest.mark.parametrize("address", ["anna@ngo.example", "nobody@ngo.example", "not an address"])
def test_a_wrong_password_and_an_unknown_address_are_told_alike(address):
    anna = make.person(address="anna@ngo.example")
    with transaction():
        passwords.replace(anna, "correct horse battery")
    with pytest.raises(WrongPassword, match="do not go together"):
        signing_in.by_password(address, "wrong horse battery", HERE)


def test_who_knows_the_password_signs_in_as_often_as_they_like():
    anna = make.person(address="anna@ngo.example")
    with transaction():
        passwords.replace(anna, "correct horse battery")
    for _ in range(signing_in.PASSWORDS_PER_PLACE.tries + 1):
        with transaction():
            assert signing_in.by_password("anna@ngo.example", "correct horse battery", HERE) == anna


def test_a_hundred_guesses_are_stopped_after_ten_and_the_owner_elsewhere_is_not():
    anna = make.person(address="anna@ngo.example")
    with transaction():
        passwords.replace(anna, "correct horse battery")
    for _ in range(10):
        with pytest.raises(WrongPassword):
            signing_in.by_password("anna@ngo.example", "guess", HERE)
    for _ in range(2):
        with pytest.raises(TooMany):
            signing_in.by_password("anna@ngo.example", "correct horse battery", HERE)
    assert signing_in.by_password("anna@ngo.example", "correct horse battery", "203.0.113.5") == anna


def test_a_sign_in_ends_when_it_is_signed_out():
    anna = make.person()
    with transaction():
        secret = signing_in.begin(anna)
    assert queries.signed_in(secret).person == anna
    with transaction():
        signing_in.sign_out(secret)
    assert queries.signed_in(secret) is None


def test_a_sign_in_ends_by_itself(monkeypatch):
    anna = make.person()
    with transaction():
        secret = signing_in.begin(anna, timedelta(hours=12))
    later = clock.now() + timedelta(hours=12, seconds=1)
    monkeypatch.setattr(clock, "now", lambda: later)
    assert queries.signed_in(secret) is None


def test_the_secret_of_a_sign_in_is_not_kept():
    with transaction():
        secret = signing_in.begin(make.person())
    assert queries.signed_in(secret).secret_fingerprint != secret


def test_signing_out_everywhere_keeps_the_device_it_is_done_on():
    anna = make.person()
    with transaction():
        here, there = signing_in.begin(anna), signing_in.begin(anna)
    with transaction():
        signing_in.sign_out_everywhere(anna, by=anna, keep=queries.signed_in(here).id)
    assert queries.signed_in(here)
    assert queries.signed_in(there) is None


def test_old_letters_and_sign_ins_are_forgotten(monkeypatch):
    anna = make.person(address="anna@ngo.example")
    asked("anna@ngo.example")
    with transaction():
        signing_in.begin(anna)
    later = clock.now() + timedelta(days=61)
    monkeypatch.setattr(clock, "now", lambda: later)
    with transaction():
        signing_in.forget_before(timedelta(days=30))
    assert make.rows(SignInLetter) == []
    assert db.session.query(signing_in.SignIn).all() == []
