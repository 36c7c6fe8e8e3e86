import pytest

from caucusmail import tokens
from caucusmail.accounts import queries, secretariat, signing_in
from caucusmail.accounts.models import Person, SiteRole
from caucusmail.database import transaction
from caucusmail.mail.addresses import BadAddress
from tests import make


def add(name: str, address: str = "noor@secretariat.example") -> Person:
    with transaction():
        return secretariat.add(name, address, "fr")


def test_who_is_not_here_is_made_and_reads_the_language_that_was_said(app):
    assert not queries.anybody()
    person = add("Noor Bakker")
    assert (person.role, person.languages) == (SiteRole.SECRETARIAT, ["fr"])
    assert queries.anybody()


def test_a_name_with_a_space_too_many_is_the_same_person(app):
    assert add("Noor Bakker").id == add("Noor\n Bakker").id


def test_what_is_no_address_makes_nobody(app):
    with pytest.raises(BadAddress):
        add("Noor Bakker", "noor at example")
    assert make.rows(Person) == []


def test_who_is_taken_out_stays_a_member_and_is_signed_out(app):
    person = add("Noor Bakker")
    with transaction():
        secret = signing_in.begin(person)
    with transaction():
        secretariat.remove(person)
    assert person.role is SiteRole.MEMBER
    assert queries.signed_in(secret) is None


def test_the_first_link_lets_in_once_without_any_letter(app):
    person = add("Noor Bakker")
    with transaction():
        token = secretariat.first_link(person, "fr").rpartition("/")[2]
        assert signing_in.write_asked() == 0
    with transaction():
        assert signing_in.by_token(token) is person
    with pytest.raises(tokens.BadToken):
        signing_in.by_token(token)
