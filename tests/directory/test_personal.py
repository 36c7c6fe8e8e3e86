from caucusmail.database import transaction
from caucusmail.directory import followup, personal, pseudonyms, queries
from caucusmail.directory.absence_models import Absence
from caucusmail.directory.applications import Applicant, Evidence
from caucusmail.directory.models import Affiliation, Consent, Representative, Seat
from caucusmail.directory.pseudonym_models import Pseudonym
from tests import make
from tests.announcements.rooms import Room
from tests.directory.joiners import applicants, applied, confirmed
from tests.groups.absent import Seated
from tests.groups.handed import AMINA, office


def joined():
    vrwg = make.caucus("vrwg")
    achieng, _peter = applicants(applied(vrwg))
    person = confirmed(achieng, vrwg).person
    with transaction():
        followup.answer(achieng, "Ask the coalition.")
    return vrwg, person


def test_the_export_holds_what_was_typed_and_agreed():
    _vrwg, person = joined()
    found = personal.export(person)
    assert found["memberships"][0]["caucus"] == "vrwg caucus"
    assert found["consents"][0]["caucus"] == "vrwg caucus"
    assert found["consents"][0]["text"].startswith("Keep my name")
    assert found["applications"][0]["address"] == "achieng@mhi.example"
    assert found["applications"][0]["added"][0]["text"] == "Ask the coalition."


def test_erasing_leaves_the_organisations_seat_and_no_name():
    vrwg, person = joined()
    ngo = make.ngo()
    make.representative(person, ngo)
    make.keep(Seat(ngo_id=ngo.id, caucus_id=vrwg.id, holder_id=person.id, since=ngo.made_at))
    with transaction():
        personal.erase(person)
    assert make.rows(Affiliation) == make.rows(Consent) == make.rows(Representative) == make.rows(Evidence) == []
    assert [seat.holder_id for seat in make.rows(Seat)] == [None]
    assert {(row.name, row.person_id) for row in make.rows(Applicant)} == {("", None), ("Peter Kamau", None)}


def test_who_offers_a_seat_is_not_shown_the_name_and_address_of_who_is_to_get_it():
    haki = office()
    haki.offered()
    (offer,) = personal.export(haki.rosa)["hand_overs"]
    assert {"name", "address"}.isdisjoint(offer)
    amina = make.person(address=AMINA)
    assert personal.export(amina)["hand_overs"][0]["address"] == AMINA


def test_only_the_person_is_told_which_made_up_name_is_theirs():
    caucus = make.caucus("vrwg")
    person = make.member(caucus)
    with transaction():
        made = pseudonyms.take(queries.affiliation(person, caucus))
    (told,) = personal.export(person)["pseudonyms"]
    assert (told["caucus"], told["name"], told["reachable"]) == ("vrwg caucus", made.name, True)
    assert personal.export(make.member(caucus))["pseudonyms"] == []
    with transaction():
        personal.erase(person)
    assert make.rows(Pseudonym) == []


def test_an_absence_is_shown_to_holder_and_deputy_and_goes_with_either():
    haki = Seated(Room())
    haki.away()
    assert [personal.export(one)["absences"][0]["role"] for one in (haki.rosa, haki.amina)] == ["holder", "deputy"]
    with transaction():
        personal.erase(haki.amina)
    assert make.rows(Absence) == []
