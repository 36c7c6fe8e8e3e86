from datetime import timedelta

import pytest

from caucusmail import clock
from caucusmail.accounts import passwords, queries, signing_in
from caucusmail.accounts.models import Credential, CredentialKind, SecondAddress, SignIn
from caucusmail.database import transaction
from tests import make


@pytest.fixture
def mailbox():
    """Two who share office@, one who has verified it as a further address, and one who has only said so."""
    people = [make.person(name, "office@x.example") for name in ("Ada", "Ben")]
    for name, verified in (("Chi", clock.now()), ("Dee", None)):
        who = make.person(name)
        second = {"address": "Office@x.example", "address_key": "office@x.example", "verified_at": verified}
        make.keep(SecondAddress(person_id=who.id, **second))
        people.append(who)
    return people


def test_a_mailbox_is_read_by_its_own_and_by_who_has_verified_it_the_longest_known_first(mailbox):
    assert [one.name for one in queries.by_address("office@x.example")] == ["Ada", "Ben"]
    assert [one.name for one in queries.reached_at("office@x.example")] == ["Ada", "Ben", "Chi"]
    assert queries.reached_at("nobody@x.example") == []


def test_a_letter_goes_to_the_address_as_its_owner_wrote_it():
    make.person("Ada", "Ada.Lovelace@x.example")
    assert queries.mailbox("ada.lovelace@x.example") == "Ada.Lovelace@x.example"
    who = make.person("Ben")
    more = {"address": "Second@x.example", "address_key": "second@x.example", "verified_at": clock.now()}
    make.keep(SecondAddress(person_id=who.id, **more))
    assert queries.mailbox("second@x.example") == "Second@x.example"


def test_somebody_is_there_once_a_first_person_is():
    assert not queries.anybody()
    one = make.person()
    assert queries.anybody()
    assert queries.person(one.id) is one
    assert queries.person(one.id + 1) is None


def test_only_passwords_of_those_who_were_asked_for_are_found():
    anna, ben = make.person(), make.person()
    for who in (ben, anna):
        with transaction():
            passwords.replace(who, "four words in a row")
    make.keep(Credential(person_id=anna.id, kind=CredentialKind.TOTP, secret="x", made_at=clock.now()))
    assert [one.person_id for one in queries.passwords([anna])] == [anna.id]
    assert [one.person_id for one in queries.passwords([anna, ben])] == [ben.id, anna.id]
    assert queries.passwords([]) == []


def test_a_sign_in_is_live_until_it_ends_or_was_ended():
    anna = make.person()
    with transaction():
        live, ended, over = (signing_in.begin(anna) for _ in range(3))
        signing_in.sign_out(ended)
    with transaction():
        queries.signed_in(over).ends_at = clock.now() - timedelta(seconds=1)
    assert [bool(queries.signed_in(secret)) for secret in (live, ended, over, "", "x" * 5000)] == [True] + [False] * 4
    assert queries.signed_in(live).person is anna
    assert [one.id for one in queries.live_sign_ins(anna)] == [queries.signed_in(live).id]
    assert len(make.rows(SignIn)) == 3


def test_where_somebody_is_signed_in_is_told_newest_first_and_only_theirs():
    anna, ben = make.person(), make.person()
    with transaction():
        first, second, _other = signing_in.begin(anna), signing_in.begin(anna), signing_in.begin(ben)
    found = [queries.signed_in(secret).id for secret in (second, first)]
    assert [one.id for one in queries.live_sign_ins(anna)] == found
