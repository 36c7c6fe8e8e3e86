from dataclasses import replace

import pytest

from caucusmail.database import transaction
from caucusmail.delivery.models import Delivery
from caucusmail.directory import registration, visibility
from caucusmail.directory.applications import (
    Applicant,
    Application,
    ApplicationKind,
    Wish,
)
from caucusmail.directory.models import Admits, ConsentText, JoinMode, Seat, Status
from caucusmail.directory.registration import (
    Archived,
    NoName,
    NoSubmission,
    NoSuchCaucus,
    NotHere,
    SameAddress,
    TooManySignUps,
)
from caucusmail.directory.representation import NoPlaceLeft
from caucusmail.directory.typed import Colleague
from caucusmail.errors import NotAllowed
from caucusmail.mail.addresses import BadAddress
from tests import make
from tests.directory.joiners import ACHIENG, PETER, applicants, applied, letters, sign_up
from tests.letters import written


def test_the_same_form_sent_twice_is_one_application():
    form = sign_up(make.caucus())
    for _ in range(2):
        with transaction():
            registration.apply(form, "192.0.2.0/24")
        written()
    assert len(make.rows(Application)) == 1
    assert len(make.rows(Applicant)) == 2
    assert len(make.rows(Delivery)) == 2


def test_beyond_the_limit_of_a_network_nothing_is_stored_and_it_is_said():
    caucus = make.caucus()
    for number in range(registration.NETWORK.tries):
        applied(caucus, people=(Colleague("A", f"a{number}@x.example"),))
    with pytest.raises(TooManySignUps, match="again in an hour"):
        applied(caucus, people=(ACHIENG,))
    assert len(make.rows(Application)) == registration.NETWORK.tries


def test_the_text_that_stood_beside_each_tick_is_kept():
    applied(make.caucus(), make.caucus(), people=(ACHIENG,))
    wishes, texts = make.rows(Wish), make.rows_by(ConsentText, ConsentText.fingerprint)
    assert {wish.text_fingerprint for wish in wishes} == {text.fingerprint for text in texts}
    assert len(texts) == 2
    assert [wish.kept for wish in wishes] == [None, None]


def test_people_may_want_different_caucuses():
    vrwg, uj = make.caucus("vrwg"), make.caucus("uj")
    application = applied(vrwg, uj, people=(ACHIENG, replace(PETER, caucuses=(uj.id,))))
    achieng, peter = applicants(application)
    assert {wish.caucus_id for wish in make.rows(Wish) if wish.applicant_id == achieng.id} == {vrwg.id, uj.id}
    assert {wish.caucus_id for wish in make.rows(Wish) if wish.applicant_id == peter.id} == {uj.id}


def refused(error, /, **more):
    with pytest.raises(error) as problem:
        applied(make.caucus(), **more)
    assert make.rows(Application) == []
    assert make.rows(Delivery) == []
    return problem.value


def test_an_archived_caucus_is_refused():
    peace = make.caucus("peace", status=Status.ARCHIVED, join_mode=JoinMode.CLOSED)
    assert refused(Archived, caucuses=(peace.id,)).caucus == peace


def test_an_unknown_caucus_is_refused():
    refused(NoSuchCaucus, caucuses=(999_999,))


@pytest.mark.parametrize("mode", [JoinMode.EXTERNAL, JoinMode.CLOSED])
def test_a_caucus_that_is_joined_elsewhere_is_refused(mode):
    refused(NotHere, caucuses=(make.caucus(join_mode=mode).id,))


def test_an_expert_cannot_ask_for_a_caucus_of_organisations():
    fenicc = make.caucus(admits=Admits.ORGANISATIONS)
    problem = refused(NotHere, caucuses=(fenicc.id,), kind=ApplicationKind.INDIVIDUAL)
    assert "organisations only" in str(problem)


@pytest.mark.parametrize("name", ["\u2800\u3164", "\u200b", "\u1160", "—"])
def test_a_name_that_cannot_be_seen_is_refused(name):
    assert refused(NoName, ngo_name=name).field == "ngo_name"
    assert refused(NoName, people=(ACHIENG, replace(PETER, name=name))).field == "people-1-name"


def test_nothing_ticked_is_refused():
    refused(NotHere, caucuses=())


def test_two_people_at_one_address_are_refused_beside_the_second():
    problem = refused(SameAddress, people=(ACHIENG, replace(PETER, address="ACHIENG@mhi.example")))
    assert problem.field == "people-1-address"


def test_a_malformed_address_is_refused_with_what_was_read():
    assert "“achieng at mhi”" in str(refused(BadAddress, people=(replace(ACHIENG, address="achieng at mhi"),)))


# An organisation adds its own people


@pytest.fixture
def mhi():
    """An organisation in one caucus, and its administrator as a viewer."""
    ngo, vrwg, admin = make.ngo("Mwangaza Haki Initiative", seats_cap=2), make.caucus("vrwg"), make.person("Achieng")
    make.representative(admin, ngo, admin=True)
    make.keep(Seat(ngo_id=ngo.id, caucus_id=vrwg.id, holder_id=admin.id, since=ngo.made_at))
    return ngo, vrwg, visibility.viewer(admin)


def invite(ngo, caucus, by, **more):
    with transaction():
        registration.invite(ngo, replace(PETER, caucuses=(caucus.id,), **more), "s" * 32, by=by)
    written()


def test_an_administrator_adds_a_person_and_the_letter_names_the_organisation(mhi):
    invite(*mhi, languages=("en",))
    (letter,) = letters("pkamau@webmail.example")
    assert "Mwangaza Haki Initiative would like you to represent it" in letter
    assert "Peter" not in letter


def test_only_an_administrator_of_this_organisation_may_add(mhi):
    ngo, caucus, _admin = mhi
    with pytest.raises(NotAllowed):
        invite(ngo, caucus, visibility.viewer(make.person()))


def test_beyond_the_places_of_the_organisation_nobody_is_invited(mhi):
    ngo, caucus, by = mhi
    invite(ngo, caucus, by)
    with pytest.raises(NoPlaceLeft, match="All 2 places"), transaction():
        registration.invite(ngo, Colleague("C", "c@x.example", caucuses=(caucus.id,)), "t" * 32, by=by)


def test_an_organisation_adds_people_only_where_it_has_a_seat(mhi):
    ngo, _caucus, by = mhi
    with pytest.raises(NotHere, match="has a seat"):
        invite(ngo, make.caucus(), by)


def test_a_form_without_a_number_of_its_own_is_refused():
    with pytest.raises(NoSubmission), transaction():
        registration.apply(sign_up(make.caucus(), submission=""), "192.0.2.0/24")
