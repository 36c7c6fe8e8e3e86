"""All that is known of one person, and of nobody else."""

import json

from caucusmail.accounts.models import Person
from caucusmail.privacy import everything
from tests import make
from tests.house.personal_tables import KNOWN
from tests.house.test_personal import ADDRESS, NAME, admitted, export, in_office


def test_it_is_what_every_package_knows():
    person = make.person()
    assert set(everything.of(person)) == set(KNOWN)


def test_it_holds_all_of_theirs_and_nobody_elses_name_or_address():
    her = admitted()
    in_office(her)
    known = everything.of(her)
    assert known == export(her)
    told = json.dumps(known, ensure_ascii=False)
    assert NAME in told
    assert ADDRESS in told
    others = [one for one in make.rows(Person) if one.id != her.id]
    assert len(others) > 3
    assert [one.name for one in others if one.name in told or one.address in told] == []
