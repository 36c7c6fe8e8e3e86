"""Who is told of empty seats and of caucuses without a coordinator; by letters that name nobody."""

from caucusmail import clock
from caucusmail.directory import keeping
from caucusmail.directory.models import Seat, SeatRole
from caucusmail.privacy import vacancies
from tests import letters, make
from tests.privacy.erased import erase


def seated(admin: bool):
    caucus, ngo, person = make.caucus(names={"en": "Water"}), make.ngo(name="Haki"), make.person("Zuleikha")
    make.representative(person, ngo, admin=admin)
    make.member(caucus, person, make.group(caucus))
    seat = make.keep(
        Seat(ngo_id=ngo.id, caucus_id=caucus.id, role=SeatRole.REPRESENTATIVE, since=clock.now(), holder_id=person.id)
    )
    return caucus, ngo, person, seat


def test_who_looks_after_the_organisation_is_told_and_the_seat_is_empty():
    _caucus, ngo, person, seat = seated(admin=False)
    admin = make.person(address="admin@haki.example")
    make.representative(admin, ngo, admin=True)
    assert [one.id for one in vacancies.seats(person)] == [seat.id]
    erase(person)
    make.db.session.refresh(seat)
    assert seat.holder_id is None
    [letter] = letters.to("admin@haki.example")
    assert letter["Subject"] == "A seat of Haki is empty"
    assert "Water" in letters.text(letter)
    assert f"/organisations/{ngo.id}" in letters.text(letter)
    assert "Zuleikha" not in letter.as_string()


def test_where_nobody_looks_after_it_any_more_the_secretariat_is_told():
    _caucus, _ngo, person, _seat = seated(admin=True)
    make.secretary(address="noor@house.example")
    erase(person)
    [letter] = letters.to("noor@house.example")
    assert "Nobody looks after this organisation any more" in letters.text(letter)


def test_the_secretariat_is_told_of_a_caucus_without_a_coordinator():
    caucus = make.caucus(names={"en": "Water"})
    person = make.coordinator(caucus)
    make.secretary(address="noor@house.example")
    assert keeping.left_alone(person) == [caucus]
    erase(person)
    [letter] = letters.to("noor@house.example")
    assert letter["Subject"] == "A caucus has no coordinator"
    assert keeping.left_alone(make.person()) == []
