import pytest

from caucusmail import clock
from caucusmail.directory import representation
from caucusmail.directory.linking import NoRoom
from caucusmail.directory.models import Ngo, Representative, Seat
from caucusmail.directory.verification import Decision
from tests import letters, make
from tests.directory.deciding import TO_REVIEW, approved, person
from tests.directory.joiners import applicants, applied, confirmed


def test_a_second_sign_up_is_linked_to_the_organisation_that_is_in(staff):
    caucus, ngo = make.caucus(), make.ngo("Mwangaza")
    application = make.application("Mwangaza Haki", [caucus], ["achieng@mhi.example"])
    approved(application, staff, Decision("Same people.", into=ngo))
    assert make.rows(Ngo) == [ngo]
    assert make.rows(Seat)[0].ngo_id == ngo.id
    assert ngo.name == "Mwangaza"


def test_nobody_becomes_administrator_of_an_organisation_that_has_one_and_its_people_are_told(staff):
    caucus, ngo = make.caucus(), make.ngo("Mwangaza")
    rosa, luis = make.person(address="rosa@x.example"), make.person(address="luis@x.example")
    make.representative(rosa, ngo, admin=True), make.representative(luis, ngo)
    application = make.application("Mwangaza Haki", [caucus], ["achieng@mhi.example"])
    approved(application, staff, Decision("Same people.", into=ngo))
    assert [one.person.address for one in representation.speaking(ngo) if one.admin] == ["rosa@x.example"]
    (told,), (also,) = letters.to("rosa@x.example"), letters.to("luis@x.example")
    newcomer = person("achieng@mhi.example").name
    assert newcomer in letters.text(told)
    assert newcomer in letters.text(also)
    assert letters.link(told, f"/organisations/{ngo.id}")
    assert "/organisations/" not in letters.text(also)


def test_who_is_linked_to_an_organisation_that_nobody_looks_after_looks_after_it(staff):
    ngo, old = make.ngo("Mwangaza"), make.person()
    make.representative(old, ngo)
    make.representative(make.person(), ngo, admin=True, since=ngo.made_at, until=clock.now())
    approved(make.application("Mwangaza", [make.caucus()], ["a@x.example"]), staff, Decision("Same.", into=ngo))
    assert [one.person.address for one in representation.speaking(ngo) if one.admin] == ["a@x.example"]


def test_a_full_organisation_takes_nobody_and_says_how_full_it_is(staff):
    ngo = make.ngo("Mwangaza", seats_cap=2)
    make.representative(make.person(), ngo, admin=True)
    application = make.application("Mwangaza", [make.caucus()], ["a@x.example", "b@x.example"])
    with pytest.raises(NoRoom, match="has 1 of 2 representatives, and the application brings 2 more") as refused:
        approved(application, staff, Decision("Same.", into=ngo))
    assert refused.value.field == "into"
    assert application.state is TO_REVIEW


def test_who_speaks_for_the_organisation_already_needs_no_further_room(staff):
    ngo = make.ngo("Mwangaza", seats_cap=1)
    application = make.application("Mwangaza", [make.caucus()], ["a@x.example"])
    make.representative(person("a@x.example"), ngo, admin=True)
    approved(application, staff, Decision("Same.", into=ngo))
    assert application.ngo_id == ngo.id


def test_where_somebody_looks_after_the_organisation_an_applicant_does_not(staff):
    ngo = make.ngo()
    make.representative(make.person(), ngo, admin=True)
    approved(make.application(caucuses=[make.caucus()]), staff, Decision("known", into=ngo))
    assert [one.admin for one in make.rows(Representative)] == [True, False]


def test_the_first_who_confirmed_looks_after_the_organisation_if_who_filled_in_the_form_has_not(staff):
    vrwg = make.caucus("vrwg")
    application = applied(vrwg)
    first, second = applicants(application)
    confirmed(second, vrwg)
    approved(application, staff)
    assert [one.admin for one in make.rows(Representative)] == [True]
    confirmed(first, vrwg)
    assert [one.admin for one in make.rows(Representative)] == [True, False]
