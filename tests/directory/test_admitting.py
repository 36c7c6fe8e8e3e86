from caucusmail.database import transaction
from caucusmail.directory import admitting, affiliation, queries
from caucusmail.directory.applications import ApplicantState
from caucusmail.directory.models import AffiliationState, JoinMode, Ngo, NgoState, Representative, Seat, Sensitivity
from caucusmail.directory.verification import Decision
from caucusmail.groups import admission
from caucusmail.groups.models import Subscription
from tests import letters, make
from tests.directory.deciding import approved, person
from tests.directory.joiners import applicants


def test_interest_stays_interest(staff):
    caucus = make.caucus(join_mode=JoinMode.INTEREST)
    application = make.application("Haki", [caucus], ["a@mhi.example"])
    approved(application, staff)
    assert queries.affiliation(person("a@mhi.example"), caucus).state is AffiliationState.INTEREST
    assert make.rows(Seat) == []


def test_a_provisional_organisation_enters_no_confidential_caucus(staff):
    plain, secret = make.caucus(), make.caucus(sensitivity=Sensitivity.CONFIDENTIAL)
    application = make.application("Haki", [plain, secret], ["a@mhi.example"])
    approved(application, staff, Decision("Website only.", provisional=True))
    who = person("a@mhi.example")
    assert queries.affiliation(who, plain).state is AffiliationState.ACTIVE
    assert queries.affiliation(who, secret).state is AffiliationState.WAITING
    assert make.rows(Ngo)[0].state is NgoState.PROVISIONAL


def test_nobody_who_has_left_meanwhile_is_let_in_or_written_to(staff):
    caucus = make.caucus()
    application = make.application("Haki", [caucus], ["a@mhi.example", "b@mhi.example"])
    with transaction():
        affiliation.end(queries.affiliation(person("a@mhi.example"), caucus), by=None)
    approved(application, staff)
    assert queries.affiliation(person("a@mhi.example"), caucus).state is AffiliationState.ENDED
    assert [one.person.address for one in make.rows(Representative)] == ["b@mhi.example"]
    assert letters.to("a@mhi.example") == []


def test_who_waited_for_the_organisation_to_be_verified_is_let_in_when_it_is(staff):
    secret = make.caucus(sensitivity=Sensitivity.CONFIDENTIAL)
    make.group(secret)
    first = make.application("Haki", [secret], ["a@mhi.example"])
    approved(first, staff, Decision("Website only.", provisional=True))
    (ngo,) = make.rows(Ngo)
    assert make.rows(Subscription) == []
    second = make.application("Haki Trust", [make.caucus()], ["b@mhi.example"])
    approved(second, staff, Decision("We met them.", into=ngo))
    who = person("a@mhi.example")
    assert queries.affiliation(who, secret).state is AffiliationState.ACTIVE
    assert [one.person_id for one in make.rows(Subscription)] == [who.id]
    with transaction():
        admission.reopen(second, by=staff)
    assert queries.affiliation(who, secret).state is AffiliationState.WAITING
    assert make.rows(Subscription) == []
    assert ngo.state is NgoState.PROVISIONAL
    assert letters.to("a@mhi.example")[-1]["Subject"].startswith("You wait again")


def test_a_new_organisation_has_room_for_all_who_signed_up_with_it(staff):
    application = make.application("Haki", [make.caucus()], [f"{number}@x.example" for number in range(5)])
    approved(application, staff)
    assert make.rows(Ngo)[0].seats_cap == 5
    assert len(make.rows(Representative)) == 5


def test_on_an_application_are_those_who_have_confirmed_and_those_who_still_may():
    application = make.application(people=[f"{state.value}@x.example" for state in ApplicantState])
    for one, state in zip(applicants(application), ApplicantState, strict=True):
        with transaction():
            one.state = state
    assert admitting.expected(application) == 2
    assert [one.address for one in admitting.confirmed(application)] == ["confirmed@x.example"]


def test_who_filled_in_the_form_comes_first_whenever_they_confirmed():
    application = make.application(people=["a@x.example", "b@x.example"])
    first, second = applicants(application)
    with transaction():
        first.first, second.first = False, True
    assert admitting.confirmed(application) == [second, first]


def test_those_who_wait_for_a_caucus_are_told_from_those_who_are_interested(staff):
    waited, gathering = make.caucus(), make.caucus(join_mode=JoinMode.INTEREST)
    (one,) = applicants(make.application(caucuses=[waited, gathering]))
    assert [place.caucus for place in admitting.waiting(one)] == [waited]
    assert [place.caucus for place in admitting.waiting(one, interest=True)] == [waited, gathering]


def test_waiting_again_leaves_the_seat_vacant_and_interest_interest(staff):
    caucus, gathering = make.caucus(), make.caucus(join_mode=JoinMode.INTEREST)
    approved(make.application("Haki", [caucus], ["a@x.example"]), staff)
    who = person("a@x.example")
    make.member(gathering, who)
    places = [queries.affiliation(who, one) for one in (caucus, gathering)]
    with transaction():
        assert admitting.wait_again(places, places[0].seat.ngo) == places
    assert [(one.state, one.seat_id) for one in places] == [
        (AffiliationState.WAITING, None),
        (AffiliationState.INTEREST, None),
    ]
    assert [seat.holder_id for seat in make.rows(Seat)] == [None]
