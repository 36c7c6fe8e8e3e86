"""What the tables of accounts forbid, whoever writes to them."""

from datetime import timedelta

import pytest
from sqlalchemy import delete
from sqlalchemy.exc import IntegrityError

from caucusmail import clock
from caucusmail.accounts import passwords, signing_in
from caucusmail.accounts.models import Credential, CredentialKind, Person, SecondAddress, SignIn
from caucusmail.database import db, transaction
from tests import make


def test_a_person_has_one_password():
    person = make.person()
    with transaction():
        passwords.replace(person, "four words in a row")
    again = Credential(person_id=person.id, kind=CredentialKind.PASSWORD, secret="x", made_at=clock.now())
    with pytest.raises(IntegrityError):
        make.keep(again)


def test_other_proofs_stand_beside_the_password_in_any_number():
    person = make.person()
    with transaction():
        passwords.replace(person, "four words in a row")
    for _ in range(2):
        make.keep(Credential(person_id=person.id, kind=CredentialKind.PASSKEY, secret="x", made_at=clock.now()))
    assert len(make.rows(Credential)) == 3


def test_a_person_reads_at_least_one_language():
    with pytest.raises(IntegrityError):
        make.person(languages=[])


def test_a_person_has_a_name():
    with pytest.raises(IntegrityError):
        make.keep(
            Person(name="", address="a@x.example", address_key="a@x.example", languages=["en"], made_at=clock.now())
        )


def test_a_person_has_a_further_address_once_and_two_people_may_share_it():
    anna, ben = make.person(), make.person()
    for who in (anna, ben):
        make.keep(SecondAddress(person_id=who.id, address="Team@x.example", address_key="team@x.example"))
    with pytest.raises(IntegrityError):
        make.keep(SecondAddress(person_id=anna.id, address="team@x.example", address_key="team@x.example"))


def test_no_two_sign_ins_have_one_secret():
    now = clock.now()
    moments = {"began_at": now, "proved_at": now, "ends_at": now + timedelta(days=1)}
    make.keep(SignIn(person_id=make.person().id, secret_fingerprint="f" * 64, **moments))
    with pytest.raises(IntegrityError):
        make.keep(SignIn(person_id=make.person().id, secret_fingerprint="f" * 64, **moments))


def test_what_proves_a_person_goes_with_them():
    person = make.person()
    make.keep(SecondAddress(person_id=person.id, address="b@x.example", address_key="b@x.example"))
    with transaction():
        passwords.replace(person, "four words in a row")
        signing_in.begin(person)
    with transaction():
        db.session.execute(delete(Person).where(Person.id == person.id))
    assert [make.rows(table) for table in (SecondAddress, Credential, SignIn)] == [[], [], []]
