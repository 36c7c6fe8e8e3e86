from dataclasses import replace

import pytest

from caucusmail import clock
from caucusmail.database import transaction
from caucusmail.delivery import suppression
from caucusmail.directory import organisations, registration, visibility
from caucusmail.directory.applications import Applicant, ApplicantState
from caucusmail.directory.models import Caucus, Ngo, Representative, Seat
from caucusmail.directory.visibility import STRANGER, Viewer
from caucusmail.errors import NotFound
from tests import make
from tests.directory.joiners import PETER


@pytest.fixture
def rosa() -> Representative:
    """She looks after Justicia Andina, which has three places, and holds its seat in Water."""
    ngo = make.ngo("Justicia Andina", seats_cap=3)
    return make.representative(make.person("Rosa"), ngo, admin=True)


def seat(ngo: Ngo, caucus: Caucus, holder_id: int | None = None, **more) -> Seat:
    return make.keep(Seat(ngo_id=ngo.id, caucus_id=caucus.id, holder_id=holder_id, since=ngo.made_at, **more))


def looks(one: Representative) -> Viewer:
    return visibility.viewer(one.person)


def invited(ngo: Ngo, by: Viewer, address: str = PETER.address) -> Applicant:
    caucus = make.caucus()
    seat(ngo, caucus)
    with transaction():
        registration.invite(ngo, replace(PETER, address=address, caucuses=(caucus.id,)), f"{address:x<32}"[:32], by=by)
    return make.rows(Applicant)[-1]


def test_an_organisation_is_seen_by_who_looks_after_it_and_the_secretariat(rosa):
    ngo = rosa.ngo
    for by in (looks(rosa), visibility.viewer(make.secretary())):
        assert organisations.own(by, ngo.id) is ngo
    for by in (STRANGER, looks(make.representative(make.person(), ngo)), visibility.viewer(make.person())):
        with pytest.raises(NotFound):
            organisations.own(by, ngo.id)
    with pytest.raises(NotFound):
        organisations.own(visibility.viewer(make.secretary()), ngo.id + 1)


def test_who_looks_after_several_sees_them_by_name(rosa):
    make.representative(rosa.person, make.ngo("Amani"), admin=True)
    make.representative(rosa.person, make.ngo("Baraka"))
    assert [ngo.name for ngo in organisations.administered(looks(rosa))] == ["Amani", "Justicia Andina"]
    assert organisations.administered(STRANGER) == []


def test_each_of_its_people_stands_with_their_seats_and_who_has_ended_does_not(rosa):
    ngo, water, peace = rosa.ngo, make.caucus("water", place=2), make.caucus("peace", place=1)
    luis = make.representative(make.person("Luis"), ngo)
    make.representative(make.person("Gone"), ngo, since=ngo.made_at, until=clock.now())
    for caucus in (water, peace):
        seat(ngo, caucus, rosa.person_id)
    seat(ngo, make.caucus(), luis.person_id, until=clock.now())
    found = organisations.people(looks(rosa), ngo.id)
    assert {one.representative.person.name: [s.caucus.slug for s in one.seats] for one in found.speakers} == {
        "Rosa": ["peace", "water"],
        "Luis": [],
    }
    assert (found.administrators, found.vacant) == (1, ())


def test_a_vacant_seat_can_be_offered_to_whom_sits_nowhere_else_in_its_caucus(rosa):
    ngo, water = rosa.ngo, make.caucus("water")
    luis = make.representative(make.person("Luis"), ngo)
    seat(ngo, water, rosa.person_id)
    vacant = seat(ngo, water)
    found = organisations.people(looks(rosa), ngo.id)
    assert found.vacant == (vacant,)
    assert found.free == {vacant.id: [luis]}


def test_an_invitation_takes_a_place_and_stands_there_until_it_is_confirmed(rosa):
    assert organisations.people(looks(rosa), rosa.ngo_id).places == 2
    one = invited(rosa.ngo, looks(rosa))
    found = organisations.people(looks(rosa), rosa.ngo_id)
    assert (found.invited, found.places) == ((one,), 1)
    with transaction():
        rosa.ngo.seats_cap = 1
    assert organisations.people(looks(rosa), rosa.ngo_id).places == 0


def test_who_verified_it_is_named_to_the_secretariat_alone(rosa):
    staff = make.secretary(name="Sam")
    with transaction():
        rosa.ngo.verified_by_id = staff.id
    assert organisations.people(visibility.viewer(staff), rosa.ngo_id).verified_by == "Sam"
    assert organisations.people(looks(rosa), rosa.ngo_id).verified_by == ""


def test_one_of_its_people_is_found_while_they_speak_for_it(rosa):
    by, ended = looks(rosa), make.representative(make.person(), rosa.ngo, since=rosa.ngo.made_at, until=clock.now())
    other = make.representative(make.person(), make.ngo())
    assert organisations.representative(by, rosa.ngo_id, rosa.id) is rosa
    for one in (ended, other):
        with pytest.raises(NotFound):
            organisations.representative(by, rosa.ngo_id, one.id)


def test_an_invitation_is_found_as_long_as_it_is_open_or_recalled(rosa):
    one, by = invited(rosa.ngo, looks(rosa)), looks(rosa)
    states = {
        ApplicantState.UNCONFIRMED: True,
        ApplicantState.RECALLED: True,
        ApplicantState.CONFIRMED: False,
        ApplicantState.EXPIRED: False,
    }
    for state, there in states.items():
        with transaction():
            one.state = state
        if there:
            assert organisations.invitation(by, rosa.ngo_id, one.id) is one
        else:
            with pytest.raises(NotFound):
                organisations.invitation(by, rosa.ngo_id, one.id)


def test_the_invitations_of_others_and_sign_ups_are_not_its_own(rosa):
    other = make.representative(make.person(), make.ngo(), admin=True)
    theirs = invited(other.ngo, looks(other))
    make.application("Justicia Andina")
    for one in make.rows(Applicant):
        with pytest.raises(NotFound):
            organisations.invitation(looks(rosa), rosa.ngo_id, one.id)
    assert organisations.invitation(looks(other), other.ngo_id, theirs.id) is theirs


def test_a_seat_is_found_while_it_is_the_organisations(rosa):
    mine, ended = seat(rosa.ngo, make.caucus()), seat(rosa.ngo, make.caucus(), until=clock.now())
    theirs = seat(make.ngo(), make.caucus())
    assert organisations.seat(looks(rosa), rosa.ngo_id, mine.id) is mine
    for one in (ended, theirs):
        with pytest.raises(NotFound):
            organisations.seat(looks(rosa), rosa.ngo_id, one.id)


def test_whom_nobody_reaches_any_more_is_marked():
    ngo, gone = make.ngo(), make.person("Gone")
    make.representative(gone, ngo, admin=True)
    here = make.representative(make.person("Here"), ngo).person
    with transaction():
        suppression.suppress(gone.address, "bounced")
        suppression.suppress(here.address, "complained")  # which is nobody's business
    found = organisations.people(visibility.viewer(gone), ngo.id)
    assert [(one.representative.person.name, one.unreached) for one in found.speakers] == [
        ("Gone", True),
        ("Here", False),
    ]
