"""The members of a caucus, and who sees what of whom."""

from caucusmail import clock
from caucusmail.directory.models import (
    Affiliation,
    RosterPolicy,
    Seat,
    Shown,
)
from tests import make
from tests.door import let_in
from tests.statements import counted


def roster(client, caucus, **query):
    return client.get(f"/caucuses/{caucus.slug}/members", query_string=query)


def seated(caucus, ngo_name: str, name: str, **more):
    ngo = make.ngo(ngo_name)
    who = make.person(name=name)
    seat = make.keep(Seat(ngo_id=ngo.id, caucus_id=caucus.id, holder_id=who.id, since=clock.now()))
    return make.member(caucus, who, seat_id=seat.id, **more)


def test_a_coordinator_sees_names_and_organisations_and_no_address(client):
    caucus, other = make.caucus(), make.caucus()
    anna = seated(caucus, "Haki Trust", "Anna Kovač")
    let_in(client, make.coordinator(caucus))
    page = roster(client, caucus).text
    assert "Anna Kovač" in page
    assert "Haki Trust" in page
    assert anna.address not in page
    assert "***" not in page
    assert roster(client, other).status_code == 404


def test_members_see_nothing_of_a_hidden_roster_and_what_each_allows_of_an_open_one(client):
    hidden, open_one = make.caucus(), make.caucus(roster=RosterPolicy.MEMBERS)
    me = make.member(open_one, make.member(hidden))
    for number, shown in enumerate(Shown):
        seated(open_one, f"Ngo{number}", f"Person{number}", shown=shown)
    let_in(client, me)
    assert roster(client, hidden).status_code == 404
    page = roster(client, open_one).text
    assert [f"Person{n}" in page for n in range(4)] == [True, False, False, False]
    assert [f"Ngo{n}" in page for n in range(4)] == [True, True, False, False]
    for hidden_word in ("Person1", "Ngo2", "Person3"):
        assert "Nobody you may see matches" in roster(client, open_one, q=hidden_word).text


def test_a_stranger_and_a_member_of_another_caucus_see_no_roster(client):
    caucus = make.caucus(roster=RosterPolicy.MEMBERS)
    assert roster(client, caucus).status_code == 303
    let_in(client, make.member(make.caucus()))
    assert roster(client, caucus).status_code == 404
    assert roster(client, make.caucus("x1")).status_code == 404


def test_the_roster_is_paged_and_searched_with_a_constant_number_of_questions(client):
    caucus = make.caucus()
    for number in range(30):
        seated(caucus, f"Ngo {number:02}", f"Person {number:02}")
    let_in(client, make.coordinator(caucus))
    roster(client, caucus)
    with counted() as many:
        page = roster(client, caucus).text
    assert page.count("<tr>") == 26
    assert "30 members" in page
    with counted() as second:
        assert roster(client, caucus, page="2").text.count("<tr>") == 6
    with counted() as few:
        assert "Person 07" in roster(client, caucus, q="person 07").text
    assert len(second) == len(many)
    assert len(few) == len(many) + 1  # how many were found
    for odd in ("2", "99", "-1", "0", "x", "9" * 40):
        assert roster(client, caucus, page=odd).status_code == 200
    for odd in ("%", "_", "'", "\\", "a" * 500):
        assert roster(client, caucus, q=odd).status_code == 200


def test_the_secretariat_sees_one_address_for_a_reason_that_is_kept(staff):
    caucus = make.caucus()
    anna = seated(caucus, "Haki", "Anna")
    place = make.rows(Affiliation)[0]
    path = f"/caucuses/{caucus.slug}/members/{place.id}/address"
    assert anna.address not in roster(staff, caucus).text
    assert staff.post(path, data={"reason": " "}).status_code == 422
    assert anna.address in staff.post(path, data={"reason": "She asked us to call."}).text
    from caucusmail.audit.models import AuditEntry

    shown = [one.reason for one in make.rows(AuditEntry) if one.verb == "address.shown"]
    assert shown == ["She asked us to call."]
    assert (
        staff.post(f"/caucuses/{make.caucus().slug}/members/{place.id}/address", data={"reason": "x"}).status_code
        == 404
    )


def test_a_coordinator_cannot_ask_for_an_address(client):
    caucus = make.caucus()
    seated(caucus, "Haki", "Anna")
    let_in(client, make.coordinator(caucus))
    path = f"/caucuses/{caucus.slug}/members/{make.rows(Affiliation)[0].id}/address"
    assert client.post(path, data={"reason": "curious"}).status_code == 403
