import pytest

from caucusmail import clock
from caucusmail.database import transaction
from caucusmail.delivery.models import Delivery
from caucusmail.directory import affiliation, joining, queries
from caucusmail.directory.applications import ApplicantState, ApplicationState
from caucusmail.directory.models import AffiliationState, Family, JoinMode, Seat, Status
from caucusmail.directory.typed import Colleague
from tests import make
from tests.directory.joiners import ACHIENG, applicants, applied, confirmed, letters


def test_of_two_people_at_one_mailbox_the_one_of_that_name_is_meant():
    make.person("Somebody Else", "achieng@mhi.example")
    meant = make.person("ACHIENG ODERA", "achieng@mhi.example")
    vrwg = make.caucus()
    assert confirmed(applicants(applied(vrwg))[0], vrwg).person == meant


def test_another_person_at_a_known_mailbox_is_another_person():
    alice = make.person("Alice Smith", "office@ngo.example")
    vrwg = make.caucus("vrwg")
    make.member(vrwg, alice)
    application = applied(vrwg, people=(Colleague("Bob Jones", "office@ngo.example"),))
    assert "/join/confirm/" in letters("office@ngo.example")[0]
    done = confirmed(applicants(application)[0], vrwg)
    assert (done.person.name, done.person == alice) == ("Bob Jones", False)


def test_another_person_is_reached_at_the_mailbox_as_we_know_it():
    make.person("Anna Groß", "Office@mhi.example")
    vrwg = make.caucus("vrwg")
    application = applied(vrwg, people=(Colleague("Mallory", "office@mhi.example"),))
    assert [row.address for row in make.rows(Delivery)] == ["Office@mhi.example"]
    assert confirmed(applicants(application)[0], vrwg).person.address == "Office@mhi.example"


def test_the_form_names_what_can_be_joined_by_family_and_in_order_and_not_the_archived_or_closed():
    make.caucus("coalition", family=Family.COALITION)
    make.caucus("second", place=2)
    make.caucus("first", place=1, join_mode=JoinMode.EXTERNAL)
    make.caucus("archived", status=Status.ARCHIVED)
    make.caucus("closed", join_mode=JoinMode.CLOSED)
    assert [one.slug for one in joining.offered()] == ["first", "second", "coalition"]
    assert [one.slug for one in joining.offered() if joining.can_be_ticked(one)] == ["second", "coalition"]


@pytest.mark.parametrize("status", Status)
@pytest.mark.parametrize("mode", JoinMode)
def test_what_the_form_names_and_what_it_shows_is_one_rule(status, mode):
    caucus = make.caucus(status=status, join_mode=mode)
    assert (caucus in joining.offered()) is joining.shown(caucus)
    assert joining.can_be_ticked(caucus) is (joining.shown(caucus) and mode is not JoinMode.EXTERNAL)


def test_somebody_is_inside_who_is_active_in_all_of_it():
    one, two = make.caucus(), make.caucus()
    who = make.member(one)
    make.member(two, who, state=AffiliationState.WAITING)
    assert joining.inside(who, [one.id, one.id])
    assert not joining.inside(who, [one.id, two.id])


def test_somebody_has_left_all_when_nothing_they_kept_is_open():
    one, two = make.caucus(), make.caucus()
    achieng = applicants(applied(one, two, people=(ACHIENG,)))[0]
    assert not joining.has_left_all(achieng)
    person = confirmed(achieng, one).person
    assert not joining.has_left_all(achieng)
    with transaction():
        affiliation.end(queries.affiliation(person, one), by=person)
    assert joining.has_left_all(achieng)


def test_an_organisation_may_add_people_where_it_has_a_seat_that_has_not_ended():
    ngo, now = make.ngo(), clock.now()
    held, ended, make_other = make.caucus("held"), make.caucus("ended"), make.caucus("other")
    make.keep(Seat(ngo_id=ngo.id, caucus_id=held.id, since=now))
    make.keep(Seat(ngo_id=ngo.id, caucus_id=ended.id, since=now, until=now))
    make.keep(Seat(ngo_id=make.ngo().id, caucus_id=make_other.id, since=now))
    assert joining.seated(ngo) == [held]


def test_only_what_waits_for_the_secretariat_is_counted():
    for state in ApplicationState:
        make.application(state=state)
    assert joining.waiting_for_review() == 1


def test_who_filled_in_the_form_sees_their_colleagues_and_a_colleague_does_not():
    vrwg = make.caucus()
    achieng, peter = applicants(applied(vrwg))
    confirmed(achieng, vrwg), confirmed(peter, vrwg)
    assert joining.standing(achieng).colleagues == [peter]
    assert joining.standing(peter).colleagues == []


def test_an_applicant_sees_where_they_stand_with_each_caucus_they_kept():
    vrwg, uj = make.caucus("vrwg", place=2), make.caucus("uj", place=1, join_mode=JoinMode.INTEREST)
    dropped = make.caucus("dropped")
    achieng = applicants(applied(vrwg, uj, dropped))[0]
    confirmed(achieng, vrwg, uj)
    stands = joining.standing(achieng)
    assert [(one.caucus, one.state) for one in stands.places] == [
        (uj, AffiliationState.INTEREST),
        (vrwg, AffiliationState.WAITING),
    ]
    assert (stands.undecided, stands.withdrawn) == (True, False)
    with transaction():
        achieng.application.state, achieng.state = ApplicationState.APPROVED, ApplicantState.WITHDRAWN
    assert (joining.standing(achieng).undecided, joining.standing(achieng).withdrawn) == (False, True)
