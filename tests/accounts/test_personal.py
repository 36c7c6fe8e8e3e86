import json

from caucusmail.accounts import passwords, personal, signing_in
from caucusmail.accounts.models import Credential, Person, SignIn, SignInLetter
from caucusmail.database import transaction
from tests import make


def test_the_export_can_be_written_as_json_and_holds_no_secret():
    anna = make.person(address="anna@ngo.example")
    with transaction():
        passwords.replace(anna, "correct horse battery")
        signing_in.begin(anna)
    told = json.dumps(personal.export(anna))
    assert "anna@ngo.example" in told
    assert "argon2" not in told


def test_after_erasing_nothing_of_the_person_is_left():
    anna, ben = make.person(address="anna@ngo.example"), make.person()
    with transaction():
        signing_in.ask("anna@ngo.example", "192.0.2.1")
        passwords.replace(anna, "correct horse battery")
        signing_in.begin(anna)
    with transaction():
        personal.erase(anna)
    assert make.rows(Person) == [ben]
    for table in (Credential, SignIn, SignInLetter):
        assert make.rows(table) == []
