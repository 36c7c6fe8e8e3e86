"""The seats of an organisation as its administrator changes them."""

from datetime import timedelta

from caucusmail import clock, zones
from caucusmail.database import transaction
from caucusmail.directory.models import Seat, SeatRole
from tests import make
from tests.door import let_in
from tests.groups.leaving import digest
from tests.groups.test_terms import ALL
from tests.web.my import text, undo_url


def last(days):
    return zones.day(clock.now() + timedelta(days=days), "Africa/Nairobi")


def test_the_page_says_who_holds_which_seat_since_when_and_until_when(client, rosas):
    url, _luis, seat = rosas
    with transaction():
        seat.holder_since = clock.now().replace(2024, 2, 1)
    client.post(f"{url}/seats/{seat.id}/term", data={"day": last(40).isoformat()})
    shown = " ".join(text(client.get(url)).split()).replace(" ,", ",")
    assert f"Luis Mamani, representative, since Thu 1 Feb 2024, until {zones.written(last(40))}" in shown


def test_a_last_day_is_set_kept_and_taken_back(client, rosas):
    url, _luis, seat = rosas
    before = digest(*ALL)
    said = client.post(f"{url}/seats/{seat.id}/term", data={"day": last(40).isoformat()}, follow_redirects=True)
    assert f"Saved: Luis Mamani holds the seat until the end of {zones.written(last(40))}." in text(said)
    assert f'value="{last(40).isoformat()}"' in client.get(f"{url}/seats/{seat.id}").text
    client.post(undo_url(said))
    assert digest(*ALL) == before
    refused = client.post(f"{url}/seats/{seat.id}/term", data={"day": "2001-01-01"})
    assert refused.status_code == 422
    assert "This day is over" in text(refused)


def test_a_term_on_one_seat_is_ended_and_taken_back(client, rosas):
    url, _luis, seat = rosas
    before = digest(*ALL)
    said = client.post(f"{url}/seats/{seat.id}/end", follow_redirects=True)
    shown = text(said)
    assert "Luis Mamani no longer holds the seat. It is vacant." in shown
    assert f"Nobody sits here since {zones.clock(clock.now(), 'UTC').short_date}: invite somebody." in shown
    assert "Nobody sits here." in text(client.get(f"{url}/seats/{seat.id}"))
    client.post(undo_url(said))
    assert digest(*ALL) == before


def test_an_alternate_is_made_the_representative(client, rosas):
    url, _luis, seat = rosas
    other = make.keep(
        Seat(
            ngo_id=seat.ngo_id,
            caucus_id=seat.caucus_id,
            role=SeatRole.ALTERNATE,
            holder_id=make.person("Ada").id,
            since=clock.now(),
        )
    )
    assert "Make Ada the representative" in text(client.get(f"{url}/seats/{other.id}"))
    said = client.post(f"{url}/seats/{other.id}/first", follow_redirects=True)
    assert (seat.role, other.role) == (SeatRole.ALTERNATE, SeatRole.REPRESENTATIVE)
    client.post(undo_url(said))
    assert (seat.role, other.role) == (SeatRole.REPRESENTATIVE, SeatRole.ALTERNATE)


def test_a_seat_that_nobody_ever_held_says_so(client, rosas):
    url, _luis, seat = rosas
    make.keep(Seat(ngo_id=seat.ngo_id, caucus_id=make.caucus().id, since=clock.now()))
    assert "Nobody has sat here yet: invite somebody." in text(client.get(url))


def test_somebody_elses_seat_and_none_answer_alike(client, rosas):
    url, _luis, seat = rosas
    theirs = make.keep(Seat(ngo_id=make.ngo().id, caucus_id=seat.caucus_id, since=clock.now()))
    let_in(client, make.representative(make.person(), make.ngo(), admin=True).person)
    for number in (theirs.id, seat.id, 987_654):
        assert client.get(f"{url}/seats/{number}").status_code == 404
        for verb in ("term", "end", "first"):
            assert client.post(f"{url}/seats/{number}/{verb}").status_code == 404


def test_the_only_administrator_is_told_whom_to_ask(client, rosas):
    page = client.get(rosas[0])
    assert "or ask the secretariat" in text(page)
    assert 'href="/help/ask"' in page.text
