"""A hand-over is taken back, and who held the seats, or took them over, had left."""

import pytest

from caucusmail.accounts import queries as accounts
from caucusmail.database import db, transaction
from caucusmail.directory import affiliation, representation
from caucusmail.directory import queries as directory
from caucusmail.directory.models import Consent, Shown
from caucusmail.directory.representation import LastAdministrator
from caucusmail.groups import handing_back, handing_over, membership
from caucusmail.groups import queries as groups
from tests import letters, make
from tests.door import let_in
from tests.groups.handed import AMINA, MOVING, office, stands
from tests.groups.leaving import digest


@pytest.fixture
def haki():
    """Rosa is in a caucus of her own, too."""
    made, own = office(), make.caucus("own")
    make.member(own, made.rosa, make.group(own))
    return made


def replaced(haki, **more):
    """Haki hands over what Rosa held."""
    offered = haki.offered(by=haki.ben.person, **more)
    with transaction():
        return handing_over.accept(offered)


def back(haki, step, by=None):
    with transaction():
        assert handing_back.take_back(step, by=by or haki.ben.person)
    db.session.expire_all()


def told(address):
    return [one["Subject"] for one in letters.to(address)]


def test_who_has_left_everything_since_is_not_put_back_in(haki):
    step = replaced(haki)
    with transaction():
        membership.leave_all(haki.rosa, by=haki.rosa)
    had = told(haki.rosa.address)
    back(haki, step)
    assert haki.rosa.left_at is not None
    assert [stands(haki.rosa, one) for one in haki.caucuses] == ["ended"] * 2
    assert groups.subscriptions(haki.rosa) == []
    assert all(one.withdrawn_at for one in make.rows(Consent) if one.form == "join")
    assert [seat.holder_id for seat in haki.seats] == [None, None]
    assert {one.person.name for one in representation.speaking(haki.ngo)} == {"Ben"}
    assert told(haki.rosa.address) == had


def test_the_organisation_reads_that_its_seats_have_no_holder(client, haki):
    step = replaced(haki)
    with transaction():
        membership.leave_all(haki.rosa, by=haki.rosa)
    page = let_in(client, haki.ben.person)
    path = f"/en/organisations/{haki.ngo.id}/hand-overs/{step.subject_id}/take-back"
    assert "those without a holder now are yours to give" in page.post(path, follow_redirects=True).text
    for address in (AMINA, haki.ben.person.address):
        said = letters.text(letters.to(address)[-1])
        assert ("has no holder for now, in" in said, "Rosa" in said) == (True, False)


def test_who_has_left_one_caucus_since_comes_back_into_the_other(haki):
    step = replaced(haki)
    with transaction():
        affiliation.activate(affiliation.wait(haki.rosa, haki.caucuses[0], by=haki.rosa), by=haki.rosa)
    with transaction():
        membership.leave_caucus(haki.rosa, haki.caucuses[0], by=haki.rosa)
    back(haki, step)
    assert [stands(haki.rosa, one) for one in haki.caucuses] == ["ended", "active"]
    assert [seat.holder_id for seat in haki.seats] == [None, haki.rosa.id]
    assert {place.group.local_part for place in groups.subscriptions(haki.rosa)} == {"own", "peace"}
    assert haki.holder in representation.speaking(haki.ngo)
    said = letters.text(letters.to(haki.rosa.address)[-1])
    assert ("peace caucus" in said, "water caucus" in said) == (True, False)


def test_a_seat_without_a_membership_is_not_given_back_to_who_left(haki):
    with transaction():
        directory.affiliation(haki.rosa, haki.caucuses[0]).seat_id = None  # in as an individual, and on the seat
    step = replaced(haki)
    assert len(step.detail["up"]) == 1
    with transaction():
        membership.leave_caucus(haki.rosa, haki.caucuses[0], by=haki.rosa)
    back(haki, step)
    assert [seat.holder_id for seat in haki.seats] == [None, haki.rosa.id]


def test_who_takes_it_back_by_themselves_wants_to_be_in_again(haki):
    offered = haki.offered()
    with transaction():
        step = handing_over.accept(offered)
    with transaction():
        membership.leave_all(haki.rosa, by=haki.rosa)
    back(haki, step, by=haki.rosa)
    assert [stands(haki.rosa, one) for one in haki.caucuses] == ["active"] * 2
    assert haki.rosa.left_at is None


def test_an_organisation_is_not_left_without_an_administrator_for_who_has_left(haki):
    with transaction():
        haki.holder.admin, haki.ben.admin = True, False
    step = replaced(haki)
    with transaction():
        membership.leave_all(haki.rosa, by=haki.rosa)
    with pytest.raises(LastAdministrator, match="Amina"), transaction():
        handing_back.take_back(step, by=make.secretary())


def test_a_successor_who_had_left_before_stands_as_before_to_the_last_column(haki):
    amina = make.member(haki.caucuses[0], make.person("Amina", AMINA), haki.groups[0])
    place = directory.affiliation(amina, haki.caucuses[0])
    with transaction():
        place.shown = Shown.NAME_AND_ORGANISATION
    with transaction():
        membership.leave_caucus(amina, haki.caucuses[0], by=amina)
    before = [row for row in digest(*MOVING)["affiliations"] if ("id", str(place.id)) in row]
    back(haki, replaced(haki))
    assert [row for row in digest(*MOVING)["affiliations"] if ("id", str(place.id)) in row] == before
    assert place.ended_by_id == amina.id


def test_what_a_successor_shows_by_a_seat_ends_with_it(haki):
    amina = make.member(haki.caucuses[0], make.person("Amina", AMINA), haki.groups[0])
    step = replaced(haki)
    place = directory.affiliation(accounts.by_address(AMINA)[0], haki.caucuses[0])
    assert place.person_id == amina.id
    with transaction():
        place.shown = Shown.ORGANISATION
    back(haki, step)
    assert place.shown is Shown.NOTHING
